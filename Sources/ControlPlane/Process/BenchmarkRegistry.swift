import GRDB
package import Registry

/// Makes a registry for measurements, in one transaction: of 1,000 applications (other numbers keep the shares), 0–799 live under a plan that never
/// empties, 800–949 live under one with a token in 1,000 s, 950–999 suspended. Returns a production key each, in that order, and publishes.
package func makeBenchmarkRegistry(
    stateDirectory: String, policiesDirectory: String, applications count: Int = 1_000, at now: WallTime = .now()
) throws -> [String] {
    let policy = BenchmarkRegistry.policy(from: try loadPolicy(from: policiesDirectory))
    let registry = try RegistryStore(stateDirectory: stateDirectory)
    guard try registry.isEmpty() else { throw RegistryError.outOfForm("\(stateDirectory) holds a registry already: name an empty folder") }
    let leftover = SnapshotPublisher.publishedRevision(in: stateDirectory)
    let keys = try registry.write { database in
        try RegistryStore.startAbove(leftover, database)
        _ = try RegistryStore.acceptPolicy(
            policy, as: PolicyDecision(ofGateway: BenchmarkRegistry.actor, at: now), database)
        return try BenchmarkRegistry.fill(count, at: now, database)
    }
    try SnapshotPublisher.publish(registry, to: stateDirectory)
    try registry.close()
    return keys
}

private enum BenchmarkRegistry {
    static let actor = Actor("benchmark", from: .gateway)
    static let full = "benchmark-never-empties"
    static let empty = "benchmark-one-token"
    static let suspended = "a share of the benchmark's applications is suspended"

    static func policy(from policy: Policy) -> Policy {
        let second: Int64 = 1_000_000_000
        func plan(_ name: String, _ bucket: BucketRule) -> Plan? {
            Identifier(name).map { Plan(id: $0, buckets: Dictionary(uniqueKeysWithValues: Scope.allCases.map { ($0, bucket) })) }
        }
        let plans = [
            plan(full, BucketRule(tokens: 1_000_000, periodNanoseconds: second, burst: 1_000_000)),
            plan(empty, BucketRule(tokens: 1, periodNanoseconds: 1_000 * second, burst: 1)),
        ]
        return CanonicalPolicy.sealed(
            Policy(
                version: "", plans: policy.plans + plans.compactMap { $0 }, anonymousPlan: policy.anonymousPlan,
                defaultPlans: policy.defaultPlans, routes: policy.routes))
    }

    static func fill(_ count: Int, at now: WallTime, _ database: Database) throws -> [String] {
        let declarations = try stride(from: 0, to: count, by: Limits.applicationsPerPartner).map { first in
            try partner(first, applications: first..<min(first + Limits.applicationsPerPartner, count), of: count)
        }
        _ = try RegistryStore.importPartners(declarations, by: actor, at: now, database)
        return try declarations.flatMap(\.applications).enumerated().map { index, application in
            let key = try RegistryStore.issueKey(
                to: application.id, in: .production, named: "benchmark", by: actor, at: now, database)
            // Suspended afterwards: a suspended application may not be issued a key.
            if index >= count * 95 / 100 { try suspend(application.id, at: now, database) }
            return key.key
        }
    }

    private static func suspend(_ id: Identifier, at now: WallTime, _ database: Database) throws {
        let application = try RegistryStore.application(id, database)
        var lifecycle = application.lifecycle
        let before = lifecycle.state
        _ = try lifecycle.move(.suspend, by: actor.name, at: now)
        try RegistryStore.save(lifecycle, terms: nil, of: id, at: now, database)
        try RegistryStore.record(
            RecordedMove(
                number: 0, application: id, from: before, to: lifecycle.state, move: LifecycleMove.suspend.rawValue, actor: actor.name,
                time: now, reason: suspended, isPending: false),
            database)
        let after = try RegistryStore.application(id, database)
        let event = AuditEvent(
            .move(.suspend), of: .application(id), before: AuditFacts(application), after: AuditFacts(after), reason: suspended)
        try RegistryStore.audit(event, by: actor, at: now, database)
    }

    private static func partner(_ first: Int, applications: Range<Int>, of count: Int) throws -> PartnerDeclaration {
        PartnerDeclaration(
            id: try identifier("benchmark-\(first)"), kind: .app, name: "Benchmark \(first)", registration: "none",
            site: "https://benchmark.example", contacts: [.technical: "benchmark@benchmark.example"],
            applications: try applications.map { index in
                ApplicationDeclaration(
                    id: try identifier("benchmark-application-\(index)"), name: "Benchmark \(index)", purpose: "Is measured.",
                    scopes: ScopeSet(Scope.allCases), plan: try identifier(index < count * 80 / 100 ? full : empty), state: .live)
            })
    }

    private static func identifier(_ text: String) throws(RegistryError) -> Identifier {
        guard let identifier = Identifier(text) else { throw .outOfForm("'\(text)' is no id") }
        return identifier
    }
}
