import Admission
package import Registry

/// How one of an application's limits stands: looked at, not taken.
package struct StandingLevel: Sendable {
    /// Whose.
    package let application: Identifier
    /// Of what.
    package let scope: Scope
    /// Tokens left in the bucket.
    package let remaining: Int64
    /// Tokens that it holds at most.
    package let burst: Int64
    /// Tokens left of the day; nil where the plan has no daily quota.
    package let dayRemaining: Int64?
    /// Requests in flight; nil where the plan does not bound them.
    package let inFlight: Int64?
}

extension Ruleset {
    /// How the limits stand that anybody ever spent of; those that nobody did are full.
    package func standingLevels(at now: Moment) -> [StandingLevel] {
        var standing: [StandingLevel] = []
        for (index, application) in snapshot.applications.enumerated() {
            var kept = Levels()
            levels.withLevels(of: index) { kept = $0 }
            for scope in application.scopes.scopes where kept[scope].capacity > 0 {
                guard let allowance = snapshot.allowance(ofApplication: index, for: scope, at: now.wall) else { continue }
                let reading = kept.reading(of: scope, under: allowance, counting: inFlight[index], by: snapshot.days, at: now)
                standing.append(
                    StandingLevel(
                        application: application.id, scope: scope, remaining: reading.remaining, burst: reading.quota,
                        dayRemaining: reading.dayRemaining < 0 ? nil : reading.dayRemaining,
                        inFlight: allowance.concurrency > 0 ? inFlight[index][scope] : nil))
            }
        }
        return standing
    }
}
