import Synchronization

/// A loop's sign of life: it beats every tick, so that whoever watches knows a loop that hangs from one that idles.
package final class Pulse: Sendable {
    private let count = Atomic<UInt64>(0)

    /// No beat yet.
    package init() {}

    func beat() { count.add(1, ordering: .relaxed) }

    /// Beats so far.
    package var beats: UInt64 { count.load(ordering: .relaxed) }
}
