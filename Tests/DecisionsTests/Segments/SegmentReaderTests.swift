import Admission
import DecisionLoad
import Registry
import Support
import Testing

@testable import Decisions

struct SegmentReaderTests {
    /// A load, live and sealed in small blocks.
    private static func segments(_ seed: UInt64, _ count: Int, blockRecords: Int) throws -> (
        load: DecisionLoad, decisions: [Decision], readers: [SegmentReader]
    ) {
        var load = DecisionLoad(seed: seed, requestsPerSecond: 40, outageAfterSeconds: 20)
        var records: [DecisionWords] = []
        load.append(count, to: &records)
        let readers = [
            try SegmentSample.reader(SegmentSample.live(records, load.facts)),
            try SegmentSample.reader(try SegmentSample.sealed(records, load.facts, blockRecords: blockRecords)),
        ]
        return (load, SegmentSample.decisions(SegmentSample.inOrder(records)), readers)
    }

    @Test func `a filter lets through what a look at every record does`() throws {
        let (load, decisions, readers) = try Self.segments(111, 3_000, blockRecords: 100)
        var random = SplitMix64(seed: 112)
        let identifiers = (0...60).map { FactSample.identifier("application-\($0)") }
        for _ in 0..<60 {
            var filter = DecisionFilter()
            if Bool.random(using: &random) {
                let times = [decisions.randomElement(using: &random), decisions.randomElement(using: &random)].map {
                    $0?.wallNanoseconds ?? 0
                }
                filter.wall = TimeSpan(first: min(times[0], times[1]), last: max(times[0], times[1]))
            }
            if Bool.random(using: &random) {
                filter.applications = Set(
                    (0..<Int.random(in: 0...3, using: &random)).compactMap { _ in identifiers.randomElement(using: &random) })
            }
            if Bool.random(using: &random) {
                filter.verdicts = Bool.random(using: &random) ? Verdict.refusals : [.admitted, .refused(.unknownKey)]
            }
            if Bool.random(using: &random) { filter.statuses = [200, 429, 503, 207].randomElement(using: &random).map { [$0] } }
            if Bool.random(using: &random) {
                filter.routes = Set(
                    ["schedule", "slip", "nothing", "find-by-pin"].shuffled(using: &random).prefix(2).map(FactSample.identifier))
            }
            if Int.random(in: 0..<3, using: &random) == 0 { filter.scopes = Set(Scope.allCases.shuffled(using: &random).prefix(2)) }
            let expected = decisions.filter { Self.matches(filter, $0, load) }
            for reader in readers { #expect(try SegmentSample.records(reader, filter) == expected) }
        }
    }

    /// The slow and obvious way.
    private static func matches(_ filter: DecisionFilter, _ decision: Decision, _ load: DecisionLoad) -> Bool {
        guard filter.wall.contains(decision.wallNanoseconds), filter.verdicts?.contains(decision.verdict) ?? true,
            filter.statuses?.contains(decision.status) ?? true
        else { return false }
        if let applications = filter.applications {
            guard case .application(let record) = load.facts.fact(decision.application), applications.contains(record.id) else {
                return false
            }
        }
        let route = load.policy.routes[Int(decision.route)]
        return filter.routes?.contains(route.id) != false && filter.scopes?.contains(route.scope) != false
    }

    @Test func `blocks that hold nothing of what is looked for are not read`() throws {
        var load = DecisionLoad(seed: 113, requestsPerSecond: 40)
        var records: [DecisionWords] = []
        load.append(2_000, to: &records)
        let bytes = try SegmentSample.sealed(records, load.facts, blockRecords: 50)
        var reads = 0
        let counting: SegmentSource = { offset, count in
            reads += 1
            return try source(of: bytes)(offset, count)
        }
        let reader = try SegmentReader(counting, byteCount: bytes.count)
        reads = 0
        var filter = DecisionFilter()
        filter.applications = [FactSample.identifier("application-140")]
        let found = try SegmentSample.records(reader, filter)
        #expect(reads <= found.count && reads < 20)
        reads = 0
        filter = DecisionFilter()
        filter.wall = TimeSpan(first: reader.blocks[7].wall.first, last: reader.blocks[7].wall.first)
        #expect(try SegmentSample.records(reader, filter).isEmpty == false)
        #expect(reads <= 2)
    }

    @Test func `an id finds its record and no other finds any`() throws {
        let (_, decisions, readers) = try Self.segments(114, 300, blockRecords: 64)
        for reader in readers {
            for (index, decision) in decisions.enumerated() where index % 5 == 0 || index < 20 {
                #expect(try reader.decision(high: decision.idHigh, low: decision.idLow) == decision)
                #expect(try reader.decision(high: decision.idHigh, low: decision.idLow ^ 2) == nil)
                #expect(try reader.decision(high: decision.idHigh &+ 1, low: decision.idLow) == nil)
            }
        }
    }

    @Test func `ids of no stream are found too`() throws {
        var random = SplitMix64(seed: 115)
        let records = FactSample.records(200, &random)
        let reader = try SegmentSample.reader(try SegmentSample.sealed(records, FactSample.table(), blockRecords: 30))
        for decision in SegmentSample.decisions(records) {
            #expect(try reader.decision(high: decision.idHigh, low: decision.idLow) == decision)
        }
    }

    @Test func `an id is looked for behind a damaged block too, which is complained of where nothing was found`() throws {
        var load = DecisionLoad(seed: 118, requestsPerSecond: 40)
        var records: [DecisionWords] = []
        load.append(300, to: &records)
        var decisions = SegmentSample.decisions(SegmentSample.inOrder(records))
        // A request that was on its way for so long that its id is of the first block's time.
        decisions[250].idHigh = decisions[30].idHigh
        decisions[250].idLow ^= 2
        var bytes = try SegmentSample.sealed(decisions.map(\.words), load.facts, blockRecords: 64)
        let first = try SegmentSample.reader(bytes).blocks[0]
        bytes[first.offset + 40] ^= 1
        let reader = try SegmentSample.reader(bytes)
        #expect(try reader.decision(high: decisions[250].idHigh, low: decisions[250].idLow) == decisions[250])
        #expect(throws: SegmentDamage.self) { _ = try reader.decision(high: decisions[30].idHigh, low: decisions[30].idLow) }
    }

    @Test func `the last bytes of a segment say what is in it`() throws {
        let (_, decisions, _) = try Self.segments(116, 500, blockRecords: 64)
        var load = DecisionLoad(seed: 116, requestsPerSecond: 40, outageAfterSeconds: 20)
        var records: [DecisionWords] = []
        load.append(500, to: &records)
        let bytes = try SegmentSample.sealed(records, load.facts, blockRecords: 64)
        let summary = try SegmentSummary(sealed: source(of: bytes), byteCount: bytes.count)
        #expect(summary.count == 500)
        #expect(summary.monotonic.first == decisions.first?.monotonicNanoseconds)
        #expect(summary.monotonic.last == decisions.last?.monotonicNanoseconds)
        #expect(summary.wall.first == decisions.map(\.wallNanoseconds).min())
        #expect(summary.wall.last == decisions.map(\.wallNanoseconds).max())
        #expect(summary == (try SegmentSample.reader(bytes)).summary)
    }

    @Test func `a live segment is read up to its last whole frame`() throws {
        var load = DecisionLoad(seed: 117)
        var records: [DecisionWords] = []
        load.append(700, to: &records)
        let bytes = SegmentSample.live(records, load.facts)
        let cut = try SegmentSample.reader(Array(bytes.dropLast(11)))
        #expect(cut.summary.count == 600)
        #expect(cut.damage == SegmentDamage(.cutShort, at: cut.end))
        #expect(try SegmentSample.records(cut) == SegmentSample.decisions(SegmentSample.inOrder(Array(records[..<600]))))
    }

    @Test func `what cannot be read is whoever reads' fault, not damage`() throws {
        struct Broken: Error {}
        let bytes = try SegmentSample.sealed([], FactTable(), blockRecords: 1)
        #expect(throws: Broken.self) { _ = try SegmentReader({ _, _ in throw Broken() }, byteCount: bytes.count) }
    }
}
