import Admission
import Decisions
import Registry

/// What a policy allows an application in one scope, in the words that it is told in: where these are the same, nothing has changed for it.
struct LimitTerms: Hashable {
    /// What a call costs.
    struct Cost: Hashable {
        let route: Identifier
        let tokens: Int64
    }

    /// The bucket, as the field RateLimit-Policy has it.
    let quota: Int64
    let windowSeconds: Int64
    /// Its rate: two buckets of one window may differ in it.
    let nanosecondsPerToken: Int64
    /// 0 where there is no quota of the day.
    let dayTokens: Int64
    /// When its days begin, ahead of UTC.
    let dayOffsetMinutes: Int64
    /// 0 where requests in flight are not counted.
    let concurrency: Int64
    /// Of the scope's calls, by route.
    let costs: [Cost]

    private init(_ allowance: Allowance, _ costs: [Cost], _ dayOffsetMinutes: Int64) {
        quota = allowance.bucket.burst
        windowSeconds = allowance.bucket.windowSeconds
        nanosecondsPerToken = allowance.bucket.intervalNanoseconds
        dayTokens = allowance.dayTokens
        self.dayOffsetMinutes = allowance.dayTokens > 0 ? dayOffsetMinutes : 0
        concurrency = allowance.concurrency
        self.costs = costs
    }

    /// By scope, of those the application was granted and its plan has something for.
    static func all(of application: ApplicationRecord, under policy: Policy, at time: WallTime) -> [Scope: LimitTerms] {
        guard let plan = policy.plan(of: application, at: time) else { return [:] }
        var costs = [[Cost]](repeating: [], count: Scope.allCases.count)
        for route in policy.routes { costs[Int(route.scope.rawValue)].append(Cost(route: route.id, tokens: route.cost)) }
        var terms: [Scope: LimitTerms] = [:]
        for scope in application.scopes.scopes {
            terms[scope] = plan[scope].map { LimitTerms($0, costs[Int(scope.rawValue)], policy.dayOffsetMinutes) }
        }
        return terms
    }
}

extension JSONText {
    /// Terms, and where `level` is given, what is left of them; null where there are none.
    mutating func member(_ name: String, _ terms: LimitTerms?, _ level: LevelReading? = nil) {
        member(name, isPresent: terms != nil) { json in
            guard let terms else { return }
            json.member("quota", terms.quota)
            json.member("window", terms.windowSeconds)
            json.member("burst", terms.quota)
            json.member("nanosecondsPerToken", terms.nanosecondsPerToken)
            if let level {
                json.member("remaining", level.remaining)
                json.member("reset", level.secondsToFull)
            }
            json.member("day", isPresent: terms.dayTokens > 0) { json in
                json.member("quota", terms.dayTokens)
                json.member("offsetMinutes", terms.dayOffsetMinutes)
                guard let level else { return }
                json.member("remaining", level.dayRemaining)
                json.member("reset", level.secondsToDayEnd)
            }
            json.member("concurrency", isPresent: terms.concurrency > 0) { json in
                json.member("limit", terms.concurrency)
                if let level { json.member("inFlight", Int64(level.before.inFlight)) }
            }
            json.member("costs") { json in for cost in terms.costs { json.member(cost.route.text, cost.tokens) } }
        }
    }
}
