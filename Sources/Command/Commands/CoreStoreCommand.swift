import ArgumentParser
import CoreStore
import Logging
import Registry

/// The reference core store: its process, and the codes it sent.
struct CoreStoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "core-store", abstract: "Run the reference core store, or read the last code it sent.",
        subcommands: [Run.self, OneTimeCode.self])

    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run the reference core store alone, until SIGTERM.",
            discussion: "'gateway serve' does this by itself where a store is embedded. One process answers for sandbox and production.")

        @OptionGroup var options: StateOptions
        @Option(help: Setting.policies.help) var policies: String?
        @Option(help: Setting.coreStoreListen.help) var coreStoreListen: String?
        @OptionGroup var parent: ParentOption

        func run() async throws {
            let settings = try options.settings([.policies: policies, .coreStoreListen: coreStoreListen])
            let watch = parent.endWithParent()
            defer { watch?.cancel() }
            try await runCoreStore(
                CoreStoreSettings(
                    stateDirectory: settings.stateDirectory, countryDirectory: settings.policiesDirectory + "/country",
                    host: settings.coreStoreListen.host, port: settings.coreStoreListen.port),
                logger: processLogger("core-store"))
        }
    }

    struct OneTimeCode: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "otp", abstract: "Print the last code sent to a mobile, alone, on stdout.",
            discussion: "The reference core store sends no messages: it keeps them, and this reads them. A code is good for 3 minutes.")

        @Option(help: ArgumentHelp("The mobile's ten digits.", valueName: "N")) var mobile: String
        @Option(help: "Which of the two stores.") var environment: EnvironmentArgument = .sandbox
        @OptionGroup var options: StateOptions

        func run() throws {
            guard mobile.utf8.count == 10, mobile.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
                throw ValidationError("--mobile is '\(mobile)', expected ten digits")
            }
            let store: StoreEnvironment = environment == .sandbox ? .sandbox : .production
            let folder = try options.settings().stateDirectory
            let code: String?
            do {
                code = try lastCode(mobile: mobile, environment: store, stateDirectory: folder)
            } catch {
                throw Failure("there is no \(environment.rawValue) core store in \(folder), or it cannot be read: \(error)")
            }
            guard let code else { throw Failure("no code that is still good was sent to \(mobile) by the \(environment.rawValue) store") }
            switch options.format {
            case .table: Output.write(code)
            case .json: try options.format.write(one: OneTimeCodeRow(id: mobile, environment: environment.rawValue, code: code))
            }
        }
    }
}

private struct OneTimeCodeRow: Listed {
    let id: String
    let environment: String
    let code: String

    static let headings = ["CODE"]
    var cells: [String] { [code] }
}
