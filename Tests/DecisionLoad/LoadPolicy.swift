import Decisions
import Registry

/// The rules that the load is judged by: calls as the partners make them, plans as large as each of them needs.
struct LoadPolicy {
    let policy: Policy
    let applications: [ApplicationRecord]
    /// Which plan is which application's, by index into `policy.plans`.
    let plans: [Int]

    /// Applications that misbehave: one asks far beyond its plan, one for what it was not granted. The third has no key that anybody knows.
    static let (greedy, scopeless) = (9, 17)

    /// Rules for so many applications, of which each makes so many requests a second.
    init(requestsPerSecond: [Double]) {
        let names = ["generate-otp", "beneficiaries", "find-by-pin", "find-by-district", "calendar-by-pin", "schedule", "slip"]
        let scopes: [Scope] = [.identity, .beneficiary, .search, .search, .search, .booking, .documents]
        let routes = zip(names, scopes).map { name, scope in
            Route(
                id: LoadPolicy.identifier(name), method: [.identity, .booking].contains(scope) ? .post : .get, path: "/api/v2/\(name)",
                parameters: [], scope: scope, cost: name == "calendar-by-pin" ? 3 : 1,
                identities: [.search, .identity].contains(scope) ? .application : .applicationAndCitizen, maximumBodyBytes: 4_096,
                timeouts: RouteTimeouts(firstByteMilliseconds: 5_000, requestMilliseconds: 15_000))
        }
        var plans = [Plan(id: LoadPolicy.identifier("anonymous"), buckets: [.search: LoadPolicy.bucket(perSecond: 1)])]
        // Each plan has four times the tokens of the one before, from 5 a second on, so that none of its applications is ever near.
        let sizes = (0..<8).map { 5 << (2 * $0) }
        for size in sizes {
            let bucket = LoadPolicy.bucket(perSecond: Int64(size))
            var allowances = Dictionary(uniqueKeysWithValues: Scope.allCases.map { ($0, Allowance(bucket: bucket)) })
            allowances[.search] = Allowance(bucket: bucket, dayTokens: Int64(size) * 40_000, concurrency: 20 + Int64(size))
            plans.append(Plan(id: LoadPolicy.identifier("plan-\(size)"), allowances: allowances))
        }
        policy = Policy(
            version: String(repeating: "5e", count: 32), plans: plans, anonymousPlan: plans[0].id, defaultPlans: [.app: plans[1].id],
            routes: routes)
        let chosen = requestsPerSecond.enumerated().map { index, rate in
            index == LoadPolicy.greedy ? sizes[0] : sizes.first { Double($0) > rate * 1.5 } ?? sizes[sizes.count - 1]
        }
        applications = chosen.enumerated().map { index, size in
            ApplicationRecord(
                id: LoadPolicy.identifier("application-\(index)"), partner: LoadPolicy.identifier("partner-\(index / 2)"), state: .live,
                ends: WallTime(nanoseconds: .max),
                scopes: ScopeSet(Scope.allCases.filter { index != LoadPolicy.scopeless || $0 != .booking }),
                plan: LoadPolicy.identifier("plan-\(size)"), allowedAddresses: [])
        }
        let policy = policy
        self.plans = applications.map { application in policy.plans.firstIndex { $0.id == application.plan } ?? 0 }
    }

    private static func bucket(perSecond: Int64) -> BucketRule {
        BucketRule(tokens: perSecond, periodNanoseconds: 1_000_000_000, burst: max(60, perSecond * 2))
    }

    static func identifier(_ text: String) -> Identifier {
        guard let identifier = Identifier(text) else { preconditionFailure("\(text) is no id") }
        return identifier
    }
}
