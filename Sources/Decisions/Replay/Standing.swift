import Admission
import Registry

/// How long admitted requests took.
struct MeanDuration: BitwiseCopyable {
    private var count: Int64 = 0
    private var nanoseconds: Int64 = 0

    /// Nil of none.
    var mean: Int64? { count > 0 ? nanoseconds / count : nil }

    mutating func add(_ nanoseconds: Int64) {
        count += 1
        self.nanoseconds &+= nanoseconds
    }
}

/// One application under both policies: its levels as the records have them, and as they would be.
struct Standing {
    private var recorded = Levels()
    private var proposed = Levels()
    /// By scope: how many more are in flight than were.
    var inFlight = InlineArray<8, Int32>(repeating: 0)
    var took = MeanDuration()

    /// Levels of another run of the machine, whose monotonic times are so many nanoseconds later; nothing is in flight in it.
    mutating func shift(by nanoseconds: Int64) {
        for scope in recorded.arrival.indices {
            recorded.arrival[scope] &+= nanoseconds
            proposed.arrival[scope] &+= nanoseconds
        }
        inFlight = InlineArray(repeating: 0)
    }

    /// Brings the levels of a record's scope to what the record found: what it found otherwise than the records before it say is a jump, which
    /// the proposed level makes too. `kept` is what the proposed policy has for the scope.
    mutating func follow(_ found: Found, _ terms: Terms, under kept: Terms, _ verdict: Verdict) {
        followBucket(found, terms, under: kept.allowance.bucket, isAdmitted: verdict == .admitted)
        if terms.allowance.dayTokens > 0, found.dayRemaining >= 0 { followDay(found, terms, under: kept, verdict) }
    }

    private mutating func followBucket(_ found: Found, _ terms: Terms, under rule: BucketRule, isAdmitted: Bool) {
        let (now, theirs) = (found.now.monotonic, terms.allowance.bucket)
        var before = recorded[terms.scope]
        before.settle(under: theirs, at: now)
        let expected = before.debt(at: now)
        if found.debtNanoseconds != expected {
            var level = proposed[terms.scope]
            level.settle(under: rule, at: now)
            let owed = level.debt(at: now)
            let isInStep = owed == expected && rule.isAsFast(as: theirs)
            let moved = isInStep ? found.debtNanoseconds : rule.moved(owed, by: found.debtNanoseconds - expected, of: theirs)
            level.arrival = now.nanoseconds &+ moved
            proposed[terms.scope] = level
        }
        let price = isAdmitted ? theirs.price(of: terms.cost) : 0
        recorded[terms.scope] = Level(
            arrival: now.nanoseconds &+ found.debtNanoseconds &+ price, capacity: theirs.capacityNanoseconds)
    }

    private mutating func followDay(_ found: Found, _ terms: Terms, under kept: Terms, _ verdict: Verdict) {
        let (scope, tokens) = (Int(terms.scope.rawValue), terms.allowance.dayTokens)
        let isInStep =
            recorded.day == proposed.day && recorded.dayUsed[scope] == proposed.dayUsed[scope] && terms.days == kept.days
            && tokens == kept.allowance.dayTokens
        let today = terms.days.day(of: found.now.wall)
        recorded.reach(today)
        if kept.allowance.dayTokens > 0 { proposed.reach(kept.days.day(of: found.now.wall)) }
        let (expected, used) = (min(max(0, recorded.dayUsed[scope]), tokens), tokens - min(found.dayRemaining, tokens))
        if used != expected {
            proposed.dayUsed[scope] = isInStep ? used : max(0, proposed.dayUsed[scope] &+ used &- expected)
            recorded.dayUsed[scope] = used
        }
        if let day = counted(found, terms, verdict, today) {
            recorded.day = day
            if isInStep { proposed.day = day }
        }
        if verdict == .admitted { recorded.dayUsed[scope] &+= min(max(terms.cost, 0), tokens) }
    }

    /// Which day was counted, where the record tells: a clock that went back over midnight goes on counting the later day.
    private func counted(_ found: Found, _ terms: Terms, _ verdict: Verdict, _ today: Int64) -> Int64? {
        switch verdict.slug {
        case .rateLimited: today
        case .dailyQuota: found.waitNanoseconds > terms.days.nanoseconds(from: found.now.wall, toEndOf: today) ? today + 1 : today
        default: nil
        }
    }

    /// Charges a call under the proposed policy, by the gateway's own arithmetic.
    mutating func charge(_ found: Found, _ course: Course) -> Replayed {
        guard let terms = course.proposed else { preconditionFailure("such a course has terms") }
        let allowance = terms.allowance
        guard allowance.concurrency > 0 else {
            let charge = proposed.charge(terms.cost, for: terms.scope, under: allowance, counting: nil, by: terms.days, at: found.now)
            return outcome(of: charge, terms)
        }
        // Where the records do not count what is in flight, the difference is all there is.
        let isCounted = course.recorded.map { $0.scope == terms.scope } == true && found.inFlight >= 0
        let running = (isCounted ? found.inFlight : 0) + Int64(inFlight[Int(terms.scope.rawValue)])
        var levels = proposed
        let charge = levels.charge(terms.cost, for: terms.scope, under: allowance, counting: nil, by: terms.days, at: found.now)
        if charge.isTaken, running >= allowance.concurrency {
            return Replayed(verdict: .refused(.tooManyInFlight), cause: .rule(.concurrency, terms.scope))
        }
        proposed = levels
        return outcome(of: charge, terms)
    }

    private func outcome(of charge: Charge, _ terms: Terms) -> Replayed {
        if charge.isTaken { return .admitted }
        return charge.dayWaitNanoseconds >= charge.bucketWaitNanoseconds
            ? Replayed(verdict: .refused(.dailyQuota), cause: .rule(.day, terms.scope))
            : Replayed(verdict: .refused(.rateLimited), cause: .rule(.bucket, terms.scope))
    }
}

extension BucketRule {
    /// A debt means the same under both.
    func isAsFast(as other: BucketRule) -> Bool {
        intervalNanoseconds == other.intervalNanoseconds && capacityNanoseconds == other.capacityNanoseconds
    }

    /// A debt moved by as many tokens as this is under another rule, rounded up; not below nothing, and by a jump not above a bucket.
    func moved(_ debt: Int64, by jump: Int64, of other: BucketRule) -> Int64 {
        var jump = jump
        if intervalNanoseconds != other.intervalNanoseconds {
            let (quotient, remainder) = (Int128(jump) * Int128(intervalNanoseconds))
                .quotientAndRemainder(dividingBy: Int128(other.intervalNanoseconds))
            jump = Int64(clamping: quotient + (remainder > 0 ? 1 : 0))
        }
        let (sum, overflow) = debt.addingReportingOverflow(jump)
        if jump <= 0 { return max(0, sum) }
        return overflow ? capacityNanoseconds : min(sum, max(capacityNanoseconds, debt))
    }
}
