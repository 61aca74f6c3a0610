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

    /// Nanoseconds until full, from `settle` on at most the capacity and the skew of clocks.
    package func debt(at now: MonotonicTime) -> Int64 {
        guard arrival > now.nanoseconds else { return 0 }
        let (ahead, overflow) = arrival.subtractingReportingOverflow(now.nanoseconds)
        return overflow ? .max : ahead
    }

    /// Reckons the debt under the rule in force: its share of the bucket stays the same, rounded up, so that an edit never refills. A debt
    /// beyond a whole bucket is a clock that went back, and is believed no further than empty; within the skew it is another thread's later
    /// reading of the clock, and cutting it off would hand that thread its tokens again.
    package mutating func settle(under rule: BucketRule, at now: MonotonicTime) {
        guard capacity > 0 else {
            self = Level(arrival: now.nanoseconds, capacity: rule.capacityNanoseconds)
            return
        }
        let debt = debt(at: now)
        if debt > AdmissionLimits.clockSkewNanoseconds, debt - AdmissionLimits.clockSkewNanoseconds > capacity {
            arrival = now.nanoseconds + capacity
        }
        guard capacity != rule.capacityNanoseconds else { return }
        if debt > 0 {
            arrival = now.nanoseconds + scaled(min(debt, capacity), from: capacity, to: rule.capacityNanoseconds)
        }
        capacity = rule.capacityNanoseconds
    }
}

/// `owed × new ÷ old`, rounded up; `owed` is at most `old`, so the answer is at most `new`.
private func scaled(_ owed: Int64, from old: Int64, to new: Int64) -> Int64 {
    let product = owed.magnitude.multipliedFullWidth(by: new.magnitude)
    let (quotient, remainder) = old.magnitude.dividingFullWidth(product)
    return Int64(quotient) + (remainder > 0 ? 1 : 0)
}

/// Takes `cost` tokens if the bucket has them and returns 0; else takes nothing and returns the nanoseconds after which it would have them,
/// exactly. A cost above the burst takes the whole bucket: the policy check refuses such plans, and a bucket can hold no more.
package func take(cost: Int64, from level: inout Level, under rule: BucketRule, at now: MonotonicTime) -> Int64 {
    level.settle(under: rule, at: now)
    let price = rule.price(of: cost)
    let wait = level.wait(toPay: price, under: rule, at: now)
    if wait == 0 { level.pay(price, at: now) }
    return wait
}

extension BucketRule {
    /// What tokens cost in nanoseconds of the bucket's filling, at most a whole bucket.
    package func price(of cost: Int64) -> Int64 { intervalNanoseconds * min(max(cost, 0), burst) }
}

extension Level {
    /// 0 if a settled bucket can pay now, else the exact nanoseconds until it can.
    func wait(toPay price: Int64, under rule: BucketRule, at now: MonotonicTime) -> Int64 {
        let wait = debt(at: now) - (rule.capacityNanoseconds - price)
        return wait <= 0 || price == 0 ? 0 : wait
    }

    /// Takes what `wait` said is there.
    mutating func pay(_ price: Int64, at now: MonotonicTime) { arrival = max(arrival, now.nanoseconds) + price }
}
