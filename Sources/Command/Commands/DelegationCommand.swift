import ArgumentParser
import ControlPlane
import Registry

/// Delegations: who stands in for somebody away.
struct DelegationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delegation", abstract: "Say who stands in for somebody away, from when until when.",
        discussion: """
            A stand-in may make the moves that the one away has the roles for. What it makes then counts as made by both: where two people \
            are needed, neither of them is the second, and what one of them submitted, the other does not let go live. One delegates for \
            oneself; an admin for anybody. The longest is in policies/lifecycle.yaml.
            """,
        subcommands: [Give.self, List.self, End.self])

    struct Give: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Name a stand-in.")

        @Option(help: ArgumentHelp("Who is away.", valueName: "NAME")) var away: String
        @Option(help: ArgumentHelp("Who stands in.", valueName: "NAME")) var to: String
        @Option(help: ArgumentHelp("From when on; from now on otherwise.", valueName: "TIME")) var from: TimeArgument?
        @Option(help: ArgumentHelp("Until when: 2026-03-01T00:00:00+05:30, or +2d.", valueName: "TIME")) var until: TimeArgument
        @OptionGroup var person: PersonOptions
        @OptionGroup var options: StateOptions

        func run() throws {
            let now = WallTime.now()
            let entry = try options.registry().delegate(
                from: away, to: to, since: from?.time(after: now) ?? now, until: until.time(after: now), by: person.actor,
                reason: person.reason, at: now)
            try options.format.write([DelegationRow(entry)])
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List all delegations, newest first.")

        @OptionGroup var options: StateOptions

        func run() throws { try options.format.write(options.registry().delegations().map(DelegationRow.init)) }
    }

    struct End: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take a delegation back before its end.")

        @Argument(help: "Its number, from 'gateway delegation list'.") var number: Int64
        @Option(help: ArgumentHelp("Who takes it back, as recorded.", valueName: "NAME")) var by: String
        @OptionGroup var options: StateOptions

        func run() throws {
            try options.registry().endDelegation(number, by: Actor(by), at: .now())
            Message.write("Delegation \(number) counts no more.")
        }
    }
}

extension DelegationRow: Listed {
    static let headings = ["NUMBER", "AWAY", "STANDS IN", "FROM", "UNTIL", "REASON", "ENDED"]
    var cells: [String] { [id, away, standIn, from, until, reason, ended ?? "-"] }
}
