package import Admission
package import Decisions
package import Registry

/// A snapshot made ready for requests: routes found by path, parameters and header lines as bytes. Built off the loops, then shared.
package final class Ruleset: Sendable {
    /// What was published.
    package let snapshot: Snapshot
    /// Where the levels of its applications are kept, by the same indexes.
    let levels: any LevelStore
    /// Its applications' requests in flight, by the same indexes.
    let inFlight: [InFlightCounts]
    let table: RouteTable
    let routes: [CompiledRoute]
    /// By application and environment: `X-Partner-Id`, `X-Application-Id` and `X-Environment` lines, and the name of `X-Request-Id`.
    private let identityLines: [[UInt8]]
    let anonymousLines: [UInt8]
    /// By plan, then scope: the `RateLimit-Policy` line and the beginning of `RateLimit`, the same for every request of a bucket.
    private let policyLines: [[UInt8]]
    private let anonymousPolicyLines: [[UInt8]]

    /// By scope: `, "search-day";r=`, for plans with a daily quota.
    let dayItems: [[UInt8]]

    /// What records name by numbers.
    package let facts: FactTable
    /// What records name these rules by.
    let fact: UInt32
    /// By application: what records name it by, as it is under these rules.
    let applicationFacts: [UInt32]

    /// By application: it is bound to certificates.
    let isBound: [Bool]

    /// What is tried beside these rules; nil where nothing is.
    let watching: WatchingRules?
    /// How often its applications asked for our own pages, by the same indexes.
    let asking: any LevelStore

    /// Makes a snapshot ready, with the level store made for it, and the counts and facts that all snapshots of a process share.
    package init(
        _ snapshot: Snapshot, levels: any LevelStore, inFlight: InFlightTable = InFlightTable(), facts: FactTable = FactTable(),
        watching: WatchingRules? = nil, asking: (any LevelStore)? = nil
    ) {
        self.watching = watching
        self.asking = asking ?? MemoryLevelTable().store(for: snapshot.applications)
        self.snapshot = snapshot
        self.facts = facts
        fact = facts.number(of: .rules(snapshot.policy, shadow: snapshot.shadow))
        isBound = snapshot.applications.map { !$0.certificates.isEmpty }
        applicationFacts = snapshot.applications.map { facts.number(of: .application($0)) }
        self.levels = levels
        self.inFlight = inFlight.counts(of: snapshot.applications)
        table = RouteTable(snapshot.policy.routes)
        routes = snapshot.policy.routes.map(CompiledRoute.init)
        identityLines = snapshot.applications.flatMap { application in
            Environment.allCases.map { environment in
                Array(
                    """
                    X-Partner-Id: \(application.partner.text)\r\nX-Application-Id: \(application.id.text)\r\n\
                    X-Environment: \(environment.name)\r\nX-Request-Id:\u{20}
                    """.utf8)
            }
        }
        anonymousLines = Array("X-Environment: production\r\nX-Request-Id: ".utf8)
        let byPlan = snapshot.plans.map { plan in Scope.allCases.map { Ruleset.policyLine(plan[$0], scope: $0) } }
        policyLines = byPlan.flatMap { $0 }
        anonymousPolicyLines = byPlan[snapshot.anonymousPlanIndex]
        dayItems = Scope.allCases.map { Array(", \"\($0.name)-day\";r=".utf8) }
    }

    /// Whose record or limits are other ones than under the rules before, for the log.
    package func changes(since old: Ruleset, at now: WallTime) -> [RuleChange] {
        let before = Dictionary(uniqueKeysWithValues: old.snapshot.applications.indices.map { (old.snapshot.applications[$0].id, $0) })
        var left = Set(old.snapshot.applications.indices)
        var changes: [RuleChange] = []
        func note(_ earlier: Int?, _ later: Int?) {
            changes.append(
                RuleChange(
                    wallNanoseconds: now.nanoseconds, applicationBefore: earlier.map { old.applicationFacts[$0] } ?? 0,
                    applicationAfter: later.map { applicationFacts[$0] } ?? 0, rulesBefore: old.fact, rulesAfter: fact))
        }
        for index in snapshot.applications.indices {
            guard let earlier = before[snapshot.applications[index].id] else {
                note(nil, index)
                continue
            }
            left.remove(earlier)
            let hasOtherLimits =
                snapshot.plans[snapshot.planIndex(ofApplication: index, at: now)].allowances
                != old.snapshot.plans[old.snapshot.planIndex(ofApplication: earlier, at: now)].allowances
            if old.snapshot.applications[earlier] != snapshot.applications[index] || hasOtherLimits { note(earlier, index) }
        }
        for earlier in left.sorted() { note(earlier, nil) }
        return changes
    }

    func identityLine(application: Int?, environment: Environment) -> [UInt8] {
        guard let application else { return anonymousLines }
        return identityLines[application * 2 + Int(environment.rawValue)]
    }

    func policyLine(application: Int?, scope: Scope, at now: WallTime) -> [UInt8] {
        guard let application else { return anonymousPolicyLines[Int(scope.rawValue)] }
        return policyLines[snapshot.planIndex(ofApplication: application, at: now) * Scope.allCases.count + Int(scope.rawValue)]
    }

    /// `RateLimit-Policy: "search";q=100;w=300` and `RateLimit: "search";r=` (draft-ietf-httpapi-ratelimit-headers §3 and §4), the day's
    /// quota as a second item of the policy where there is one.
    private static func policyLine(_ allowance: Allowance?, scope: Scope) -> [UInt8] {
        guard let allowance else { return [] }
        var policy = "RateLimit-Policy: \"\(scope.name)\";q=\(allowance.bucket.burst);w=\(allowance.bucket.windowSeconds)"
        if allowance.dayTokens > 0 { policy += ", \"\(scope.name)-day\";q=\(allowance.dayTokens);w=\(DayClock.daySeconds)" }
        return Array("\(policy)\r\nRateLimit: \"\(scope.name)\";r=".utf8)
    }
}

/// A route with what the path of a request needs of it, as bytes and small numbers.
struct CompiledRoute: Sendable {
    var parameters: [CompiledParameter]
    var scope: Scope
    var isSafe: Bool
    var demandsCitizen: Bool
    var maximumBodyBytes: UInt64
    var firstByteNanoseconds: Int64
    var requestNanoseconds: Int64
    /// Tokens, as records have them.
    var cost: UInt32

    init(_ route: Route) {
        precondition(route.parameters.count <= Route.maximumParameters, "the snapshot file's form bounds a route's parameters")
        parameters = route.parameters.map(CompiledParameter.init)
        scope = route.scope
        cost = UInt32(clamping: route.cost)
        isSafe = route.method.isSafe
        demandsCitizen = route.identities == .applicationAndCitizen
        maximumBodyBytes = UInt64(route.maximumBodyBytes)
        firstByteNanoseconds = route.timeouts.firstByteMilliseconds * 1_000_000
        requestNanoseconds = route.timeouts.requestMilliseconds * 1_000_000
    }
}
