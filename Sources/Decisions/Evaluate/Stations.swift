import Admission
import Registry

/// What the stations came to.
struct Outcome {
    var verdict: Verdict
    var rule = DecidingRule.none
    var waitNanoseconds: Int64 = 0

    static func refused(_ slug: ProblemSlug) -> Outcome { Outcome(verdict: .refused(slug)) }

    /// Whether the record says the same. What is told to one who has to wait for requests in flight is a suggestion, which no rule makes.
    func agrees(with decision: Decision) -> Bool {
        guard verdict == decision.verdict, rule == decision.rule else { return false }
        return rule == .concurrency || waitNanoseconds == decision.waitNanoseconds
    }
}

/// A station asks for what neither the record nor its facts say.
struct Incomplete: Error {}

/// Where the stations before throttling lead.
enum Way {
    /// To a refusal.
    case refused(ProblemSlug)
    /// To a refusal that the address's bucket of failures pays for.
    case failed(ProblemSlug)
    /// To this bucket of the address.
    case byAddress(BucketRule)
    /// To what the application's plan allows.
    case byApplication(Allowance)
}

/// One request's way through admission as it should have gone: key, state, environment, address, certificate, scope, citizen, throttling.
struct Stations {
    let decision: Decision
    let application: ApplicationRecord?
    let policy: Policy
    let route: Route

    func outcome() throws(Incomplete) -> Outcome {
        switch try way() {
        case .refused(let slug): .refused(slug)
        case .failed(let slug): failed(slug)
        case .byAddress(let bucket): try throttledByAddress(under: bucket)
        case .byApplication(let allowance): try throttled(under: allowance)
        }
    }

    func way() throws(Incomplete) -> Way {
        switch decision.caller.key {
        case .none: return try wayWithoutKey()
        case .foreign, .unknown: return .failed(.unknownKey)
        case .mistyped: return .failed(.mistypedKey)
        case .ended: return .failed(.revokedKey)
        case .good: break
        }
        guard let application else { throw Incomplete() }
        if let refusal = try authorisation(of: application) { return .refused(refusal) }
        let time = WallTime(nanoseconds: decision.wallNanoseconds)
        guard let plan = policy.plan(of: application, at: time) else { throw Incomplete() }
        return plan[route.scope].map { .byApplication($0) } ?? .refused(.scopeNotGranted)
    }

    /// Of the plan of such callers, only buckets count.
    private func wayWithoutKey() throws(Incomplete) -> Way {
        guard route.identities == .anyone else { return .refused(.missingKey) }
        guard let plan = policy.plans.first(where: { $0.id == policy.anonymousPlan }) else { throw Incomplete() }
        return plan[route.scope].map { .byAddress($0.bucket) } ?? .refused(.scopeNotGranted)
    }

    /// The problem of the first station that refuses, or nil.
    private func authorisation(of application: ApplicationRecord) throws(Incomplete) -> ProblemSlug? {
        let caller = decision.caller
        if !isOpen(application, to: caller.registered) { return .applicationState }
        if caller.spelt != caller.registered { return .wrongEnvironment }
        if !application.allowedAddresses.isEmpty, caller.isAddressRefused { return .addressNotAllowed }
        if !application.certificates.isEmpty {
            switch caller.certificate {
            case .notRead: throw Incomplete()
            case .none, .foreign: return .certificateRequired
            case .fitting: break
            }
        }
        if !application.scopes.scopes.contains(route.scope) { return .scopeNotGranted }
        guard route.identities == .applicationAndCitizen else { return nil }
        switch caller.citizen {
        case .notRead: throw Incomplete()
        case .none, .malformed: return .missingCitizenToken
        case .foreign: return .foreignCitizenToken
        case .fitting: return nil
        }
    }

    /// The table of design.md §3: in which states a key of the environment works.
    private func isOpen(_ application: ApplicationRecord, to environment: Environment) -> Bool {
        switch application.state {
        case .sandbox, .certifying, .approved: environment == .sandbox
        case .live: true
        case .withdrawn: decision.wallNanoseconds < application.ends.nanoseconds
        case .draft, .submitted, .inReview, .changesRequested, .rejected, .suspended, .revoked: false
        }
    }
}
