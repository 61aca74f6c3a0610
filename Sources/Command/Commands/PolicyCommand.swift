import ArgumentParser
import ControlPlane
import Registry

/// Policies: plans and routes, taken whole or not at all.
struct PolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "Check, compare, replay, apply, announce and roll back policies.",
        discussion: """
            A policy is what plans.yaml and routes.yaml of a folder say; its version is the SHA-256 of what they mean. Every version that \
            was ever in force is kept with who, when and why. Versions may be given by their first 8 digits or more.
            """,
        subcommands: [Lint.self, Diff.self, Replay.self, Apply.self, List.self, Cancel.self, Rollback.self, Shadow.self])

    struct Apply: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take the policy files into force, all of them or none, now or at a time.",
            discussion: """
                With --at the policy is announced: callers can see it, and the running control plane puts it in force at that time; \
                lifecycle.yaml is not announced with it, and counts once it is applied or read again. With \
                --planned-on it is refused unless that version is still in force. SIGHUP to 'gateway serve' takes changed files too.
                """)

        @OptionGroup var options: StateOptions
        @Option(help: Setting.policies.help) var policies: String?
        @Option(help: ArgumentHelp("Announce it for this time: 2026-03-01T00:00:00+05:30, or +90s, +30m, +1h, +2d.", valueName: "TIME"))
        var at: TimeArgument?
        @Option(
            help: ArgumentHelp("The version in force that the change was planned on, from 'gateway policy diff'.", valueName: "VERSION"))
        var plannedOn: String?
        @Option(help: ArgumentHelp("Who does it, as recorded; your login name otherwise.", valueName: "NAME")) var by: String?
        @Option(help: ArgumentHelp("Why, as recorded.", valueName: "TEXT")) var reason = ""

        func run() throws {
            let folder = try options.settings([.policies: policies]).policiesDirectory
            let now = WallTime.now()
            let decision = try PolicyDecision(by: Actor(by ?? loginName), reason: reason, plannedOn: plannedOn, at: now)
            if let due = at?.time(after: now) {
                let announcement = try options.change { try announcePolicy(from: folder, to: $0, due: due, as: decision) }
                try options.format.write([PolicyRow(announcement)])
                return Message.write("Announced: \(announcement.version.prefix(16)) comes into force at \(due.text).")
            }
            let (changed, rulesChanged, row, next) = try options.change { registry in
                let rules = try registry.lifecycleRules()
                let changed = try applyPolicy(from: folder, to: registry, as: decision)
                let rulesChanged = try registry.lifecycleRules() != rules
                return (changed, rulesChanged, try registry.policies().first, try registry.announcements().last { $0.end == nil })
            }
            try options.format.write(row.map { [PolicyRow($0, isInForce: true)] } ?? [])
            Message.write(changed ? "A new version is in force." : "Nothing changed: this version is in force already.")
            if rulesChanged { Message.write("New lifecycle rules are in force.") }
            if let next { Message.write("Announced for \(next.due.text): \(next.version.prefix(16)) will replace it then.") }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List policies: announced, in force, tried beside it, and all there were, newest first.")

        @OptionGroup var options: StateOptions

        func run() throws {
            try options.format.write(PolicyRow.all(of: options.registry()))
        }
    }
}

extension PolicyRow: Listed {
    static let headings = ["VERSION", "STATUS", "FROM", "DECIDED", "BY", "REASON"]
    var cells: [String] { [String(id.prefix(16)), status, from, accepted, acceptedBy, why] }

    private var why: String {
        guard let endedBy, let endedReason else { return reason.isEmpty ? "-" : reason }
        return "\(reason.isEmpty ? "-" : reason) (\(status) by \(endedBy)\(endedReason.isEmpty ? "" : ": \(endedReason)"))"
    }
}
