package import Registry

/// What charging a request to all rules of its scope came to: taken from each, or from none.
package struct Charge: Hashable, Sendable {
    /// 0 if the bucket can pay; else the exact nanoseconds until it can.
    package var bucketWaitNanoseconds: Int64 = 0
    /// 0 if the day's quota can pay; else the nanoseconds to the day's end.
    package var dayWaitNanoseconds: Int64 = 0
    /// As many requests as may be are in flight.
    package var isFull = false
    /// How many are, before this one; −1 where the plan does not count them.
    package var inFlight: Int32 = -1
    /// The bucket afterwards.
    package var level = Level()
    /// Tokens left of the day's quota afterwards; −1 where the plan has none.
    package var dayRemaining: Int64 = -1
    /// Nanoseconds to the end of the day that the quota counts.
    package var dayEndNanoseconds: Int64 = 0

    /// Nothing taken, nothing refused.
    package init() {}

    /// Every rule paid.
    package var isTaken: Bool { bucketWaitNanoseconds == 0 && dayWaitNanoseconds == 0 && !isFull }
}

extension Levels {
    /// Checks bucket, daily quota and concurrency of a scope, then takes from all of them, or from none. The caller holds the application's
    /// lock, so that nothing comes between. `inFlight` may be nil where the allowance has no concurrency.
    package mutating func charge(
        _ cost: Int64, for scope: Scope, under allowance: Allowance, counting inFlight: InFlightCounts?, by days: DayClock, at now: Moment
    ) -> Charge {
        var charge = Charge()
        var level = self[scope]
        level.settle(under: allowance.bucket, at: now.monotonic)
        let price = allowance.bucket.price(of: cost)
        charge.bucketWaitNanoseconds = level.wait(toPay: price, under: allowance.bucket, at: now.monotonic)
        let isPlain = allowance.dayTokens == 0 && allowance.concurrency == 0
        if !isPlain { check(cost, for: scope, under: allowance, counting: inFlight, by: days, at: now, into: &charge) }
        if charge.isTaken {
            level.pay(price, at: now.monotonic)
            if !isPlain { take(cost, for: scope, under: allowance, counting: inFlight, into: &charge) }
        }
        self[scope] = level
        charge.level = level
        return charge
    }

    mutating func check(
        _ cost: Int64, for scope: Scope, under allowance: Allowance, counting inFlight: InFlightCounts?, by days: DayClock, at now: Moment,
        into charge: inout Charge
    ) {
        if allowance.dayTokens > 0 {
            reach(days.day(of: now.wall))
            let used = min(max(0, dayUsed[Int(scope.rawValue)]), allowance.dayTokens)
            charge.dayRemaining = allowance.dayTokens - used
            charge.dayEndNanoseconds = days.nanoseconds(from: now.wall, toEndOf: day)
            if charge.dayRemaining < min(max(cost, 0), allowance.dayTokens) { charge.dayWaitNanoseconds = charge.dayEndNanoseconds }
        }
        if let inFlight, allowance.concurrency > 0 {
            let running = inFlight[scope]
            charge.isFull = running >= allowance.concurrency
            charge.inFlight = Int32(clamping: running)
        }
    }

    private mutating func take(
        _ cost: Int64, for scope: Scope, under allowance: Allowance, counting inFlight: InFlightCounts?, into charge: inout Charge
    ) {
        if allowance.dayTokens > 0 {
            let price = min(max(cost, 0), allowance.dayTokens)
            charge.dayRemaining -= price
            dayUsed[Int(scope.rawValue)] = max(0, dayUsed[Int(scope.rawValue)]) + price
        }
        if let inFlight, allowance.concurrency > 0 { inFlight.take(scope) }
    }

    /// Counts anew where a later day has come. A clock that went back within a day goes on counting the later day, so that no day is given
    /// twice; one that was days ahead is believed no longer, but what was used stays used.
    package mutating func reach(_ today: Int64) {
        guard day != today else { return }
        if today > day {
            dayUsed = InlineArray(repeating: 0)
            day = today
        } else if day > today + 1 {
            day = today
        }
    }
}
