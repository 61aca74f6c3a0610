import Registry

/// The slow, obvious account of one bucket: every admission there was, and whether any window of time admitted more than it may.
struct BucketOracle {
    private(set) var admissions: [(time: Int64, cost: Int64)] = []

    mutating func record(cost: Int64, at time: MonotonicTime) { admissions.append((time.nanoseconds, cost)) }

    /// Whether the cost may be admitted now: no window ending now and beginning with an earlier admission may hold more than burst + rate × T.
    /// Exact, in units of 1/period token.
    func mayAdmit(cost: Int64, at time: MonotonicTime, under rule: BucketRule) -> Bool {
        var sum = Int128(cost)
        if sum > Int128(rule.burst) { return false }
        for admission in admissions.reversed() {
            sum += Int128(admission.cost)
            let earned = Int128(rule.tokens) * Int128(time.nanoseconds - admission.time)
            if sum * Int128(rule.periodNanoseconds) > Int128(rule.burst) * Int128(rule.periodNanoseconds) + earned { return false }
        }
        return true
    }

    /// The first window found, among all that begin and end with an admission, that admitted too much: every pair is tried.
    func brokenWindow(under rule: BucketRule) -> (from: Int64, to: Int64)? {
        let sorted = admissions.sorted { $0.time < $1.time }
        for first in sorted.indices {
            var sum: Int128 = 0
            for last in first..<sorted.count {
                sum += Int128(sorted[last].cost)
                if exceeds(sum, from: sorted[first].time, to: sorted[last].time, under: rule) {
                    return (sorted[first].time, sorted[last].time)
                }
            }
        }
        return nil
    }

    /// The same for a million admissions in one pass: sum(i...j) × period − tokens × (tj − ti) is largest where what came before i was least.
    func hasBrokenWindow(under rule: BucketRule) -> Bool {
        let (period, tokens) = (Int128(rule.periodNanoseconds), Int128(rule.tokens))
        var before: Int128 = 0
        var least = Int128.max
        for admission in admissions.sorted(by: { $0.time < $1.time }) {
            let line = tokens * Int128(admission.time)
            least = min(least, before * period - line)
            before += Int128(admission.cost)
            if before * period - line - least > Int128(rule.burst) * period { return true }
        }
        return false
    }

    private func exceeds(_ sum: Int128, from: Int64, to: Int64, under rule: BucketRule) -> Bool {
        let earned = Int128(rule.tokens) * Int128(to - from)
        return sum * Int128(rule.periodNanoseconds) > Int128(rule.burst) * Int128(rule.periodNanoseconds) + earned
    }
}
