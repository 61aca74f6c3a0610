package import Registry

/// One application's buckets and daily counts, a scope each by its raw value: 200 bytes that may lie in a mapped file as they are.
package struct Levels: BitwiseCopyable, Sendable {
    /// By scope: the theoretical arrival time in monotonic nanoseconds.
    package var arrival: InlineArray<8, Int64>
    /// By scope: the capacity it was kept under in nanoseconds; 0 = never used.
    package var capacity: InlineArray<8, Int64>
    /// By scope: tokens spent on `day`.
    package var dayUsed: InlineArray<8, Int64>
    /// The calendar day that `dayUsed` counts, as days since 1970 in the policy's offset.
    package var day: Int64

    /// All buckets full, nothing spent.
    package init() {
        arrival = InlineArray(repeating: 0)
        capacity = InlineArray(repeating: 0)
        dayUsed = InlineArray(repeating: 0)
        day = 0
    }

    /// One scope's bucket.
    package subscript(scope: Scope) -> Level {
        get { Level(arrival: arrival[Int(scope.rawValue)], capacity: capacity[Int(scope.rawValue)]) }
        set {
            arrival[Int(scope.rawValue)] = newValue.arrival
            capacity[Int(scope.rawValue)] = newValue.capacity
        }
    }
}

/// Where applications' levels are kept. A store is made for one snapshot and travels with it: the two are replaced in one assignment, so an
/// application's index means the same in both and a request pays for no look-up. Stores of different snapshots share what they keep, by
/// `Identifier`.
package protocol LevelStore: AnyObject, Sendable {
    /// Runs `body` under the one lock of an application, which covers check and spend; `application` indexes the snapshot's applications.
    func withLevels(of application: Int, _ body: (inout Levels) -> Void)
}

extension LevelStore {
    /// Charges an application: check and spending in one critical section.
    func charge(
        _ application: Int, _ cost: Int64, for scope: Scope, under allowance: Allowance, counting inFlight: InFlightCounts?,
        by days: DayClock, at now: Moment
    ) -> Charge {
        var charge = Charge()
        withLevels(of: application) { kept in
            charge = kept.charge(cost, for: scope, under: allowance, counting: inFlight, by: days, at: now)
        }
        return charge
    }
}
