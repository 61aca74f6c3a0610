import Decisions
import Exchange
import Foundation
import Registry
import Support
import Synchronization
import Testing

@testable import Transport

/// Records from the loops' rings to segments, with real threads and files.
@Suite struct DecisionLogTests {
    private let folder: TemporaryDirectory
    private let facts = FactTable()

    init() throws { folder = try TemporaryDirectory() }

    private var path: String { folder.path + "/decisions" }

    private func log(
        loops: Int = 1, keptBytes: Int = 1 << 30, segmentRecords: Int = DecisionLimits.segmentRecords, news: News = News(),
        fault: @escaping @Sendable () -> Int32 = { 0 }
    ) throws -> DecisionLog {
        let setting = DecisionLog.Setting(
            path: path, keptBytes: keptBytes, keptDays: 30, segmentRecords: segmentRecords, diskFault: fault)
        let log = try DecisionLog(
            setting, loops: loops, facts: facts, spelling: { "endpoint-\($0.environment.name)-\($0.slot)" }, reporter: { news.add($0) })
        try log.start()
        return log
    }

    private func decisions(_ range: Range<UInt64>, loop: UInt32 = 0) -> [Decision] {
        range.map { number in
            var decision = Decision()
            (decision.sequence, decision.cost, decision.status) = (number, loop, 200)
            return decision
        }
    }

    /// Everything in the folder, a segment after the other, and what is in it besides.
    private func written() throws -> (decisions: [Decision], dropped: UInt64, facts: [UInt32: Fact], changes: [RuleChange]) {
        var all: (decisions: [Decision], dropped: UInt64, facts: [UInt32: Fact], changes: [RuleChange]) = ([], 0, [:], [])
        let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        for name in names where !names.contains(name.replacing(".live", with: ".sealed")) || name.hasSuffix(".sealed") {
            guard name.hasSuffix(".live") || name.hasSuffix(".sealed") else { continue }
            // Sealed between the listing and the reading: it has another name now.
            guard let data = try? Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")) else { return try written() }
            guard data.count > LiveSegmentReader.headerBytes else { continue }
            let bytes = Array(data)
            let reader = try SegmentReader(
                { offset, count in Array(bytes[min(offset, bytes.count)..<min(offset + count, bytes.count)]) }, byteCount: bytes.count)
            try reader.forEachBlock { block, places in
                for place in places { all.decisions.append(block.decision(place)) }
            }
            all.dropped += reader.drops.reduce(0) { $0 + $1.count }
            all.changes += reader.changes
            all.facts.merge(reader.facts) { $1 }
            #expect(reader.damage == nil)
        }
        return all
    }

    @Test func `every record of every loop is written once and in its loop's order, however the threads meet`() throws {
        let log = try log(loops: 3, segmentRecords: 5_000)
        let count = UInt64(Soak.count(200_000))
        let threads = try (0..<3).map { loop in
            try Threads.start {
                var next: UInt64 = 0
                while next < count {
                    let end = min(count, next + 1 + next % 97)
                    let turn = (next..<end).map { number in
                        var decision = Decision()
                        (decision.sequence, decision.cost) = (number, UInt32(loop))
                        return decision
                    }
                    log.rings[loop].put(turn)
                    next = end
                }
            }
        }
        threads.forEach(Threads.join)
        log.finish()
        let all = try written()
        #expect(UInt64(all.decisions.count) + all.dropped == 3 * count)
        for loop in 0..<3 as Range<UInt32> {
            let own = all.decisions.filter { $0.cost == loop }.map(\.sequence)
            #expect(own == own.sorted() && Set(own).count == own.count)
        }
    }

    @Test func `a ring that nobody empties drops what it has no room for and says how much`() {
        let ring = DecisionRing()
        let room = TransportLimits.decisionsWaiting
        for number in 0..<UInt64(room + 10) { ring.put(decisions(number..<number + 1)) }
        var records: [DecisionWords] = []
        ring.take(into: &records)
        #expect(records.map { $0[2] } == Array(0..<UInt64(room)))
        #expect(ring.takeDropped() == 10 && ring.takeDropped() == 0)
        ring.put(decisions(7..<8))
        records.removeAll()
        ring.take(into: &records)
        #expect(records.map { $0[2] } == [7], "and goes on")
    }

    @Test func `endpoints are named as they are spelt, and only once a segment`() throws {
        let log = try log()
        var decision = Decision()
        let endpoint = try #require(EndpointName(place: 65))
        decision.endpoint = 66
        log.rings[0].put([decision])
        log.rings[0].put([decision])
        log.finish()
        let all = try written()
        #expect(all.facts.values.map { $0 } == [.endpoint("endpoint-\(endpoint.environment.name)-\(endpoint.slot)")])
        #expect(all.decisions.map { all.facts[$0.endpoint] } == [all.facts.values.first, all.facts.values.first])
    }

    @Test func `a full disk takes the oldest segments, and where there is none left records are counted as missing`() async throws {
        let news = News()
        let fault = Mutex<Int32>(0)
        let log = try log(segmentRecords: 10, news: news) { fault.withLock { $0 } }
        for number in 0..<5 as Range<UInt64> {
            log.rings[0].put(decisions(number * 10..<number * 10 + 10))
            #expect(await eventually { (try? self.written().decisions.count) == Int(number) * 10 + 10 })
        }
        fault.withLock { $0 = ENOSPC }
        log.rings[0].put(decisions(50..<60))
        #expect(await eventually { news.has { if case .failing = $0 { true } else { false } } })
        #expect(news.has { if case .madeRoom = $0 { true } else { false } })
        #expect(!log.isWriting)
        fault.withLock { $0 = 0 }
        log.rings[0].put(decisions(60..<65))
        #expect(await eventually { news.has { if case .recovered = $0 { true } else { false } } })
        #expect(log.isWriting)
        log.finish()
        let all = try written()
        #expect(Array(all.decisions.map(\.sequence).suffix(5)) == [60, 61, 62, 63, 64] && all.dropped == 10)
        #expect(!all.decisions.contains { $0.sequence < 10 }, "the oldest went")
        #expect(all.decisions.contains { $0.sequence == 49 }, "one batch is not worth all of them")
    }

    @Test func `no more bytes are kept than may be, the oldest go first`() async throws {
        let log = try log(keptBytes: 20_000, segmentRecords: 10)
        for number in 0..<30 as Range<UInt64> {
            log.rings[0].put(decisions(number * 10..<number * 10 + 10))
            #expect(await eventually { (try? self.written().decisions.last?.sequence) == number * 10 + 9 })
        }
        #expect(await eventually(withinSeconds: 30) { (try? self.size()).map { $0 <= 20_000 } ?? false })
        log.finish()
        #expect(try written().decisions.last?.sequence == 299)
    }

    private func size() throws -> Int {
        try SegmentFolder(at: path).entries().reduce(0) { $0 + $1.byteCount }
    }

    @Test func `what nobody writes any more is sealed, smaller and with the same records; what is damaged lies aside`() async throws {
        let news = News()
        let log = try log(segmentRecords: 4_000, news: news)
        log.rings[0].put(decisions(0..<4_000))
        #expect(await eventually { (try? self.names(".sealed").count) == 1 })
        // Of today: what is older than it is kept may go before anybody looks into it.
        let damaged = SegmentName(begun: SystemClock.now().wall, process: 1, count: 1)
        try Data(repeating: 7, count: 4_096).write(to: URL(fileURLWithPath: path + "/" + damaged.file))
        log.rings[0].put(decisions(4_000..<4_010))
        #expect(await eventually { (try? self.names(".damaged")) == [damaged.stem + ".damaged"] })
        #expect(await eventually { news.has { if case .damaged = $0 { true } else { false } } })
        log.finish()
        #expect(try written().decisions.map(\.sequence).sorted() == Array(0..<4_010))
        let sealed = try #require(SegmentFolder(at: path).entries().first { $0.isSealed })
        #expect(sealed.byteCount < 4_000 * 24, "\(sealed.byteCount) bytes")
        #expect(try names(".sealing").isEmpty)
    }

    private func names(_ ending: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(ending) }.sorted()
    }

    @Test func `what changed for whom is written with the rules before and after`() throws {
        let (before, after) = (try Sample.snapshot(), try Sample.snapshot())
        let levels = try LevelFile(folder.path + "/levels", at: SystemClock.now(), boot: SystemClock.bootIdentifier())
        let old = Ruleset(before, levels: try levels.store(for: before.applications), facts: facts)
        var applications = after.applications
        applications[0].state = .suspended
        let changed = try Snapshot(
            revision: after.revision + 1, policy: after.policy, applications: applications, credentials: after.credentials)
        let new = Ruleset(changed, levels: try levels.store(for: applications), facts: facts)
        let log = try log()
        log.adopted(old, after: old, at: WallTime(seconds: 5))
        log.adopted(new, after: old, at: WallTime(seconds: 6))
        log.finish()
        let all = try written()
        let change = try #require(all.changes.first)
        #expect(all.changes.count == 1 && change.wallNanoseconds == 6_000_000_000)
        #expect(all.facts[change.applicationBefore] == .application(before.applications[0]))
        #expect(all.facts[change.applicationAfter] == .application(applications[0]))
    }
}

/// What the log told.
final class News: Sendable {
    private let all = Mutex<[DecisionLog.News]>([])

    func add(_ news: DecisionLog.News) { all.withLock { $0.append(news) } }
    func has(_ which: (DecisionLog.News) -> Bool) -> Bool { count(which) > 0 }
    func count(_ which: (DecisionLog.News) -> Bool) -> Int { all.withLock { $0.count(where: which) } }
}
