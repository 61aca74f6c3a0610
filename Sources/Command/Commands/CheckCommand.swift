import ArgumentParser
import ControlPlane
import CoreStore

/// Finds every fault of settings, policies and partner files in one run.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check settings, policies and partner files, and report every fault.",
        discussion: """
            Each fault is one line, file:line:column: what is wrong, what was expected. How settings go together, and whether the files of \
            TLS can be used, the data plane's program beside this one says: it names the first such fault. Nothing is changed. Exits 0 \
            where all is well, else 1.
            """)

    @OptionGroup var options: StateOptions
    @Option(help: Setting.partners.help) var partners: String?
    @Option(help: Setting.policies.help) var policies: String?
    @Option(help: Setting.listen.help) var listen: String?
    @OptionGroup var console: ConsoleOptions
    @Option(help: Setting.coreStore.help) var coreStore: String?
    @Option(help: Setting.sandboxStore.help) var sandboxStore: String?
    @Option(help: Setting.decisions.help) var decisions: String?
    @OptionGroup var passed: PassedOptions

    func run() throws {
        let sources = try options.sources(
            console.joined(with: [
                .partners: partners, .policies: policies, .listen: listen, .coreStore: coreStore, .sandboxStore: sandboxStore,
                .decisions: decisions,
            ]), passed: passed)
        let partners = sources.text(of: .partners)
        let policies = sources.text(of: .policies)
        let settingsFaults = sources.faults + sources.needless
        let faults =
            settingsFaults + (settingsFaults.isEmpty ? dataPlaneFaults(sources) : [])
            + checkConfiguration(partnersDirectory: partners, policiesDirectory: policies) + countryFaults(policies + "/country")
        switch options.format {
        case .json: try options.format.write(faults.map(FaultRow.init))
        case .table: for fault in faults { Output.write(fault.description) }
        }
        guard faults.isEmpty else { throw Failure("\(faults.count) \(faults.count == 1 ? "fault" : "faults")") }
        Message.write("No fault in the settings, in \(policies) and in \(partners).")
    }
}

/// How settings go together that are each in form only the data plane knows.
private func dataPlaneFaults(_ sources: SettingSources) -> [ConfigurationFault] {
    guard let settings = ServeSettings(sources) else { return [] }
    if let objection = settings.consoleObjection { return [sources.fault(saying: objection)] }
    do {
        return try DataPlaneCheck.fault(of: settings).map { [sources.fault(saying: $0)] } ?? []
    } catch {
        Message.write("Whether the data plane can start by the settings was not checked: \(error)")
        return []
    }
}

/// The country's files are read by the core store alone; what is wrong with them is found here with the rest.
private func countryFaults(_ directory: String) -> [ConfigurationFault] {
    do {
        _ = try Country(directory: directory)
        return []
    } catch let error as CountryFaults {
        return error.faults.map {
            ConfigurationFault(file: directory + "/" + $0.file, line: $0.line, column: $0.column, problem: $0.problem)
        }
    } catch {
        return [ConfigurationFault(file: directory, line: 1, column: 1, problem: "\(error)")]
    }
}
