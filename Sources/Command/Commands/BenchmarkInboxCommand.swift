import ArgumentParser
import ControlPlane
import Foundation

/// Makes the registry that `Benchmarks/inbox` asks pages of.
struct BenchmarkInboxCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "benchmark-inbox", abstract: "Make a registry full of applications in an empty folder.", shouldDisplay: false)

    @OptionGroup var options: StateOptions
    @Option(help: Setting.policies.help) var policies: String?
    @Option(help: ArgumentHelp("How many applications.", valueName: "N")) var applications = 20_000
    @Option(help: ArgumentHelp("Another registry for each.", valueName: "N")) var seed: UInt64 = 1

    func run() throws {
        guard (1...1_000_000).contains(applications) else {
            throw ValidationError("--applications is \(applications), expected a number from 1 to 1000000")
        }
        let settings = try options.settings([.policies: policies])
        try makeInboxRegistry(
            stateDirectory: settings.stateDirectory, policiesDirectory: settings.policiesDirectory, applications: applications, seed: seed)
        Message.write("\(applications) applications in \(settings.stateDirectory).")
    }
}
