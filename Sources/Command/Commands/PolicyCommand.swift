import ArgumentParser
import ControlPlane
import Registry

/// Policies: plans and routes, taken whole or not at all.
struct PolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "Apply policy files, and list the policies there were.",
        subcommands: [Lint.self, Apply.self, List.self])

    struct Apply: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take the policy files into force, all of them or none.", discussion: "SIGHUP to 'gateway serve' does the same.")

        @OptionGroup var options: StateOptions
        @Option(help: Setting.policies.help) var policies: String?

        func run() throws {
            let folder = try options.settings([.policies: policies]).policiesDirectory
            let (changed, entries) = try options.change { registry in
                let changed = try applyPolicy(from: folder, to: registry, by: "command", at: .now())
                return (changed, try registry.policies())
            }
            try options.format.write(entries.prefix(1).map(PolicyRow.init))
            Message.write(changed ? "A new version is in force." : "Nothing changed: this version is in force already.")
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the policies that were in force, newest first.")

        @OptionGroup var options: StateOptions

        func run() throws { try options.format.write(options.registry().policies().map(PolicyRow.init)) }
    }
}

private struct PolicyRow: Listed {
    let id: String
    let accepted: String
    let acceptedBy: String

    init(_ entry: RegistryStore.PolicyEntry) {
        id = entry.version
        accepted = entry.accepted.text
        acceptedBy = entry.acceptedBy
    }

    static let headings = ["VERSION", "ACCEPTED", "BY"]
    var cells: [String] { [id, accepted, acceptedBy] }
}
