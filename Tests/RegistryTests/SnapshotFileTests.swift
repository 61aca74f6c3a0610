import Support
import Testing

@testable import Registry

/// Tokens, period and burst that no bucket can have.
private let overflowing: [(Int64, Int64, Int64)] = [
    (.max, .max, .max), (1, .max / 4 - 1, .max / 4 - 1), (1, 1, .max), (.min, 1, 1), (1, .min, 1), (1, 1, .min),
]

@Suite struct SnapshotFileTests {
    @Test(arguments: [0, 1, 7, 300]) func `a snapshot survives its file`(_ count: Int) throws {
        var generator = SplitMix64(seed: 41)
        let snapshot = try SnapshotSample.snapshot(applications: count, using: &generator)
        let read = try SnapshotFile.decode(SnapshotFile.encode(snapshot))
        #expect(read.revision == snapshot.revision)
        #expect(read.policy == snapshot.policy)
        #expect(read.applications == snapshot.applications)
        #expect(read.credentials == snapshot.credentials)
        #expect(read.planIndexes == snapshot.planIndexes)
        #expect(read.shadow == snapshot.shadow && read.shadowPlanIndexes == snapshot.shadowPlanIndexes)
        #expect(read.announced == snapshot.announced && read.announced.map(\.from.nanoseconds) == [5_000, 9_000])
        #expect(SnapshotFile.encode(read) == SnapshotFile.encode(snapshot))
    }

    @Test func `one byte changed anywhere is refused`() throws {
        var generator = SplitMix64(seed: 42)
        let bytes = SnapshotFile.encode(try SnapshotSample.snapshot(applications: 2, using: &generator))
        for index in bytes.indices {
            for change in [UInt8(1), 0x80, 0xFF, UInt8.random(in: 1...255, using: &generator)] {
                var damaged = bytes
                damaged[index] ^= change
                #expect(throws: SnapshotFile.Damage.self, "byte \(index) ^ \(change)") { _ = try SnapshotFile.decode(damaged) }
            }
        }
    }

    @Test func `a file cut short or grown is refused`() throws {
        var generator = SplitMix64(seed: 43)
        let bytes = SnapshotFile.encode(try SnapshotSample.snapshot(applications: 2, using: &generator))
        for length in bytes.indices {
            #expect(throws: SnapshotFile.Damage.self) { _ = try SnapshotFile.decode(Array(bytes[..<length])) }
        }
        #expect(throws: SnapshotFile.Damage.cutShort) { _ = try SnapshotFile.decode(bytes + [0]) }
    }

    @Test func `another version is told from damage`() throws {
        var generator = SplitMix64(seed: 44)
        var bytes = SnapshotFile.encode(try SnapshotSample.snapshot(applications: 1, using: &generator))
        bytes[7] = 9
        #expect(throws: SnapshotFile.Damage.unknownVersion(9)) { _ = try SnapshotFile.decode(bytes) }
        #expect(throws: SnapshotFile.Damage.notASnapshot) { _ = try SnapshotFile.decode(Array("SQLite format 3 and so on".utf8)) }
    }

    @Test(arguments: [(-1, 0), (0, -1), (Int64.max, 0), (0, .max)] as [(Int64, Int64)])
    func `a quota or bound that cannot be is refused`(_ day: Int64, _ concurrency: Int64) throws {
        var generator = SplitMix64(seed: 46)
        var payload = Array(SnapshotFile.encode(try SnapshotSample.snapshot(applications: 0, using: &generator))[24...])
        let place = try #require(payload.firstRange(of: SnapshotSample.word(50_000) + SnapshotSample.word(20)))
        payload.replaceSubrange(place, with: SnapshotSample.word(day) + SnapshotSample.word(concurrency))
        #expect(throws: SnapshotFile.Damage.outOfForm("allowance")) { _ = try SnapshotFile.decode(SnapshotSample.file(payload)) }
    }

    @Test func `random payloads and random damage under a true checksum never trap`() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("snapshot payloads: seed \(seed)")
        var generator = SplitMix64(seed: seed)
        let good = Array(SnapshotFile.encode(try SnapshotSample.snapshot(applications: 5, using: &generator))[24...])
        #expect(throws: Never.self) { _ = try SnapshotFile.decode(SnapshotSample.file(good)) }
        for round in 0..<Soak.count(200_000) {
            var payload = good
            if round % 10 == 0 {
                payload = (0..<Int.random(in: 0...200, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator) }
            }
            for _ in 0..<Int.random(in: 1...4, using: &generator) where !payload.isEmpty {
                let index = payload.indices.randomElement(using: &generator) ?? 0
                payload[index] = [0, 1, 0x7F, 0xFF, UInt8.random(in: 0...255, using: &generator)].randomElement(using: &generator) ?? 0
            }
            _ = try? SnapshotFile.decode(SnapshotSample.file(payload))
        }
    }

    @Test(arguments: overflowing)
    func `a bucket whose arithmetic would overflow is refused`(_ tokens: Int64, _ period: Int64, _ burst: Int64) throws {
        var generator = SplitMix64(seed: 45)
        let bytes = SnapshotFile.encode(try SnapshotSample.snapshot(applications: 0, using: &generator))
        var payload = Array(bytes[24...])
        let known = SnapshotSample.word(100) + SnapshotSample.word(300_000_000_000) + SnapshotSample.word(100)
        let start = try #require(payload.firstRange(of: known)?.lowerBound)
        payload.replaceSubrange(start..<start + 24, with: [tokens, period, burst].flatMap(SnapshotSample.word))
        #expect(throws: SnapshotFile.Damage.outOfForm("bucket")) { _ = try SnapshotFile.decode(SnapshotSample.file(payload)) }
    }
}
