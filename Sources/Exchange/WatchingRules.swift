package import Admission
package import Registry

/// Rules that are tried beside those in force: each request is judged by them too, with levels of their own, and only its record says so.
package final class WatchingRules: Sendable {
    private let snapshot: Snapshot
    private let levels: MemoryLevels
    private let anonymous: AddressLevels
    /// By route in force: the same one here; −1 where there is none.
    private let routes: [Int]
    /// By route in force: the citizen is named there, too, so that what was read of the token is what would have been.
    private let isCitizenRead: [Bool]

    /// The shadow policy of a snapshot; nil where it has none. `levels` and `anonymous` belong to that policy's version alone.
    package init?(of snapshot: Snapshot, levels: MemoryLevelTable, anonymous: AddressLevels) {
        guard let watching = snapshot.underShadow({ $0.watching }) else { return nil }
        self.snapshot = watching
        self.levels = levels.store(for: snapshot.applications)
        self.anonymous = anonymous
        routes = snapshot.policy.routes.map { route in watching.policy.routes.firstIndex { $0.id == route.id } ?? -1 }
        isCitizenRead = snapshot.policy.routes.map { $0.identities == .applicationAndCitizen }
    }

    /// What these rules say of a request that was let in.
    func judge(_ request: RequestFacts, admittedBy permit: Permit, at now: Moment) -> Refusal? {
        guard routes[request.route] >= 0 else { return .noSuchRoute }
        guard let application = permit.application else { return judge(request, at: now) }
        do throws(Refusal) {
            try watch(admitted: application, toMake: routes[request.route], under: snapshot, spending: levels, at: now)
            return nil
        } catch {
            return error
        }
    }

    /// What they say of one that was refused.
    func judge(_ request: RequestFacts, refusedBy refusal: Refusal, at now: Moment) -> Refusal? {
        // Who guesses keys is refused by the address, whatever the policy.
        if case .tooManyFailures = refusal { return refusal }
        guard routes[request.route] >= 0 else { return .noSuchRoute }
        return judge(request, at: now)
    }

    private func judge(_ request: RequestFacts, at now: Moment) -> Refusal? {
        var facts = request
        facts.route = routes[request.route]
        if !isCitizenRead[request.route] { facts.citizen = .opaque }
        do throws(Refusal) {
            try watch(facts, under: snapshot, spending: levels, anonymous: anonymous, at: now)
            return nil
        } catch {
            return error
        }
    }
}
