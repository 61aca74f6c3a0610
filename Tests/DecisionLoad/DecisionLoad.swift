import Admission
package import Decisions
package import Registry

/// Records as a gateway under load would write them: 148 applications by Zipf's law, searches and bookings, three that misbehave, and a core
/// store that fails for a minute. Levels are charged by the gateway's own arithmetic; times, sizes and latencies are drawn.
package struct DecisionLoad {
    /// What the records name.
    package let facts = FactTable()
    /// Everything a reader needs to know of the rules.
    package let policy: Policy

    private let rules: LoadPolicy
    private let zipf: Zipf
    private let requestsPerSecond: Double
    private let outage: ClosedRange<Double>
    private let days: DayClock
    private let streams: [IdentifierStream]
    private let numbers: Numbers
    private let start: Moment

    private var chance: Chance
    private var levels: [Levels]
    private let inFlight: [InFlightCounts]
    private var sequences: [UInt64]
    /// Nanoseconds since the start.
    private var elapsed: Int64 = 0
    private var failureArrival: Int64 = 0
    /// Requests that were judged and are not over.
    private var pending = EndingFirst<Pending>()

    private struct Pending {
        /// The application whose slot it holds.
        var slot: Int?
        var words: DecisionWords
    }

    /// Fact numbers.
    private struct Numbers {
        var applications: [UInt32] = []
        var rules: UInt32 = 0
        var streams: [UInt32] = []
        var endpoints: [UInt32] = []
    }

    /// A load that begins at a moment; the outage is a minute, so many seconds after it.
    package init(
        seed: UInt64, applications: Int = 148, requestsPerSecond: Double = 27_778, loops: Int = 2,
        from start: Moment = Moment(wall: WallTime(seconds: 1_767_225_600), monotonic: MonotonicTime(nanoseconds: 864_000_000_000_000)),
        outageAfterSeconds: Double = 120
    ) {
        (self.requestsPerSecond, self.start, chance) = (requestsPerSecond, start, Chance(seed: seed))
        outage = outageAfterSeconds...outageAfterSeconds + 60
        zipf = Zipf(applications)
        rules = LoadPolicy(requestsPerSecond: zipf.shares.map { $0 * requestsPerSecond })
        policy = rules.policy
        days = DayClock(offsetMinutes: policy.dayOffsetMinutes)
        levels = rules.applications.map { _ in Levels() }
        inFlight = rules.applications.map { _ in InFlightCounts() }
        var chance = Chance(seed: seed ^ 0x5EED)
        streams = (0..<loops).map { _ in IdentifierStream(chance.word(), chance.word()) }
        sequences = streams.map { _ in 0 }
        var numbers = Numbers()
        numbers.applications = rules.applications.map { [facts] in facts.number(of: .application($0)) }
        numbers.rules = facts.number(of: .rules(policy, shadow: nil))
        numbers.streams = streams.map { [facts] in facts.number(of: .stream($0.first, $0.second)) }
        numbers.endpoints = (1...2).map { [facts] in facts.number(of: .endpoint("10.0.0.\($0):8080")) }
        self.numbers = numbers
    }

    /// Appends the next records in the order that their requests end in.
    package mutating func append(_ count: Int, to records: inout [DecisionWords]) {
        var left = count
        while left > 0 {
            if let ended = pending.next(by: start.monotonic.nanoseconds + elapsed) {
                if let slot = ended.slot { inFlight[slot].giveBack(.search) }
                records.append(ended.words)
                left -= 1
            } else {
                judge()
            }
        }
    }

    private mutating func judge() {
        elapsed += Int64(chance.gap() / requestsPerSecond * 1e9)
        let loop = chance.below(streams.count)
        var decision = Decision()
        // The clocks are read one after the other, and now and then something comes between.
        let between = chance.share() < 0.001 ? Int64(chance.around(8_000, spread: 1)) : Int64(25 + chance.below(30))
        decision.monotonicNanoseconds = start.monotonic.nanoseconds + elapsed
        decision.wallNanoseconds = start.wall.nanoseconds + elapsed - between
        (decision.stream, decision.sequence) = (numbers.streams[loop], sequences[loop])
        let milliseconds = UInt64(bitPattern: decision.wallNanoseconds / 1_000_000)
        let identifier = streams[loop].words(sequence: sequences[loop], wallMilliseconds: milliseconds)
        (decision.idHigh, decision.idLow) = (identifier.high, identifier.low)
        sequences[loop] += 1
        decision.rules = numbers.rules
        let slot = fill(&decision)
        pending.insert(
            Pending(slot: slot, words: decision.words),
            endingAt: decision.monotonicNanoseconds + Int64(decision.totalMicroseconds) * 1_000)
    }

    /// Who asks for what, and what becomes of it; which application's slot it holds until its end.
    private mutating func fill(_ decision: inout Decision) -> Int? {
        let share = chance.share()
        if share < 0.03 {
            refuseStranger(&decision)
            return nil
        }
        let application = share < 0.13 ? LoadPolicy.greedy : share < 0.15 ? LoadPolicy.scopeless : zipf.pick(&chance)
        let call = application == LoadPolicy.scopeless && share < 0.15 ? LoadCall.schedule : LoadCall.pick(&chance)
        decision.application = numbers.applications[application]
        decision.route = Int16(policy.routes.firstIndex { $0.id == call.route } ?? 0)
        decision.cost = call == .calendar ? 3 : 1
        let hasCitizen = [LoadCall.beneficiaries, .schedule, .slip].contains(call)
        decision.caller = CallerFacts(
            key: .good, spelt: .production, registered: .production, citizen: hasCitizen ? .fitting : .notRead,
            isSecure: application % 3 != 0)
        decision.bytesIn = UInt64(180 + application * 7 % 160 + call.bytesIn + (hasCitizen ? 300 + chance.below(24) : 0))
        guard application != LoadPolicy.scopeless || call != .schedule else {
            refuse(&decision, .scopeNotGranted, status: 403)
            return nil
        }
        if hasCitizen { decision.subject = citizen(of: application) }
        return charge(&decision, application, call)
    }

    /// Citizens come back within minutes: to look, to book, to fetch the slip.
    private mutating func citizen(of application: Int) -> UInt64 {
        let group = UInt64(elapsed / 120_000_000_000) << 32 | UInt64(application) << 20
        var hidden = Chance(seed: group | UInt64(chance.below(600)))
        return hidden.word()
    }

    private mutating func charge(_ decision: inout Decision, _ application: Int, _ call: LoadCall) -> Int? {
        let route = policy.routes[Int(decision.route)]
        guard let allowance = policy.plans[rules.plans[application]][route.scope] else { return nil }
        let now = Moment(
            wall: WallTime(nanoseconds: decision.wallNanoseconds), monotonic: MonotonicTime(nanoseconds: decision.monotonicNanoseconds))
        let counts = allowance.concurrency > 0 ? inFlight[application] : nil
        let charge = levels[application].charge(route.cost, for: route.scope, under: allowance, counting: counts, by: days, at: now)
        let price = charge.isTaken ? allowance.bucket.intervalNanoseconds * min(route.cost, allowance.bucket.burst) : 0
        decision.debtNanoseconds = max(0, charge.level.arrival - now.monotonic.nanoseconds) - price
        decision.dayRemaining = charge.dayRemaining < 0 ? -1 : charge.dayRemaining + (charge.isTaken ? route.cost : 0)
        decision.inFlight = charge.inFlight
        guard charge.isTaken else {
            let (wait, isDay) = (max(charge.bucketWaitNanoseconds, charge.dayWaitNanoseconds), charge.dayWaitNanoseconds > 0)
            decision.waitNanoseconds = wait
            decision.rule = wait == 0 ? .concurrency : isDay ? .day : .bucket
            refuse(&decision, wait == 0 ? .tooManyInFlight : isDay ? .dailyQuota : .rateLimited, status: wait == 0 ? 503 : 429)
            return nil
        }
        decision.rule = .bucket
        serve(&decision, call)
        return counts == nil ? nil : application
    }

    private mutating func refuse(_ decision: inout Decision, _ slug: ProblemSlug, status: UInt16) {
        decision.verdict = .refused(slug)
        decision.status = status
        decision.totalMicroseconds = UInt32(chance.around(12, spread: 0.3))
        decision.bytesOut = UInt64(470 + 3 * Int(slug.rawValue) + (decision.waitNanoseconds > 0 ? 40 + chance.below(3) : 0))
    }

    /// Nobody's key from one address: told why twenty times, then told to wait.
    private mutating func refuseStranger(_ decision: inout Decision) {
        decision.caller = CallerFacts(key: .unknown, spelt: .production)
        decision.route = Int16(chance.below(3))
        decision.cost = UInt32(truncatingIfNeeded: policy.routes[Int(decision.route)].cost)
        decision.bytesIn = 412
        let (rule, now) = (AdmissionLimits.failureRule, decision.monotonicNanoseconds)
        let debt = max(0, failureArrival - now)
        if debt + rule.intervalNanoseconds <= rule.capacityNanoseconds {
            failureArrival = max(failureArrival, now) + rule.intervalNanoseconds
            return refuse(&decision, .unknownKey, status: 401)
        }
        decision.rule = .failures
        decision.debtNanoseconds = debt
        decision.waitNanoseconds = debt - (rule.capacityNanoseconds - rule.intervalNanoseconds)
        refuse(&decision, .tooManyFailures, status: 429)
    }

    private mutating func serve(_ decision: inout Decision, _ call: LoadCall) {
        decision.endpoint = numbers.endpoints[chance.below(numbers.endpoints.count)]
        let own = UInt32(chance.around(38, spread: 0.35))
        if outage.contains(Double(elapsed) / 1e9) {
            decision.fault = .refused(.coreStoreUnavailable)
            decision.status = 503
            decision.retries = 1
            decision.storeMicroseconds = UInt32(chance.around(220, spread: 0.3))
            decision.bytesOut = 505
        } else {
            decision.status = call.status(&chance)
            decision.storeMicroseconds = UInt32(min(chance.around(call.medianMicroseconds, spread: 0.5), 15e6))
            decision.bytesOut = call.bytesOut(&chance)
            if chance.share() < 0.002 { decision.ending = .clientLeft }
        }
        decision.totalMicroseconds = decision.storeMicroseconds + own
    }
}
