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

    /// Adds what a charge found of the day.
    mutating func note(_ charge: Charge) {
        guard charge.dayRemaining >= 0 else { return }
        dayRemaining = charge.dayRemaining
        secondsToDayEnd = charge.dayEndNanoseconds.secondsRoundedUp
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
