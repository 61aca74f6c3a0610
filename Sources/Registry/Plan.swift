/// The rule of one token bucket: `tokens` are added evenly over `periodNanoseconds`, never above `burst`.
package struct BucketRule: Hashable, Sendable {
    /// Tokens gained in one period; at least 1.
    package let tokens: Int64
    /// The period in nanoseconds; at least one nanosecond a token.
    package let periodNanoseconds: Int64
    /// The most tokens the bucket holds; at least the cost of any route of its scope.
    package let burst: Int64

    /// A rule from its three numbers, all at least 1; the policy files' check has seen to that.
    package init(tokens: Int64, periodNanoseconds: Int64, burst: Int64) {
        self.tokens = tokens
        self.periodNanoseconds = periodNanoseconds
        self.burst = burst
        intervalNanoseconds = (periodNanoseconds + tokens - 1) / tokens
    }

    /// Nanoseconds to earn one token, rounded up so that the rate is never exceeded.
    package let intervalNanoseconds: Int64
    /// Nanoseconds to fill an empty bucket: the window `w` of the RateLimit fields.
    package var capacityNanoseconds: Int64 { intervalNanoseconds * burst }
}

/// What a plan allows in one scope: a bucket always, a daily quota and a bound on requests in flight where it has them.
package struct Allowance: Hashable, Sendable {
    /// The token bucket.
    package var bucket: BucketRule
    /// Tokens a calendar day; 0 where the plan has no quota.
    package var dayTokens: Int64
    /// Requests that may be in flight at once; 0 where the plan has no bound.
    package var concurrency: Int64

    /// An allowance from its parts.
    package init(bucket: BucketRule, dayTokens: Int64 = 0, concurrency: Int64 = 0) {
        self.bucket = bucket
        self.dayTokens = dayTokens
        self.concurrency = concurrency
    }
}

/// What a kind of caller may spend: one allowance a scope. A scope without one is not granted under this plan.
package struct Plan: Hashable, Sendable {
    /// `[a-z0-9-]{3,40}`, named by partner files and by the registry.
    package var id: Identifier
    /// By `Scope.rawValue`; always as many entries as there are scopes.
    package var allowances: [Allowance?]

    /// A plan from its id and allowances by scope.
    package init(id: Identifier, allowances: [Scope: Allowance]) {
        self.id = id
        self.allowances = Scope.allCases.map { allowances[$0] }
    }

    /// A plan of nothing but buckets.
    package init(id: Identifier, buckets: [Scope: BucketRule]) {
        self.init(id: id, allowances: buckets.mapValues { Allowance(bucket: $0) })
    }

    /// The allowance of a scope, or nil if the plan has none.
    package subscript(scope: Scope) -> Allowance? { allowances[Int(scope.rawValue)] }
}
