import Registry

/// What a charge bought: the readings for the RateLimit fields, and whether a slot has to be given back.
struct Spent {
    var level: LevelReading
    var holdsSlot = false
}

/// Charges the request to its rules: the application's bucket, quota and concurrency, or the address's bucket where nobody showed a key.
/// A refusal costs nothing and names the rule with the longest wait; concurrency, whose wait nobody knows, only where the others can pay.
func throttle(
    _ caller: Caller, for request: RequestFacts, under snapshot: Snapshot, spending levels: some LevelStore,
    counting inFlight: [InFlightCounts], anonymous: AddressLevels, at now: Moment
) throws(Refusal) -> Spent {
    let scope = snapshot.policy.routes[request.route].scope
    let cost = snapshot.policy.routes[request.route].cost
    switch caller {
    case .application(let index, _):
        guard let allowance = snapshot.allowance(ofApplication: index, for: scope, at: now.wall) else { throw .scopeNotGranted(scope) }
        // Only where it counts: a reference is held by an atomic count in its object, which loops at one application would fight for.
        let counts = allowance.concurrency > 0 ? inFlight[index] : nil
        let charge = levels.charge(index, cost, for: scope, under: allowance, counting: counts, by: snapshot.days, at: now)
        var reading = LevelReading(of: charge.level, for: scope, under: allowance.bucket, at: now.monotonic)
        reading.note(charge, before: LevelBefore(charge, cost: cost, under: allowance, at: now.monotonic))
        guard charge.isTaken else { throw refusal(for: charge, reading) }
        return Spent(level: reading, holdsSlot: allowance.concurrency > 0)
    case .anonymous:
        guard let bucket = snapshot.anonymousBucket(for: scope) else { throw .scopeNotGranted(scope) }
        let spent = anonymous.take(cost: cost, of: request.address, for: scope, under: bucket, at: now.monotonic)
        var reading = LevelReading(of: spent.level, for: scope, under: bucket, at: now.monotonic)
        reading.before = LevelBefore(spent, price: bucket.price(of: cost), at: now.monotonic)
        guard spent.waitNanoseconds == 0 else { throw .rateLimited(waitNanoseconds: spent.waitNanoseconds, level: reading) }
        return Spent(level: reading)
    }
}

/// What a charge that was not taken is refused with.
func refusal(for charge: Charge, _ level: LevelReading) -> Refusal {
    let wait = max(charge.bucketWaitNanoseconds, charge.dayWaitNanoseconds)
    guard wait > 0 else { return .tooManyInFlight(level: level) }
    return charge.dayWaitNanoseconds == wait
        ? .dailyQuota(waitNanoseconds: wait, level: level) : .rateLimited(waitNanoseconds: wait, level: level)
}

/// What taking from an address's bucket came to.
package struct Spending: Hashable, Sendable {
    /// 0 if the tokens were taken; else nothing was, and this is when they would be there.
    package var waitNanoseconds: Int64
    /// The bucket afterwards.
    package var level: Level

    /// A spending from its parts.
    package init(waitNanoseconds: Int64, level: Level) {
        self.waitNanoseconds = waitNanoseconds
        self.level = level
    }
}
