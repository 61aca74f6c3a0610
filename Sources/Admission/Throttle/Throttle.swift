import Registry

/// Charges the request to its bucket: the application's, or the address's where nobody showed a key. A refusal costs nothing.
func throttle(
    _ caller: Caller, for request: RequestFacts, under snapshot: Snapshot, spending levels: some LevelStore, anonymous: AddressLevels,
    at now: Moment
) throws(Refusal) -> LevelReading {
    let scope = snapshot.policy.routes[request.route].scope
    let cost = snapshot.policy.routes[request.route].cost
    let spent: Spending
    let rule: BucketRule
    switch caller {
    case .application(let index, _):
        guard let bucket = snapshot.bucket(ofApplication: index, for: scope) else { throw .scopeNotGranted(scope) }
        rule = bucket
        spent = spend(cost, of: index, for: scope, under: bucket, from: levels, at: now.monotonic)
    case .anonymous:
        guard let bucket = snapshot.anonymousBucket(for: scope) else { throw .scopeNotGranted(scope) }
        rule = bucket
        spent = anonymous.take(cost: cost, of: request.address, for: scope, under: bucket, at: now.monotonic)
    }
    let reading = LevelReading(of: spent.level, for: scope, under: rule, at: now.monotonic)
    guard spent.waitNanoseconds == 0 else { throw .rateLimited(waitNanoseconds: spent.waitNanoseconds, level: reading) }
    return reading
}

/// What taking from a bucket came to.
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

/// Checks and spends in one critical section.
private func spend(
    _ cost: Int64, of application: Int, for scope: Scope, under rule: BucketRule, from levels: some LevelStore, at now: MonotonicTime
) -> Spending {
    var spent = Spending(waitNanoseconds: 0, level: Level())
    levels.withLevels(of: application) { kept in
        var level = kept[scope]
        spent.waitNanoseconds = take(cost: cost, from: &level, under: rule, at: now)
        spent.level = level
        kept[scope] = level
    }
    return spent
}
