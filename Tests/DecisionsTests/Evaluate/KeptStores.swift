import Admission
import Registry
import Synchronization

/// The levels of a snapshot's applications, which can be read and copied between requests.
final class KeptLevels: LevelStore {
    private let kept: Mutex<[Levels]>

    init(_ levels: [Levels]) { kept = Mutex(levels) }

    var copy: KeptLevels { KeptLevels(kept.withLock { $0 }) }

    subscript(application: Int) -> Levels { kept.withLock { $0[application] } }

    func withLevels(of application: Int, _ body: (inout Levels) -> Void) { kept.withLock { body(&$0[application]) } }
}

/// A small table of addresses' buckets, the same.
final class KeptAddresses: AddressLevelStore {
    private let kept: Mutex<[AddressSet]>
    let setCount: Int

    init(_ sets: [AddressSet] = Array(repeating: AddressSet(repeating: AddressEntry()), count: 4)) {
        kept = Mutex(sets)
        setCount = sets.count
    }

    /// Room for so many sets.
    convenience init(sets: Int) { self.init(Array(repeating: AddressSet(repeating: AddressEntry()), count: sets)) }

    var copy: KeptAddresses { KeptAddresses(kept.withLock { $0 }) }

    /// The table over these buckets.
    var table: AddressLevels { AddressLevels(in: self, seed: 7) }

    func withSet(_ index: Int, _ body: (inout AddressSet) -> Void) { kept.withLock { body(&$0[index]) } }
}

/// All that requests spend from.
struct Spendable {
    var levels: KeptLevels
    var anonymous: KeptAddresses
    var failures: KeptAddresses
    var inFlight: [InFlightCounts]

    /// The same levels, and nothing in flight.
    func copy(for applications: [ApplicationRecord]) -> Spendable {
        Spendable(
            levels: levels.copy, anonymous: anonymous.copy, failures: failures.copy, inFlight: InFlightTable().counts(of: applications))
    }

    func admit(_ request: RequestFacts, under snapshot: Snapshot, at now: Moment) throws(Refusal) -> Permit {
        try Admission.admit(
            request, under: snapshot, spending: levels, counting: inFlight, anonymous: anonymous.table, failures: failures.table, at: now)
    }
}
