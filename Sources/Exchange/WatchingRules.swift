package import Admission
package import Registry

/// Rules that are tried beside those in force: each request is judged by them too, with levels of their own, and only its record says so.
package final class WatchingRules: Sendable {
    private let snapshot: Snapshot
    private let levels: any LevelStore
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

    /// What these rules say of a request; `refusal` is what the rules in force said.
    func judge(_ request: RequestFacts, refused refusal: Refusal?, at now: Moment) -> Refusal? {
        // Who guesses keys is refused by the address, whatever the policy.
        if case .tooManyFailures? = refusal { return refusal }
        guard routes[request.route] >= 0 else { return .noSuchRoute }
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
