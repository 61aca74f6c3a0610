package import Registry

/// What the RateLimit fields say of one bucket, and of the day's quota beside it where there is one (draft-ietf-httpapi-ratelimit-headers).
package struct LevelReading: Hashable, Sendable {
    /// Names the bucket.
    package var scope: Scope
    /// `q`: the burst, in tokens.
    package var quota: Int64
    /// `w`: seconds to fill an empty bucket, rounded up.
    package var windowSeconds: Int64
    /// `r`: whole tokens left.
    package var remaining: Int64
    /// `t`: seconds until full, rounded up.
    package var secondsToFull: Int64
    /// `r` of the day: tokens left of its quota; −1 where the plan has none.
    package var dayRemaining: Int64 = -1
    /// `t` of the day: seconds until it ends, rounded up.
    package var secondsToDayEnd: Int64 = 0

    /// What the rules found before the request was charged, for the record.
    package var before = LevelBefore()

    /// A reading from its parts, without a day.
    package init(scope: Scope, quota: Int64, windowSeconds: Int64, remaining: Int64, secondsToFull: Int64) {
        self.scope = scope
        self.quota = quota
        self.windowSeconds = windowSeconds
        self.remaining = remaining
        self.secondsToFull = secondsToFull
    }

    /// Reads a bucket that `take` has just settled under this rule.
    init(of level: Level, for scope: Scope, under rule: BucketRule, at now: MonotonicTime) {
        let debt = min(level.debt(at: now), rule.capacityNanoseconds)
        self.init(
            scope: scope, quota: rule.burst, windowSeconds: rule.windowSeconds,
            remaining: (rule.capacityNanoseconds - debt) / rule.intervalNanoseconds, secondsToFull: debt.secondsRoundedUp)
    }

    /// Adds what a charge found of the day, and what all its rules found before it.
    mutating func note(_ charge: Charge, before: LevelBefore) {
        self.before = before
        guard charge.dayRemaining >= 0 else { return }
        dayRemaining = charge.dayRemaining
        secondsToDayEnd = charge.dayEndNanoseconds.secondsRoundedUp
    }
}

/// What the rules of one request found before it was charged.
package struct LevelBefore: BitwiseCopyable, Hashable, Sendable {
    /// What the bucket owed, in nanoseconds of its filling: 0 is full.
    package var debtNanoseconds: Int64 = 0
    /// Tokens left of the day's quota; −1 where the plan has none.
    package var dayRemaining: Int64 = -1
    /// Requests in flight; −1 where the plan does not count them.
    package var inFlight: Int32 = -1

    /// Nothing found.
    package init() {}

    /// What a charge of so many tokens found.
    init(_ charge: Charge, cost: Int64, under allowance: Allowance, at now: MonotonicTime) {
        debtNanoseconds = charge.level.debt(at: now) - (charge.isTaken ? allowance.bucket.price(of: cost) : 0)
        dayRemaining = charge.dayRemaining
        if charge.isTaken, allowance.dayTokens > 0 { dayRemaining += min(max(cost, 0), allowance.dayTokens) }
        inFlight = charge.inFlight
    }

    /// What spending from an address's bucket found.
    init(_ spent: Spending, price: Int64, at now: MonotonicTime) {
        debtNanoseconds = spent.level.debt(at: now) - (spent.waitNanoseconds == 0 ? price : 0)
    }
}

extension BucketRule {
    /// ⌈burst ÷ rate⌉ in seconds, from the numbers of the policy file: the interval's rounding must not make 1 s into 2.
    package var windowSeconds: Int64 {
        let (product, overflow) = burst.multipliedReportingOverflow(by: periodNanoseconds)
        let (divisor, overflowed) = tokens.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow, !overflowed else { return capacityNanoseconds.secondsRoundedUp }
        return product / divisor + (product % divisor > 0 ? 1 : 0)
    }
}

extension Int64 {
    /// Nanoseconds as whole seconds, rounded up; not negative.
    var secondsRoundedUp: Int64 { self / 1_000_000_000 + (self % 1_000_000_000 > 0 ? 1 : 0) }
}
