import Synchronization

/// How the handshakes of one side of this process ended.
package final class HandshakeCounts: Sendable {
    private let done: InlineArray<2, Atomic<UInt64>> = InlineArray { _ in Atomic(0) }
    private let broken = Atomic<UInt64>(0)

    /// None yet.
    package init() {}

    /// Those with a signature.
    package var full: UInt64 { done[0].load(ordering: .relaxed) }
    /// Those that went on with an earlier session.
    package var resumed: UInt64 { done[1].load(ordering: .relaxed) }
    /// Those that failed after the other side had said anything.
    package var failed: UInt64 { broken.load(ordering: .relaxed) }

    func noteDone(isResumed: Bool) { done[isResumed ? 1 : 0].add(1, ordering: .relaxed) }
    func noteFailed() { broken.add(1, ordering: .relaxed) }
}
