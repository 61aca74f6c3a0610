package import Registry
import Synchronization

/// One application's requests in flight, a count a scope, shared by all loops. Taken under the application's lock, given back without.
package final class InFlightCounts: Sendable {
    private let counts: InlineArray<8, Atomic<Int64>> = InlineArray { _ in Atomic(0) }

    /// Nothing in flight.
    package init() {}

    /// How many requests of the scope are in flight.
    package subscript(scope: Scope) -> Int64 { counts[Int(scope.rawValue)].load(ordering: .relaxed) }

    /// One more; whether there is room was checked under the application's lock.
    func take(_ scope: Scope) { counts[Int(scope.rawValue)].add(1, ordering: .relaxed) }

    /// One less: to be called once for every permit that holds a slot.
    package func giveBack(_ scope: Scope) {
        let before = counts[Int(scope.rawValue)].subtract(1, ordering: .relaxed).oldValue
        precondition(before > 0, "a slot is given back once")
    }
}

/// The counts of all applications by id: they outlive any snapshot, so that requests in flight are neither lost nor counted twice when one
/// is replaced. They end with the process, as the requests do.
package final class InFlightTable: Sendable {
    private let kept = Mutex<[Identifier: InFlightCounts]>([:])

    /// Nothing in flight.
    package init() {}

    /// Each application's counts, in the snapshot's order.
    package func counts(of applications: [ApplicationRecord]) -> [InFlightCounts] {
        kept.withLock { kept in
            applications.map { application in
                if let counts = kept[application.id] { return counts }
                let counts = InFlightCounts()
                kept[application.id] = counts
                return counts
            }
        }
    }
}
