import Testing

@testable import Registry

/// Files that earlier versions wrote: a data plane may start on one, and an upgrade may meet one.
@Suite struct OlderSnapshotTests {
    private let plan: Plan
    private let policy: Policy
    private let application: ApplicationRecord

    init() {
        let bucket = BucketRule(tokens: 100, periodNanoseconds: 300_000_000_000, burst: 100)
        plan = Plan(id: SnapshotSample.identifier("anonymous"), buckets: [.search: bucket])
        policy = Policy(version: "v", plans: [plan], anonymousPlan: plan.id, defaultPlans: [:], routes: [])
        application = ApplicationRecord(
            id: SnapshotSample.identifier("app"), partner: SnapshotSample.identifier("partner"), state: .live,
            ends: WallTime(nanoseconds: .max), scopes: ScopeSet([.search]), plan: plan.id, allowedAddresses: [])
    }

    @Test func `the third version is written where no application has extra quota, so that an older data plane goes on hearing`() throws {
        let snapshot = try Snapshot(revision: 7, policy: policy, applications: [application], credentials: [], shadow: policy)
        let file = SnapshotFile.encode(snapshot)
        #expect(file[7] == 3)
        let read = try SnapshotFile.decode(file)
        #expect(read.applications == [application] && read.shadow == policy)
        var raised = application
        raised.extra = ExtraQuota(percent: 5, until: WallTime(seconds: 9))
        let fourth = SnapshotFile.encode(try Snapshot(revision: 7, policy: policy, applications: [raised], credentials: []))
        #expect(fourth[7] == 4)
        #expect(try SnapshotFile.decode(fourth).applications == [raised])
    }

    @Test func `a file of the fourth version without extra quota, as an earlier gateway wrote it, is read`() throws {
        let snapshot = try Snapshot(revision: 7, policy: policy, applications: [application], credentials: [], shadow: policy)
        var payload = Array(SnapshotFile.encode(snapshot)[24...])
        let written = SnapshotSample.word(0) + SnapshotSample.word(0) + SnapshotSample.word(0) + SnapshotSample.word(1)
        let place = try #require(payload.firstRange(of: written)).lowerBound
        payload.insert(0, at: place + 16)
        let read = try SnapshotFile.decode(SnapshotSample.file(payload, version: 4))
        #expect(read.applications == [application] && read.shadow == policy)
    }

    /// Today's form without the third's words: the count of capacities behind the offset, and at the end those of shadow and announced policies.
    private func second(announced: [AnnouncedPolicy] = []) throws -> [UInt8] {
        let snapshot = try Snapshot(revision: 7, policy: policy, applications: [application], credentials: [], announced: announced)
        var payload = Array(SnapshotFile.encode(snapshot)[24...])
        payload.removeLast(16)
        let offset = try #require(payload.firstRange(of: SnapshotSample.word(DayClock.indianMinutes)))
        payload.removeSubrange(offset.upperBound..<offset.upperBound + 8)
        return payload
    }

    @Test func `a file of the second version is read as having no capacity, no shadow and nothing announced`() throws {
        let read = try SnapshotFile.decode(SnapshotSample.file(second(), version: 2))
        #expect(read.policy == policy && read.applications == [application] && read.revision == 7)
        #expect(read.shadow == nil && read.shadowPlanIndexes == nil && read.announced.isEmpty)
    }

    @Test func `a file of the first version is read as having no quotas, no bounds and no certificates`() throws {
        var payload = try second()
        // Without the second form's own words: two of the allowance, one of the offset, one of the list of certificates.
        let end = payload.count - 8
        payload.removeSubrange(end - 8..<end)
        payload.removeSubrange(try #require(payload.firstRange(of: SnapshotSample.word(DayClock.indianMinutes))))
        let known = SnapshotSample.word(100) + SnapshotSample.word(300_000_000_000) + SnapshotSample.word(100)
        let start = try #require(payload.firstRange(of: known)).upperBound
        payload.removeSubrange(start..<start + 16)
        let read = try SnapshotFile.decode(SnapshotSample.file(payload, version: 1))
        #expect(read.policy == policy && read.applications == [application] && read.revision == 7)
        #expect(read.shadow == nil && read.announced.isEmpty)
    }

    @Test func `words of the third version in a file of the second are refused`() throws {
        let snapshot = try Snapshot(revision: 7, policy: policy, applications: [application], credentials: [], shadow: policy)
        let payload = Array(SnapshotFile.encode(snapshot)[24...])
        #expect(throws: SnapshotFile.Damage.self) { _ = try SnapshotFile.decode(SnapshotSample.file(payload, version: 2)) }
    }
}
