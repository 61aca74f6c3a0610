package import Admission
package import Registry

/// Rules that are tried beside those in force: each request is judged by them too, with levels of their own, and only its record says so.
package final class WatchingRules: Sendable {
    private let snapshot: Snapshot
    private let levels: MemoryLevels
    private let anonymous: AddressLevels
    /// By route in force: what its calls find here.
    private let fates: [RouteFate]
    /// By route in force: the citizen is named there, too, so that what was read of the token is what would have been.
    private let isCitizenRead: [Bool]

    /// The shadow policy of a snapshot; nil where it has none. `levels` and `anonymous` belong to that policy's version alone.
    package init?(of snapshot: Snapshot, levels: MemoryLevelTable, anonymous: AddressLevels) {
        guard let watching = snapshot.underShadow({ $0.watching }) else { return nil }
        self.snapshot = watching
        self.levels = levels.store(for: snapshot.applications)
        self.anonymous = anonymous
        let routes = snapshot.policy.routes
        fates = routes.map { watching.policy.routes.fate(of: $0, among: routes) }
        isCitizenRead = snapshot.policy.routes.map { $0.identities == .applicationAndCitizen }
    }

    /// What these rules say of a request that was let in.
    func judge(_ request: RequestFacts, admittedBy permit: Permit, at now: Moment) -> Refusal? {
        do throws(Refusal) {
            let route = try route(of: request)
            guard let application = permit.application else { return judge(request, toMake: route, at: now) }
            try watch(admitted: application, toMake: route, under: snapshot, spending: levels, at: now)
            return nil
        } catch {
            return error
        }
    }

    /// What they say of one that was refused.
    func judge(_ request: RequestFacts, refusedBy refusal: Refusal, at now: Moment) -> Refusal? {
        do throws(Refusal) {
            let route = try route(of: request)
            // Who guesses keys is refused by the address, whatever the policy.
            if case .tooManyFailures = refusal { return refusal }
            return judge(request, toMake: route, at: now)
        } catch {
            return error
        }
    }

    /// Where most calls of a template's go one way, this one is taken to go there too: nothing is left of its path but the route.
    private func route(of request: RequestFacts) throws(Refusal) -> Int {
        switch fates[request.route] {
        case .route(let route), .unknown(.some(let route)): return route
        case .methodNotAllowed(let allowed): throw .methodNotAllowed(allowed: allowed)
        case .noSuchRoute, .unknown(.none): throw .noSuchRoute
        }
    }

    private func judge(_ request: RequestFacts, toMake route: Int, at now: Moment) -> Refusal? {
        var facts = request
        facts.route = route
        if !isCitizenRead[request.route] { facts.citizen = .opaque }
        do throws(Refusal) {
            try watch(facts, under: snapshot, spending: levels, anonymous: anonymous, at: now)
            return nil
        } catch {
            return error
        }
    }
}
