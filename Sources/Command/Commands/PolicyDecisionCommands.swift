import ArgumentParser
import ControlPlane
import Registry

extension PolicyCommand {
    /// Takes an announcement back.
    struct Cancel: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take an announced policy back before its time.",
            discussion: "Of one announced for several times, the next is cancelled.")

        @Argument(help: "The announced version, from 'gateway policy list'.") var version: String
        @OptionGroup var person: PersonOptions
        @OptionGroup var options: StateOptions

        func run() throws {
            let decision = try PolicyDecision(by: person.actor, reason: person.reason, at: .now())
            let cancelled = try options.change { try $0.cancelAnnouncement(of: version, as: decision) }
            try options.format.write([PolicyRow(cancelled)])
            Message.write("\(cancelled.version.prefix(16)) will not come into force at \(cancelled.due.text).")
        }
    }

    /// Puts an earlier version in force again.
    struct Rollback: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put the policy before the one in force, or any that ever was, in force again.",
            discussion: """
                It is taken from what the registry kept, not from files; a start or a SIGHUP does not undo it while the files stay as \
                they are. What is announced stays announced.
                """)

        @Argument(help: "The version, from 'gateway policy list'; the one before where none is given.") var version: String?
        @OptionGroup var person: PersonOptions
        @OptionGroup var options: StateOptions

        func run() throws {
            let decision = try PolicyDecision(by: person.actor, reason: person.reason, at: .now())
            let entry = try options.change { try $0.rollBackPolicy(to: version, as: decision) }
            try options.format.write([PolicyRow(entry, isInForce: true)])
            Message.write("\(entry.version.prefix(16)) is in force again.")
        }
    }

    /// Tries a policy on real requests.
    struct Shadow: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Try the policy files of a folder beside the policy in force, or none.",
            discussion: "Every request is judged by both; the verdict of the shadow is recorded and changes nothing.")

        @Argument(help: ArgumentHelp("The folder of plans.yaml and routes.yaml, or 'off'.", valueName: "DIR|off")) var folder: String
        @OptionGroup var person: PersonOptions
        @OptionGroup var options: StateOptions

        func run() throws {
            let decision = try PolicyDecision(by: person.actor, reason: person.reason, at: .now())
            let policy = folder == "off" ? nil : try loadPolicy(from: folder)
            let (changed, rows) = try options.change { registry in
                let changed = try registry.setShadow(policy, as: decision)
                return (changed, try registry.shadows().prefix(1).compactMap { PolicyRow($0) })
            }
            try options.format.write(rows)
            let state = policy == nil ? "No policy is tried" : "The policy is tried beside the one in force"
            Message.write(changed ? "\(state) from now on." : "Nothing changed: \(state.lowercased()) already.")
        }
    }
}
