package import Registry

/// How full one bucket is, by the generic cell rate algorithm (ITU-T I.371): two words of integer nanoseconds.
package struct Level: BitwiseCopyable, Hashable, Sendable {
    /// The theoretical arrival time: when the bucket will be full again, in monotonic nanoseconds.
    package var arrival: Int64
    /// The capacity `arrival` was reckoned under, in nanoseconds; 0 if the bucket was never used.
    package var capacity: Int64

    /// A bucket nobody has used: full.
    package init() { (arrival, capacity) = (0, 0) }

    /// A level from its two words.
    package init(arrival: Int64, capacity: Int64) {
        self.arrival = arrival
        self.capacity = capacity
    }

    /// Nanoseconds until full, at most the rule's capacity. Under a changed rule the debt keeps its share of the bucket, rounded up: an edit
    /// never refills. An arrival beyond a whole bucket (a clock that went back) is believed no further than empty.
    func debt(under rule: BucketRule, at now: MonotonicTime) -> Int64 {
        guard capacity > 0, arrival > now.nanoseconds else { return 0 }
        let (ahead, overflow) = arrival.subtractingReportingOverflow(now.nanoseconds)
        let owed = min(overflow ? .max : ahead, capacity)
        let newCapacity = rule.capacityNanoseconds
        return capacity == newCapacity ? owed : scaled(owed, from: capacity, to: newCapacity)
    }
}

/// `owed × new ÷ old`, rounded up; `owed` is at most `old`, so the answer is at most `new`.
private func scaled(_ owed: Int64, from old: Int64, to new: Int64) -> Int64 {
    let product = owed.magnitude.multipliedFullWidth(by: new.magnitude)
    let (quotient, remainder) = old.magnitude.dividingFullWidth(product)
    return Int64(quotient) + (remainder > 0 ? 1 : 0)
}

/// Takes `cost` tokens if the bucket has them and returns 0; else takes nothing and returns the nanoseconds after which it would have them, exactly.
/// A cost above the burst takes the whole bucket: the policy check refuses such plans, and a bucket can hold no more.
package func take(cost: Int64, from level: inout Level, under rule: BucketRule, at now: MonotonicTime) -> Int64 {
    let debt = level.debt(under: rule, at: now)
    let price = rule.intervalNanoseconds * min(max(cost, 0), rule.burst)
    let wait = debt + price - rule.capacityNanoseconds
    level.capacity = rule.capacityNanoseconds
    level.arrival = now.nanoseconds + debt + (wait > 0 ? 0 : price)
    return max(wait, 0)
}
