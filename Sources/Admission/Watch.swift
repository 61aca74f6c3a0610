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
