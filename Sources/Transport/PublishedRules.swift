package import Exchange
import Synchronization

/// The rules in force, handed from the thread that reads snapshots to the loops: one assignment, one number to look at.
package final class PublishedRules: Sendable {
    private let rules: Mutex<Ruleset>
    private let version = Atomic<UInt64>(0)

    /// Publishes the first rules.
    package init(_ rules: Ruleset) { self.rules = Mutex(rules) }

    /// Replaces the rules.
    package func publish(_ rules: Ruleset) {
        self.rules.withLock { $0 = rules }
        version.add(1, ordering: .releasing)
    }

    /// The rules now.
    package var current: Ruleset { rules.withLock { $0 } }

    /// How often they were replaced.
    package var replacements: UInt64 { version.load(ordering: .acquiring) }
}
