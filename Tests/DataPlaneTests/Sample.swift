import Registry
import Support
import Testing
import Transport

/// Snapshots with one application, its key, and a call that a core store answers.
enum Sample {
    static let key: String = {
        var generator = SplitMix64(seed: 6)
        return KeyForm.make(.production, using: &generator)
    }()

    /// The file's bytes; `burst` tokens that come back too slowly to see.
    static func snapshot(revision: UInt64, state: ApplicationState = .live, burst: Int64 = 1_000) throws -> [UInt8] {
        let rule = BucketRule(tokens: 1, periodNanoseconds: 3_600_000_000_000, burst: burst)
        let plan = Plan(id: try identifier("plan"), buckets: [.search: rule])
        let route = Route(
            id: try identifier("find"), method: .get, path: "/find", parameters: [], scope: .search, cost: 1, identities: .application,
            maximumBodyBytes: 0, timeouts: RouteTimeouts(firstByteMilliseconds: 10_000, requestMilliseconds: 60_000))
        let policy = Policy(version: "0", plans: [plan], anonymousPlan: plan.id, defaultPlans: [:], routes: [route])
        let application = ApplicationRecord(
            id: try identifier("app-one"), partner: try identifier("partner"), state: state, ends: WallTime(nanoseconds: .max),
            scopes: ScopeSet([.search]), plan: plan.id, allowedAddresses: [])
        let bytes = Array(key.utf8)
        let credential = CredentialRecord(
            digest: KeyDigest.digest(bytes.span), application: 0, environment: .production, state: .active,
            until: WallTime(nanoseconds: .max))
        let snapshot = try Snapshot(revision: revision, policy: policy, applications: [application], credentials: [credential])
        return SnapshotFile.encode(snapshot)
    }

    private static func identifier(_ text: String) throws -> Identifier { try #require(Identifier(text)) }
}
