package import Registry

/// What rules that only watch say of a request that the rules in force have judged: the same stations, with levels of their own, and no failed
/// authentication is charged for it. Requests in flight are not counted: which there would be under other rules, nobody knows.
package func watch(
    _ request: RequestFacts, under snapshot: Snapshot, spending levels: some LevelStore, anonymous: AddressLevels, at now: Moment
) throws(Refusal) {
    let caller = try identify(request, among: snapshot, at: now)
    try authorize(caller, toMake: request, under: snapshot, at: now)
    _ = try throttle(caller, for: request, under: snapshot, spending: levels, counting: [], anonymous: anonymous, at: now)
}

/// The same of an application's request that the rules in force have let in: they know who calls and that it may, by the same facts, so that what
/// is left is what these rules grant and what it spends under them. No token of a citizen is asked for: the one that was shown was right.
package func watch(
    admitted application: Int, toMake route: Int, under snapshot: Snapshot, spending levels: some LevelStore, at now: Moment
) throws(Refusal) {
    let scope = snapshot.policy.routes[route].scope
    guard snapshot.applications[application].scopes.contains(scope),
        let allowance = snapshot.allowance(ofApplication: application, for: scope, at: now.wall)
    else { throw .scopeNotGranted(scope) }
    let cost = snapshot.policy.routes[route].cost
    let charge = levels.charge(application, cost, for: scope, under: allowance, counting: nil, by: snapshot.days, at: now)
    guard charge.isTaken else {
        throw refusal(for: charge, LevelReading(of: charge.level, for: scope, under: allowance.bucket, at: now.monotonic))
    }
}

extension Policy {
    /// This policy as it watches: without bounds on requests in flight.
    package var watching: Policy {
        var policy = self
        for plan in policy.plans.indices {
            for scope in policy.plans[plan].allowances.indices { policy.plans[plan].allowances[scope]?.concurrency = 0 }
        }
        return policy
    }
}
