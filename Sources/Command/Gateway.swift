import ArgumentParser
import Foundation

/// The command line: what people and scripts use. Exit codes: 0 done, 1 refused or failed, 2 wrong usage.
@main
struct Gateway: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gateway",
        abstract: "A gateway between partners' applications and the vaccination core store.",
        discussion: """
            'gateway serve' starts everything. The other commands look at and change what a gateway serves, running or not: a running one \
            acts on a change within a second. Results go to stdout, messages to stderr.
            """,
        version: "0.1.0",
        subcommands: [
            Serve.self, Upgrade.self, Check.self, DecisionsCommand.self, ExplainCommand.self, UsageCommand.self,
            PartnerCommand.self, ApplicationCommand.self, EvidenceCommand.self, DelegationCommand.self, KeyCommand.self,
            AccountCommand.self, PolicyCommand.self, AuditCommand.self, StateCommand.self, CoreStoreCommand.self, ControlPlaneCommand.self,
            BenchmarkRegistryCommand.self, BenchmarkInboxCommand.self,
        ])

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            end(with: error)
        }
    }

    /// Help and version are results; anything else is a message and a code of ours instead of sysexits.h's.
    private static func end(with error: any Error) -> Never {
        let code = exitCode(for: error)
        guard code != .success else { exit(withError: error) }
        let message = fullMessage(for: error)
        if !message.isEmpty { Message.write(message) }
        Foundation.exit(code == .validationFailure ? 2 : 1)
    }
}

/// What could not be done, in a sentence: exit 1.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
