import ArgumentParser
import ControlPlane
import Foundation

/// Makes the registry that the measurements in Benchmarks/ ask for.
struct BenchmarkRegistryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "benchmark-registry", abstract: "Make a registry for measurements in an empty folder.", shouldDisplay: false)

    @OptionGroup var options: StateOptions
    @Option(help: Setting.policies.help) var policies: String?
    @Option(help: ArgumentHelp("Where the keys go, one a line in the applications' order.", valueName: "FILE")) var keys: String
    @Option(help: ArgumentHelp("How many applications.", valueName: "N")) var applications = 1_000

    func run() throws {
        guard (1...100_000).contains(applications) else {
            throw ValidationError("--applications is \(applications), expected a number from 1 to 100000")
        }
        let settings = try options.settings([.policies: policies])
        let issued = try makeBenchmarkRegistry(
            stateDirectory: settings.stateDirectory, policiesDirectory: settings.policiesDirectory, applications: applications)
        do {
            try Data(issued.map { $0 + "\n" }.joined().utf8).write(to: URL(fileURLWithPath: keys), options: .atomic)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: keys)
        } catch {
            throw Failure("cannot write the keys to \(keys): \(error.localizedDescription)")
        }
        Message.write("\(issued.count) applications in \(settings.stateDirectory), their keys in \(keys).")
    }
}
