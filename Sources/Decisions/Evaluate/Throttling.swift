import Admission
import Registry

// The last station: what may be spent (design.md §4). All rules are looked at; the refusal names the one with the longest wait.
extension Stations {
    /// A key that is not good: its true reason while the address's bucket of failures has a token.
    func failed(_ reason: ProblemSlug) -> Outcome {
        let wait = TokenCount(under: AdmissionLimits.failureRule, owing: decision.debtNanoseconds).wait(for: 1)
        return wait == 0
            ? .refused(reason) : Outcome(verdict: .refused(.tooManyFailures), rule: .failures, waitNanoseconds: wait)
    }

    /// Nobody showed a key: the bucket of the address, under the plan of such callers.
    func throttledByAddress(under bucket: BucketRule) throws(Incomplete) -> Outcome {
        try checkCost()
        let wait = TokenCount(under: bucket, owing: decision.debtNanoseconds).wait(for: route.cost)
        return Outcome(verdict: wait == 0 ? .admitted : .refused(.rateLimited), rule: .anonymousBucket, waitNanoseconds: wait)
    }

    /// The application's bucket, its day and its requests in flight.
    func throttled(under allowance: Allowance) throws(Incomplete) -> Outcome {
        try checkCost()
        guard allowance.dayTokens == 0 || decision.dayRemaining >= 0 else { throw Incomplete() }
        guard allowance.concurrency == 0 || decision.inFlight >= 0 else { throw Incomplete() }
        let today = throttled(under: allowance, daysAhead: 0)
        if today.agrees(with: decision) { return today }
        // A clock that went back over midnight goes on counting the later day, so that no day is given twice. Which day was counted is not
        // on record: the wait tells.
        let tomorrow = throttled(under: allowance, daysAhead: 1)
        return tomorrow.agrees(with: decision) ? tomorrow : today
    }

    private func throttled(under allowance: Allowance, daysAhead: Int64) -> Outcome {
        let bucketWait = TokenCount(under: allowance.bucket, owing: decision.debtNanoseconds).wait(for: route.cost)
        let lacksDay = allowance.dayTokens > 0 && decision.dayRemaining < min(route.cost, allowance.dayTokens)
        let dayWait = lacksDay ? nanosecondsToMidnight + daysAhead * nanosecondsOfDay : 0
        // Whoever waits for the day waits for the bucket too where both take as long: the day is what a partner can plan by.
        if dayWait > 0, dayWait >= bucketWait {
            return Outcome(verdict: .refused(.dailyQuota), rule: .day, waitNanoseconds: dayWait)
        }
        if bucketWait > 0 { return Outcome(verdict: .refused(.rateLimited), rule: .bucket, waitNanoseconds: bucketWait) }
        if allowance.concurrency > 0, Int64(decision.inFlight) >= allowance.concurrency {
            return Outcome(verdict: .refused(.tooManyInFlight), rule: .concurrency)
        }
        return Outcome(verdict: .admitted, rule: .bucket)
    }

    private var nanosecondsOfDay: Int64 { 24 * 60 * 60 * 1_000_000_000 }

    /// To the end of the calendar day at the policy's offset.
    private var nanosecondsToMidnight: Int64 {
        let local = Int128(decision.wallNanoseconds) + Int128(policy.dayOffsetMinutes) * 60 * 1_000_000_000
        let sinceMidnight = Int64(((local % Int128(nanosecondsOfDay)) + Int128(nanosecondsOfDay)) % Int128(nanosecondsOfDay))
        return nanosecondsOfDay - sinceMidnight
    }

    /// The record's cost is the route's, or it was judged by another policy than the one given.
    private func checkCost() throws(Incomplete) {
        guard Int64(decision.cost) == route.cost else { throw Incomplete() }
    }
}
