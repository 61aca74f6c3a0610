import Registry

/// What the RateLimit fields must say.
struct Reading {
    var scope: String
    var quota: Int64
    var window: Int64
    var remaining: Int64
    var secondsToFull: Int64
    /// Of the day's quota, where there is one: all of it, what is left, seconds to the day's end.
    var day: (quota: Int64, remaining: Int64, seconds: Int64)?
}

/// What must become of a request.
enum Verdict {
    /// A page of the gateway's own.
    case page
    case refused(status: Int, code: String)
    /// A decision is looked up, and what that comes to is the answer.
    case asked
    /// With the nanoseconds to wait.
    case limited(wait: Int64, code: String, reading: Reading?)
    case admitted(Admitted)

    /// What the core store must be told.
    struct Admitted {
        var who: Who?
        var environment: Environment
        var reading: Reading
        /// It counts among its application's requests in flight.
        var holdsSlot = false
    }
}

/// The design's words about buckets and order of judgement, written down a second time, slowly and by other means: a bucket is a debt in
/// nanoseconds that shrinks as time passes.
struct Oracle {
    private struct Name: Hashable {
        var owner: Int
        var scope: Scope
    }

    private struct Bucket {
        var debt: Int64
        var reckoned: Int64
        var capacity: Int64
    }

    private struct Day {
        var number: Int64 = 0
        var used: [Scope: Int64] = [:]
    }

    private var buckets: [Name: Bucket] = [:]
    private var days: [Who: Day] = [:]
    private static let dayNanoseconds: Int64 = 86_400_000_000_000
    private static let askingRule = BucketRule(tokens: 1, periodNanoseconds: 1_000_000_000, burst: 30)
    private static let failureRule = BucketRule(tokens: 1, periodNanoseconds: 15_000_000_000, burst: 20)

    mutating func reset() {
        buckets.removeAll(keepingCapacity: true)
        days.removeAll(keepingCapacity: true)
    }

    /// Judges one request; charges it if it is admitted.
    mutating func judge(
        _ call: Call, under edition: Edition, keys: [Scenery.Key], at now: Moment, inFlight: (Who, Scope) -> Int64
    ) -> Verdict {
        let (form, address) = (call.form, call.client.address)
        switch form.finding {
        case .page: return .page
        case .refused(let status, let code): return .refused(status: status, code: code)
        case .limits, .decision, nil: break
        }
        if form.finding == nil, form.body == .length, call.isTooLong { return .refused(status: 413, code: "GWREQ0013") }
        if let strange = form.strangeKey { return fail(strange.code, from: address, at: now) }
        guard let index = form.key else {
            guard form.place.identities == .anyone else { return .refused(status: 401, code: "GWAUT0001") }
            return spend(form, owner: .max - Oracle.household(address), rule: edition.buckets["strangers"], at: now)
        }
        let key = keys[index]
        guard let who = key.who else { return fail("GWAUT0002", from: address, at: now) }
        let end = Scenery.start.wall.seconds + Scenery.endsAfterSeconds
        if key.isRevoked || edition.revoked.contains(index) || key.isRetiring && now.wall.seconds >= end {
            return fail("GWAUT0004", from: address, at: now)
        }
        if let refusal = authorize(call, who, key, under: edition, at: now) { return refusal }
        if let page = form.finding { return ask(for: page, as: who, at: now) }
        let plan = edition.plans[who.rawValue]
        guard let bound = edition.bounds[plan] else {
            return spend(form, owner: who.rawValue, rule: edition.buckets[plan], as: (who, key.environment), at: now)
        }
        return spend(form, who, key.environment, rule: edition.buckets[plan], bound, inFlight(who, form.place.scope), at: now)
    }

    private func authorize(_ call: Call, _ who: Who, _ key: Scenery.Key, under edition: Edition, at now: Moment) -> Verdict? {
        let (form, address) = (call.form, call.client.address)
        let works =
            switch edition.states[who.rawValue] {
            case .live: true
            case .sandbox, .certifying, .approved: key.environment == .sandbox
            case .withdrawn: now.wall.seconds < Scenery.start.wall.seconds + Scenery.endsAfterSeconds
            default: false
            }
        if !works { return .refused(status: 403, code: "GWAPP0001") }
        if key.isMisregistered { return .refused(status: 403, code: "GWAPP0004") }
        if who == .walled, address != 1 { return .refused(status: 403, code: "GWAPP0003") }
        if who == .bound, call.client.certificate != Scenery.certificate { return .refused(status: 403, code: "GWAPP0005") }
        if form.finding != nil { return nil }
        if who == .narrow, form.place.scope != .search { return .refused(status: 403, code: "GWAPP0002") }
        guard form.place.identities == .applicationAndCitizen else { return nil }
        return switch form.token {
        case .none: .refused(status: 401, code: "GWAUT0005")
        case .foreign: .refused(status: 401, code: "GWAUT0006")
        case .opaque: nil
        }
    }

    /// Asking costs a token of a bucket that is none of the plan's, one for all of an application's asking.
    private mutating func ask(for page: Form.Finding, as who: Who, at now: Moment) -> Verdict {
        let wait = take(1, from: Name(owner: 1_000 + who.rawValue, scope: .metadata), Oracle.askingRule, at: now)
        if wait > 0 { return .limited(wait: wait, code: "GWLIM0001", reading: nil) }
        return switch page {
        case .decision(.some): .asked
        case .decision(.none): .refused(status: 404, code: "GWDEC0001")
        case .limits, .page, .refused: .page
        }
    }

    private mutating func spend(
        _ form: Form, owner: Int, rule: BucketRule?, as caller: (Who?, Environment) = (nil, .production), at now: Moment
    ) -> Verdict {
        guard let rule else { return .refused(status: 403, code: "GWAPP0002") }
        let name = Name(owner: owner, scope: form.place.scope)
        let wait = take(form.place.cost, from: name, rule, at: now)
        let reading = Oracle.reading(buckets[name]?.debt ?? 0, rule, form.place.scope)
        if wait > 0 { return .limited(wait: wait, code: "GWLIM0001", reading: reading) }
        return .admitted(Verdict.Admitted(who: caller.0, environment: caller.1, reading: reading))
    }

    /// Where a plan bounds days and requests in flight: all pay or none does; the longest wait is told, that for a slot only where both others
    /// can pay, for nobody knows it.
    private mutating func spend(
        _ form: Form, _ who: Who, _ environment: Environment, rule: BucketRule?, _ bound: (day: Int64, inFlight: Int64), _ inFlight: Int64,
        at now: Moment
    ) -> Verdict {
        guard let rule else { return .refused(status: 403, code: "GWAPP0002") }
        let (scope, cost) = (form.place.scope, form.place.cost)
        let name = Name(owner: who.rawValue, scope: scope)
        let bucketWait = wait(cost, from: name, rule, at: now)
        let local = now.wall.nanoseconds + Scenery.dayOffsetMinutes * 60_000_000_000
        let today = (local - (local % Oracle.dayNanoseconds + Oracle.dayNanoseconds) % Oracle.dayNanoseconds) / Oracle.dayNanoseconds
        var day = days[who] ?? Day()
        // A later day begins anew; a clock that went back a day gives none twice, one that was further ahead is believed no longer.
        if today > day.number { day = Day(number: today) } else if day.number > today + 1 { day.number = today }
        let dayEnd = (day.number + 1) * Oracle.dayNanoseconds - local
        var left = max(0, bound.day - day.used[scope, default: 0])
        let dayWait = left < cost ? dayEnd : 0
        let isAdmitted = bucketWait <= 0 && dayWait == 0 && inFlight < bound.inFlight
        if isAdmitted {
            _ = take(cost, from: name, rule, at: now)
            day.used[scope, default: 0] += cost
            left -= cost
        }
        days[who] = day
        var reading = Oracle.reading(buckets[name]?.debt ?? 0, rule, scope)
        reading.day = (bound.day, left, (dayEnd + 999_999_999) / 1_000_000_000)
        if isAdmitted { return .admitted(Verdict.Admitted(who: who, environment: environment, reading: reading, holdsSlot: true)) }
        let wait = max(bucketWait, dayWait)
        guard wait > 0 else { return .limited(wait: 1_000_000_000, code: "GWLIM0004", reading: reading) }
        return .limited(wait: wait, code: dayWait >= bucketWait ? "GWLIM0002" : "GWLIM0001", reading: reading)
    }

    /// A failed authentication costs the address; past its bucket it is told to wait instead.
    private mutating func fail(_ code: String, from address: Int, at now: Moment) -> Verdict {
        let name = Name(owner: .min + Oracle.household(address), scope: .identity)
        let wait = take(1, from: name, Oracle.failureRule, at: now)
        return wait > 0 ? .limited(wait: wait, code: "GWLIM0003", reading: nil) : .refused(status: 401, code: code)
    }

    /// The two IPv6 addresses are of one /64.
    private static func household(_ address: Int) -> Int { min(address, 2) }

    private mutating func take(_ cost: Int64, from name: Name, _ rule: BucketRule, at now: Moment) -> Int64 {
        let wait = wait(cost, from: name, rule, at: now)
        guard wait <= 0 else { return wait }
        buckets[name]?.debt += cost * ((rule.periodNanoseconds + rule.tokens - 1) / rule.tokens)
        return 0
    }

    /// Reckons the bucket's debt at this time; the nanoseconds until it can pay, not above 0 where it can now.
    private mutating func wait(_ cost: Int64, from name: Name, _ rule: BucketRule, at now: Moment) -> Int64 {
        let interval = (rule.periodNanoseconds + rule.tokens - 1) / rule.tokens
        let capacity = interval * rule.burst
        let time = now.monotonic.nanoseconds
        var bucket = buckets[name] ?? Bucket(debt: 0, reckoned: time, capacity: capacity)
        bucket.debt = max(0, bucket.debt - (time - bucket.reckoned))
        bucket.reckoned = time
        if bucket.capacity != capacity {
            // The share owed stays the same, rounded against the caller.
            let share = min(bucket.debt, bucket.capacity).multipliedFullWidth(by: capacity)
            let (quotient, remainder) = bucket.capacity.dividingFullWidth(share)
            bucket.debt = quotient + (remainder > 0 ? 1 : 0)
            bucket.capacity = capacity
        }
        buckets[name] = bucket
        return bucket.debt + cost * interval - capacity
    }

    private static func reading(_ owed: Int64, _ rule: BucketRule, _ scope: Scope) -> Reading {
        let interval = (rule.periodNanoseconds + rule.tokens - 1) / rule.tokens
        let debt = min(owed, interval * rule.burst)
        let perToken = rule.tokens * 1_000_000_000
        return Reading(
            scope: scope.name, quota: rule.burst, window: (rule.burst * rule.periodNanoseconds + perToken - 1) / perToken,
            remaining: (interval * rule.burst - debt) / interval, secondsToFull: (debt + 999_999_999) / 1_000_000_000)
    }
}
