import Testing

@testable import Registry

/// Policies that a snapshot has beside the one in force: one that is tried, and those that come later.
@Suite struct BesidePolicyTests {
    private let policy = SnapshotSample.policy

    private func application(plan: String, scopes: [Scope] = [.search]) -> ApplicationRecord {
        ApplicationRecord(
            id: SnapshotSample.identifier("app"), partner: SnapshotSample.identifier("partner"), state: .live,
            ends: WallTime(nanoseconds: .max), scopes: ScopeSet(scopes), plan: SnapshotSample.identifier(plan), allowedAddresses: [])
    }

    private func without(_ plan: String) -> Policy {
        var policy = policy
        policy.plans.removeAll { $0.id.text == plan }
        return policy
    }

    @Test func `an application's plan is found in the shadow policy where it stands there`() throws {
        var shadow = policy
        shadow.plans.insert(Plan(id: SnapshotSample.identifier("basic"), buckets: [:]), at: 1)
        let snapshot = try Snapshot(
            revision: 1, policy: policy, applications: [application(plan: "standard"), application(plan: "anonymous")], credentials: [],
            shadow: shadow)
        #expect(snapshot.planIndexes == [1, 0] && snapshot.anonymousPlanIndex == 0)
        #expect(snapshot.shadowPlanIndexes?.applications == [2, 0] && snapshot.shadowPlanIndexes?.anonymous == 0)
    }

    @Test func `a policy beside the one in force must have the plan of whoever was granted anything`() throws {
        let lacking = without("standard")
        let later = AnnouncedPolicy(from: WallTime(nanoseconds: 1), policy: lacking)
        let granted = application(plan: "standard")
        #expect(throws: Snapshot.Flaw.unknownPlan("standard")) {
            _ = try Snapshot(revision: 1, policy: policy, applications: [granted], credentials: [], shadow: lacking)
        }
        #expect(throws: Snapshot.Flaw.unknownPlan("standard")) {
            _ = try Snapshot(revision: 1, policy: policy, applications: [granted], credentials: [], announced: [later])
        }
        let draft = application(plan: "standard", scopes: [])
        let snapshot = try Snapshot(
            revision: 1, policy: policy, applications: [draft], credentials: [], shadow: lacking, announced: [later])
        #expect(snapshot.shadowPlanIndexes?.applications == [0], "a draft has no plan yet")
    }

    @Test func `a policy beside the one in force must have a plan for callers without a key`() throws {
        let lacking = without("anonymous")
        #expect(throws: Snapshot.Flaw.unknownPlan("anonymous")) {
            _ = try Snapshot(revision: 1, policy: policy, applications: [], credentials: [], shadow: lacking)
        }
        #expect(throws: Snapshot.Flaw.unknownPlan("anonymous")) {
            let later = AnnouncedPolicy(from: WallTime(nanoseconds: 1), policy: lacking)
            _ = try Snapshot(revision: 1, policy: policy, applications: [], credentials: [], announced: [later])
        }
    }

    @Test func `more announced policies than may be, or two for one time, are refused`() throws {
        func file(_ times: [Int64]) throws -> [UInt8] {
            let later = times.map { AnnouncedPolicy(from: WallTime(nanoseconds: $0), policy: policy) }
            return SnapshotFile.encode(try Snapshot(revision: 1, policy: policy, applications: [], credentials: [], announced: later))
        }
        let most = Int64(AnnouncedPolicy.most)
        #expect(try SnapshotFile.decode(file(Array(0..<most))).announced.count == AnnouncedPolicy.most)
        #expect(throws: SnapshotFile.Damage.outOfForm("announced policies")) { _ = try SnapshotFile.decode(file(Array(0...most))) }
        #expect(throws: SnapshotFile.Damage.outOfForm("announced policies")) { _ = try SnapshotFile.decode(file([3, 3])) }
    }

    @Test(arguments: [0, -1, 1_000_000_001, Int64.min, .max]) func `a capacity that cannot be is refused`(_ requests: Int64) throws {
        var flawed = policy
        flawed.capacityPerSecond = [.search: requests]
        let file = SnapshotFile.encode(try Snapshot(revision: 1, policy: flawed, applications: [], credentials: []))
        #expect(throws: SnapshotFile.Damage.outOfForm("capacity")) { _ = try SnapshotFile.decode(file) }
    }
}
