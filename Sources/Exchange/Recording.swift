import Admission
import Decisions
import Registry
import Wire

// The record of a request: noted on the way, made at its end, once.
extension Exchange {
    /// A request begins, under an id of its own.
    mutating func beginRecord(of client: Int, at now: Moment) {
        let words = ids.words(sequence: idCount, wallMilliseconds: UInt64(bitPattern: now.wall.nanoseconds / 1_000_000))
        clients[client].request.begin(RequestID(high: words.high, low: words.low), idCount, of: idsFact, under: rules, at: now)
        idCount += 1
    }

    /// Record: the request is over.
    mutating func record(_ client: Int, _ ending: Ending, at now: Moment) {
        guard !clients[client].request.isRecorded else { return }
        // Of one that ends while it is behind, that too was the client's.
        if clients[client].behindSince < .max {
            clients[client].request.noteReading(now.monotonic.nanoseconds - clients[client].behindSince)
        }
        clients[client].request.finishRecord(ending, at: now.monotonic)
        if setting.subjects != nil { decisions.append(clients[client].request.decision) }
    }

    /// Which endpoint has the request: its place, which the driver knows the spelling of.
    mutating func noteEndpoint(of client: Int, _ upstream: Int) {
        clients[client].request.decision.endpoint = UInt32(upstreams[upstream].endpoint.place + 1)
    }

    /// It is let in.
    mutating func note(_ permit: Permit, for client: Int, at now: Moment) {
        let route = permit.route
        var caller = CallerFacts(key: .none, isSecure: clients[client].isSecure, isHead: head.method == .head)
        var application: UInt32 = 0
        if let index = permit.application {
            application = rules.applicationFacts[index]
            caller = CallerFacts(
                key: .good, spelt: permit.environment, registered: permit.environment,
                citizen: rules.routes[route].demandsCitizen ? .fitting : .notRead,
                certificate: rules.isBound[index] ? .fitting : .notRead, isSecure: clients[client].isSecure, isHead: head.method == .head)
        }
        clients[client].request.noteAdmission(application, caller, permit.level, cost: rules.routes[route].cost)
        if permit.application != nil, rules.routes[route].demandsCitizen { noteSubject(of: client, at: now) }
    }

    private mutating func note(_ before: LevelBefore, for client: Int) {
        clients[client].request.decision.debtNanoseconds = before.debtNanoseconds
        clients[client].request.decision.dayRemaining = before.dayRemaining
        clients[client].request.decision.inFlight = before.inFlight
    }

    /// The citizen whose token was just read.
    private mutating func noteSubject(of client: Int, at now: Moment) {
        guard let secret = setting.subjects else { return }
        let day = rules.snapshot.days.day(of: now.wall)
        let key = subjectKey.flatMap { $0.day == day ? $0 : nil } ?? secret.key(ofDay: day, by: setting.digest)
        subjectKey = key
        clients[client].request.decision.subject = tokens.withCitizen { key.subject($0) }
    }

    /// What the rules that only watch would have said.
    mutating func noteWatching(_ other: Refusal?, for client: Int) {
        clients[client].request.decision.shadow = other.map { .refused(problem(for: $0).slug) } ?? .admitted
    }

    /// It is refused by admission: what was seen of the caller, and whose bucket was empty, so that its policy is told with the refusal.
    mutating func noteCaller(of facts: RequestFacts, refused refusal: Refusal, for client: Int, at now: Moment) {
        var key = CallerFacts.Key.none
        var (spelt, registered) = (Environment.sandbox, Environment.sandbox)
        var application: Int?
        switch facts.key {
        case .none: break
        case .foreign: key = .foreign
        case .mistyped: key = .mistyped
        case .digest(let digest, let environment):
            (key, spelt) = (.unknown, environment)
            guard let index = rules.snapshot.credential(digest) else { break }
            let credential = rules.snapshot.credentials[index]
            key = credential.isGood(at: now.wall) ? .good : .ended
            (registered, application) = (credential.environment, credential.application)
        }
        clients[client].request.decision.caller = CallerFacts(
            key: key, spelt: spelt, registered: registered, isAddressRefused: refusal.isForAddress,
            citizen: key == .good ? citizenFact(facts, of: application) : .notRead, certificate: certificateFact(refusal, of: application),
            isSecure: clients[client].isSecure, isHead: clients[client].request.method == .head)
        if facts.route >= 0 { clients[client].request.decision.cost = rules.routes[facts.route].cost }
        noteRule(of: refusal, isAnonymous: application == nil, for: client)
        guard let application else { return }
        clients[client].request.decision.application = rules.applicationFacts[application]
        if refusal.level != nil { clients[client].request.application = application }
        switch facts.citizen {
        case .opaque, .obtainedThrough: noteSubject(of: client, at: now)
        case .none, .malformed: break
        }
    }

    private mutating func noteRule(of refusal: Refusal, isAnonymous: Bool, for client: Int) {
        if let level = refusal.level { note(level.before, for: client) }
        switch refusal {
        case .rateLimited(let wait, _):
            clients[client].request.decision.rule = isAnonymous ? .anonymousBucket : .bucket
            clients[client].request.decision.waitNanoseconds = wait
        case .dailyQuota(let wait, _):
            clients[client].request.decision.rule = .day
            clients[client].request.decision.waitNanoseconds = wait
        case .tooManyInFlight: clients[client].request.decision.rule = .concurrency
        case .askedTooOften(let wait): clients[client].request.decision.waitNanoseconds = wait
        case .tooManyFailures(let wait):
            clients[client].request.decision.rule = .failures
            clients[client].request.decision.waitNanoseconds = wait
            let rule = AdmissionLimits.failureRule
            clients[client].request.decision.debtNanoseconds = wait + rule.capacityNanoseconds - rule.intervalNanoseconds
        default: break
        }
    }

    private func citizenFact(_ facts: RequestFacts, of application: Int?) -> CallerFacts.Citizen {
        guard facts.route >= 0, rules.routes[facts.route].demandsCitizen, let application else { return .notRead }
        switch facts.citizen {
        case .none: return .none
        case .malformed: return .malformed
        case .obtainedThrough(let other) where other != rules.snapshot.applications[application].id: return .foreign
        case .obtainedThrough, .opaque: return .fitting
        }
    }

    /// Whether the bound application's certificate came: known only to who got as far as that station.
    private func certificateFact(_ refusal: Refusal, of application: Int?) -> CallerFacts.Certificate {
        guard let application, !rules.snapshot.applications[application].certificates.isEmpty else { return .notRead }
        return switch refusal {
        case .certificateRequired(let isShown): isShown ? .foreign : .none
        case .missingKey, .unknownKey, .mistypedKey, .revokedKey, .tooManyFailures, .applicationState, .wrongEnvironment,
            .addressNotAllowed:
            .notRead
        default: .fitting
        }
    }

    /// A problem is the answer: the verdict, or of a request let in what came in the core store's place.
    mutating func note(_ refusal: Refusal, as slug: ProblemSlug, status: Int, for client: Int) {
        clients[client].request.decision.status = UInt16(truncatingIfNeeded: status)
        if clients[client].request.isAdmitted {
            clients[client].request.decision.fault = .refused(slug)
        } else {
            clients[client].request.decision.verdict = .refused(slug)
        }
    }
}

extension RequestState {
    /// One call for all that is written at once: each access through the list of clients has its price.
    mutating func noteAdmission(_ application: UInt32, _ caller: CallerFacts, _ level: LevelReading?, cost: UInt32) {
        isAdmitted = true
        decision.cost = cost
        decision.application = application
        decision.caller = caller
        decision.rule = caller.key == .none ? .anonymousBucket : .bucket
        guard let before = level?.before else { return }
        decision.debtNanoseconds = before.debtNanoseconds
        decision.dayRemaining = before.dayRemaining
        decision.inFlight = before.inFlight
    }

    mutating func finishRecord(_ ending: Ending, at now: MonotonicTime) {
        isRecorded = true
        decision.ending = ending
        decision.totalMicroseconds = RequestState.microseconds(from: decision.monotonicNanoseconds, to: now.nanoseconds)
        guard forwardedAt > 0, !isUploadBroken else { return }
        decision.storeMicroseconds = max(
            1, RequestState.microseconds(from: forwardedAt, to: storeEndedAt > 0 ? storeEndedAt : now.nanoseconds))
    }

    /// The body is whole: a core store that took all of it as it came is measured from here on.
    mutating func noteUpload(end now: MonotonicTime) {
        if forwardedAt > 0, !hasAnswerBegun, !wasHeldBack { forwardedAt = now.nanoseconds }
    }

    /// The client was behind with its answer for so many nanoseconds.
    mutating func noteReading(_ lost: Int64) {
        if forwardedAt > 0, storeEndedAt == 0 { forwardedAt += lost }
    }

    /// The client never gave all of its body, nobody kept it from doing so, and no answer came before: the core store had no whole request.
    private var isUploadBroken: Bool { !isRead && !wasHeldBack && answerStatus == 0 }

    private static func microseconds(from start: Int64, to end: Int64) -> UInt32 { UInt32(clamping: (end - start) / 1_000) }
}

extension Refusal {
    /// The client's address is what was refused.
    fileprivate var isForAddress: Bool { if case .addressNotAllowed = self { true } else { false } }
}
