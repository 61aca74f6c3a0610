package import Decisions
import Synchronization

/// One loop's records on their way to the writer: the loop fills, the writer empties, and neither ever waits for the other. Where the writer is
/// so far behind that all places are full, records are dropped and counted: a slow disk costs records, never a request its time.
@safe package final class DecisionRing: @unchecked Sendable {
    private let places: UnsafeMutablePointer<DecisionWords>
    /// Records filled in and records taken out since the start.
    private let filled = Atomic<Int>(0)
    private let taken = Atomic<Int>(0)
    private let dropped = Atomic<Int>(0)

    private static let mask = TransportLimits.decisionsWaiting - 1

    /// An empty ring.
    package init() {
        unsafe places = .allocate(capacity: TransportLimits.decisionsWaiting)
        unsafe places.initialize(repeating: DecisionWords(repeating: 0), count: TransportLimits.decisionsWaiting)
    }

    deinit { unsafe places.deallocate() }

    /// Takes a turn's records; called by one thread.
    package func put(_ decisions: borrowing [Decision]) {
        let start = filled.load(ordering: .relaxed)
        let room = TransportLimits.decisionsWaiting - (start - taken.load(ordering: .acquiring))
        let count = min(room, decisions.count)
        for index in 0..<count { unsafe places[(start + index) & DecisionRing.mask] = decisions[index].words }
        filled.store(start + count, ordering: .releasing)
        if count < decisions.count { dropped.add(decisions.count - count, ordering: .relaxed) }
    }

    /// Moves what is there behind `records`; called by one thread.
    package func take(into records: inout [DecisionWords]) {
        let start = taken.load(ordering: .relaxed)
        let end = filled.load(ordering: .acquiring)
        for index in start..<end { unsafe records.append(places[index & DecisionRing.mask]) }
        taken.store(end, ordering: .releasing)
    }

    /// How many were dropped since this was asked last.
    package func takeDropped() -> Int { dropped.exchange(0, ordering: .relaxed) }
}
