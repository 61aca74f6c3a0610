import Registry
import Testing

@Suite struct ExtraQuotaTests {
    private let end = WallTime(seconds: 1)
    private let before = WallTime(nanoseconds: 999_999_999)

    private func rule(_ tokens: Int64, _ period: Int64, _ burst: Int64) -> BucketRule {
        BucketRule(tokens: tokens, periodNanoseconds: period, burst: burst)
    }

    private func application(_ name: String, _ percent: UInt16?) -> ApplicationRecord {
        ApplicationRecord(
            id: SnapshotSample.identifier(name), partner: SnapshotSample.identifier("partner"), state: .live,
            ends: WallTime(nanoseconds: .max), scopes: ScopeSet([.search]), plan: SnapshotSample.identifier("standard"),
            allowedAddresses: [],
            extra: percent.map { ExtraQuota(percent: $0, until: end) })
    }

    @Test func `everything of a plan is raised by the same share, exactly, and what has no end stays without one`() {
        let plan = Plan(
            id: SnapshotSample.identifier("plan"),
            allowances: [
                .search: Allowance(bucket: rule(100, 300_000, 101), dayTokens: 1_001, concurrency: 5),
                .booking: Allowance(bucket: rule(1, 7, 1)),
            ])
        let raised = plan.raised(byPercent: 50)
        #expect(raised[.search] == Allowance(bucket: rule(150, 300_000, 151), dayTokens: 1_501, concurrency: 7))
        #expect(raised[.booking] == Allowance(bucket: rule(150, 700, 1)), "1.5 in 7 is 150 in 700")
        #expect(raised[.identity] == nil && raised.id == plan.id)
    }

    @Test func `a rule at the edge of what can be counted stays as it is`() {
        for edge in [rule(1, .max / 8, 1), rule(.max / 8, .max / 8, 1), rule(1, 1, .max / 8)] {
            let plan = Plan(id: SnapshotSample.identifier("plan"), buckets: [.search: edge])
            #expect(plan.raised(byPercent: 1_000)[.search]?.bucket == edge)
        }
    }

    @Test func `applications with the same share of the same plan have one raised plan until its end, others the policy's own`() throws {
        let policy = SnapshotSample.policy
        let applications = [("one", nil), ("two", 50), ("three", 50), ("four", 10)].map { application($0, $1) }
        let snapshot = try Snapshot(revision: 1, policy: policy, applications: applications, credentials: [], shadow: policy)
        #expect(snapshot.planIndexes == [1, 2, 2, 3] && snapshot.plans.count == 4)
        #expect(Array(snapshot.plans.prefix(2)) == policy.plans)
        let base = try #require(policy.plan(SnapshotSample.identifier("standard")))
        for (index, application) in applications.enumerated() {
            let plan = application.extra.map { base.raised(byPercent: $0.percent) } ?? base
            for (time, now) in [(before, plan), (end, base)] {
                #expect(snapshot.allowance(ofApplication: index, for: .search, at: time) == now[.search])
                #expect(policy.plan(of: application, at: time) == now)
            }
        }
        let watching = try #require(snapshot.underShadow { $0 })
        #expect(watching.allowance(ofApplication: 1, for: .search, at: before) == base.raised(byPercent: 50)[.search])
        #expect(watching.allowance(ofApplication: 1, for: .search, at: end) == base[.search])
    }

    @Test(arguments: [UInt16(0), 1_001, .max]) func `a share that no rules allow is refused`(_ percent: UInt16) throws {
        let snapshot = try Snapshot(
            revision: 1, policy: SnapshotSample.policy, applications: [application("one", percent)], credentials: [])
        #expect(throws: SnapshotFile.Damage.outOfForm("extra quota")) { _ = try SnapshotFile.decode(SnapshotFile.encode(snapshot)) }
    }
}
