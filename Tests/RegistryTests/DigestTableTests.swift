import Support
import Testing

@testable import Registry

@Suite struct DigestTableTests {
    @Test(arguments: [0, 1, 8, 9, 1_000, 20_000]) func `a digest is found exactly where it stands`(_ count: Int) {
        var generator = SplitMix64(seed: 51)
        let digests = (0..<count).map { _ in Digest(generator.next(), generator.next(), generator.next(), generator.next()) }
        let table = DigestTable(digests)
        for (index, digest) in digests.enumerated() { #expect(table.index(of: digest) { digests[$0] } == index) }
        for _ in 0..<1_000 {
            let stranger = Digest(generator.next(), generator.next(), generator.next(), generator.next())
            #expect(table.index(of: stranger) { digests[$0] } == nil)
        }
    }

    @Test func `digests that share their first word are told apart by the rest`() {
        var digests = (0..<200).map { Digest(7, UInt64($0), 0, 0) }
        digests += (0..<200).map { Digest(7, 0, UInt64($0 + 1), 0) }
        digests += (0..<200).map { Digest(7, UInt64($0) << 32, 0, 9) }
        let table = DigestTable(digests)
        for (index, digest) in digests.enumerated() { #expect(table.index(of: digest) { digests[$0] } == index) }
        #expect(table.index(of: Digest(7, 0, 0, 1)) { digests[$0] } == nil)
    }

    @Test func `a digest is its bytes`() {
        let bytes = (0..<32).map { UInt8($0) }
        #expect(Digest(bytes)?.bytes == bytes)
        #expect(Digest(Array(bytes.dropLast())) == nil)
        #expect(Digest(bytes + [0]) == nil)
    }

    @Test func `a snapshot with a stray reference is refused`() {
        let application = ApplicationRecord(
            id: SnapshotSample.identifier("one"), partner: SnapshotSample.identifier("one"), state: .live,
            ends: WallTime(nanoseconds: .max),
            scopes: ScopeSet([.search]), plan: SnapshotSample.identifier("no-such-plan"), allowedAddresses: [])
        #expect(throws: Snapshot.Flaw.unknownPlan("no-such-plan")) {
            _ = try Snapshot(revision: 1, policy: SnapshotSample.policy, applications: [application], credentials: [])
        }
        let stray = CredentialRecord(
            digest: Digest(1, 2, 3, 4), application: 1, environment: .sandbox, state: .active, until: WallTime(nanoseconds: .max))
        #expect(throws: Snapshot.Flaw.unknownApplication(1)) {
            _ = try Snapshot(revision: 1, policy: SnapshotSample.policy, applications: [], credentials: [stray])
        }
    }

    @Test func `a key is good while active, until its end while retiring, never once revoked`() {
        let (end, before) = (WallTime(nanoseconds: 100), WallTime(nanoseconds: 99))
        func key(_ state: CredentialRecord.State) -> CredentialRecord {
            CredentialRecord(digest: Digest(1, 2, 3, 4), application: 0, environment: .sandbox, state: state, until: end)
        }
        #expect(key(.active).isGood(at: end))
        #expect(key(.retiring).isGood(at: before) && !key(.retiring).isGood(at: end))
        #expect(!key(.revoked).isGood(at: before))
    }
}
