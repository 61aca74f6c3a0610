import Registry
import Support
import Testing
import Transport

/// One application with a key, a public search and a call with a body.
enum Sample {
    static let key: String = {
        var generator = SplitMix64(seed: 5)
        return KeyForm.make(.production, using: &generator)
    }()

    static func get(districtID: Int) -> String { "GET /find?district_id=\(districtID) HTTP/1.1\r\nHost: a\r\n\r\n" }

    static func snapshot() throws -> Snapshot {
        let plan = Plan(
            id: try identifier("generous"),
            buckets: Dictionary(
                uniqueKeysWithValues: Scope.allCases.map {
                    ($0, BucketRule(tokens: 1_000_000, periodNanoseconds: 1_000_000_000, burst: 1_000_000))
                }))
        let district = Parameter(name: "district_id", form: .digits(least: 1, most: 9), isRequired: true)
        let timeouts = RouteTimeouts(firstByteMilliseconds: 60_000, requestMilliseconds: 60_000)
        let routes = [
            Route(
                id: try identifier("find"), method: .get, path: "/find", parameters: [district], scope: .search, cost: 1,
                identities: .anyone,
                maximumBodyBytes: 0, timeouts: timeouts),
            Route(
                id: try identifier("otp"), method: .post, path: "/otp", parameters: [], scope: .identity, cost: 1, identities: .application,
                maximumBodyBytes: 1_000_000, timeouts: timeouts),
        ]
        let policy = Policy(version: "0", plans: [plan], anonymousPlan: plan.id, defaultPlans: [:], routes: routes)
        let application = ApplicationRecord(
            id: try identifier("app-one"), partner: try identifier("partner"), state: .live, ends: WallTime(nanoseconds: .max),
            scopes: ScopeSet(Scope.allCases), plan: plan.id, allowedAddresses: [])
        let bytes = Array(key.utf8)
        let credential = CredentialRecord(
            digest: KeyDigest.digest(bytes.span), application: 0, environment: .production, state: .active,
            until: WallTime(nanoseconds: .max))
        return try Snapshot(revision: 1, policy: policy, applications: [application], credentials: [credential])
    }

    private static func identifier(_ text: String) throws -> Identifier { try #require(Identifier(text)) }
}
