import Registry

/// What the RateLimit fields must say.
struct Reading: Equatable {
    var scope: String
    var quota: Int64
    var window: Int64
    var remaining: Int64
    var secondsToFull: Int64
}

/// What must become of a request.
enum Verdict {
    /// A page of the gateway's own.
    case page
    case refused(status: Int, code: String)
    /// With the nanoseconds to wait.
    case limited(wait: Int64, reading: Reading?)
    case admitted(Admitted)

    /// What the core store must be told.
    struct Admitted {
        var who: Who?
        var environment: Environment
        var reading: Reading
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

    private var buckets: [Name: Bucket] = [:]
    private static let failureRule = BucketRule(tokens: 1, periodNanoseconds: 15_000_000_000, burst: 20)

    mutating func reset() { buckets.removeAll(keepingCapacity: true) }

    /// Judges one request; charges it if it is admitted.
    mutating func judge(_ call: Call, under edition: Edition, keys: [Scenery.Key], at now: Moment) -> Verdict {
        let (form, address) = (call.form, call.client.address)
        switch form.finding {
        case .page: return .page
        case .refused(let status, let code): return .refused(status: status, code: code)
        case nil: break
        }
        if form.body == .length, call.isTooLong { return .refused(status: 413, code: "GWREQ0013") }
        if let strange = form.strangeKey { return fail(strange.code, from: address, at: now) }
        guard let index = form.key else {
            guard form.place.identities == .anyone else { return .refused(status: 401, code: "GWAUT0001") }
            return spend(form, owner: .max - Oracle.household(address), rule: edition.buckets["strangers"], as: (nil, .production), at: now)
        }
        let key = keys[index]
        guard let who = key.who else { return fail("GWAUT0002", from: address, at: now) }
        let end = Scenery.start.wall.seconds + Scenery.endsAfterSeconds
        if key.isRevoked || edition.revoked.contains(index) || key.isRetiring && now.wall.seconds >= end {
            return fail("GWAUT0004", from: address, at: now)
        }
        if let refusal = authorize(form, who, key, from: address, under: edition, at: now) { return refusal }
        let rule = edition.buckets[edition.plans[who.rawValue]]
        return spend(form, owner: who.rawValue, rule: rule, as: (who, key.environment), at: now)
    }

    private func authorize(
        _ form: Form, _ who: Who, _ key: Scenery.Key, from address: Int, under edition: Edition, at now: Moment
    ) -> Verdict? {
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
        if who == .narrow, form.place.scope != .search { return .refused(status: 403, code: "GWAPP0002") }
        guard form.place.identities == .applicationAndCitizen else { return nil }
        return switch form.token {
        case .none: .refused(status: 401, code: "GWAUT0005")
        case .foreign: .refused(status: 401, code: "GWAUT0006")
        case .opaque: nil
        }
    }

    private mutating func spend(
        _ form: Form, owner: Int, rule: BucketRule?, as caller: (Who?, Environment), at now: Moment
    ) -> Verdict {
        guard let rule else { return .refused(status: 403, code: "GWAPP0002") }
        let name = Name(owner: owner, scope: form.place.scope)
        let wait = take(form.place.cost, from: name, rule, at: now)
        let reading = Oracle.reading(buckets[name]?.debt ?? 0, rule, form.place.scope)
        if wait > 0 { return .limited(wait: wait, reading: reading) }
        return .admitted(Verdict.Admitted(who: caller.0, environment: caller.1, reading: reading))
    }

    /// A failed authentication costs the address; past its bucket it is told to wait instead.
    private mutating func fail(_ code: String, from address: Int, at now: Moment) -> Verdict {
        let name = Name(owner: .min + Oracle.household(address), scope: .identity)
        let wait = take(1, from: name, Oracle.failureRule, at: now)
        return wait > 0 ? .limited(wait: wait, reading: nil) : .refused(status: 401, code: code)
    }

    /// The two IPv6 addresses are of one /64.
    private static func household(_ address: Int) -> Int { min(address, 2) }

    private mutating func take(_ cost: Int64, from name: Name, _ rule: BucketRule, at now: Moment) -> Int64 {
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
        defer { buckets[name] = bucket }
        let wait = bucket.debt + cost * interval - capacity
        guard wait <= 0 else { return wait }
        bucket.debt += cost * interval
        return 0
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
