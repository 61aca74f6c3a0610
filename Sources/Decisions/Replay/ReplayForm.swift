import Admission
import Registry

// What a record does not say – which path, query, body or address – no policy can be asked about: only whether it asks otherwise than the recorded
// one did.
extension ReplayRules {
    /// What becomes of a request that was refused for its form, or that the gateway answered itself.
    mutating func step(ofForm verdict: Verdict, route: Int, under recorded: Policy?) -> Course.Step {
        guard let proposed, let slug = verdict.slug else { return .stands }
        switch slug {
        case .noSuchRoute:
            guard let recorded else { return .unknown }
            return proposed.paths.isSubset(of: recorded.paths) ? .stands : .unknown
        case .methodNotAllowed:
            guard let recorded else { return .unknown }
            // Without its path it would be refused otherwise.
            return proposed.calls.isSubset(of: recorded.calls) && recorded.paths.isSubset(of: proposed.paths) ? .stands : .unknown
        case .badParameter, .bodyTooLarge:
            // One of the gateway's own pages has no route.
            guard route >= 0 else { return .stands }
            guard let recorded, recorded.routes.indices.contains(route) else { return .unknown }
            switch fate(ofRoute: route, under: recorded) {
            case .route(let place): return isFormAsked(alike: recorded.routes[route], proposed.routes[place], slug) ? .stands : .unknown
            case .methodNotAllowed: return .refused(.methodNotAllowed)
            case .noSuchRoute: return .refused(.noSuchRoute)
            case .unknown: return .unknown
            }
        default:
            return .stands
        }
    }

    /// Parameters are read first, so that a body too large has good ones.
    private func isFormAsked(alike old: Route, _ new: Route, _ slug: ProblemSlug) -> Bool {
        old.parameters == new.parameters && (slug == .badParameter || old.maximumBodyBytes == new.maximumBodyBytes)
    }
}

extension Policy {
    fileprivate var paths: Set<String> { Set(routes.map(\.path)) }
    /// Methods with their paths.
    fileprivate var calls: Set<String> { Set(routes.map(\.call)) }

    /// Tokens by method and path, of routes that ask for no key.
    fileprivate func strangersPrices(of scope: Scope) -> [String: Int64] {
        Dictionary(routes.filter { $0.scope == scope && $0.identities == .anyone }.map { ($0.call, $0.cost) }) { first, _ in first }
    }
}

extension Route {
    fileprivate var call: String { "\(method.token) \(path)" }
}

extension Stations {
    /// A caller without a key finds the bucket that it found: the same rule, and the same prices of all calls that are charged to it. Whose calls those
    /// are is not on record, so nobody can say what else would be left in it.
    func chargesStrangers(as recorded: Stations) -> Bool {
        guard let bucket = policy.plan(policy.anonymousPlan)?[route.scope]?.bucket,
            let other = recorded.policy.plan(recorded.policy.anonymousPlan)?[route.scope]?.bucket
        else { return false }
        return bucket.isAsFast(as: other) && policy.strangersPrices(of: route.scope) == recorded.policy.strangersPrices(of: route.scope)
    }
}
