import DecisionLoad
import Registry
import Support
import Testing

@testable import Decisions

struct SegmentMergeTests {
    /// A load cut into segments, every other one sealed: requests that took long end in a later segment than others of their time.
    private static func segments(
        _ seed: UInt64, sizes: [Int], from seconds: Int64 = 0, boot: String = ""
    ) throws -> (decisions: [Decision], readers: [SegmentReader]) {
        let start = Moment(
            wall: WallTime(seconds: 1_767_225_600 + seconds),
            monotonic: MonotonicTime(nanoseconds: 5_000_000_000_000 - seconds * 1_000_000_000))
        var load = DecisionLoad(seed: seed, requestsPerSecond: 3_000, from: start)
        var (all, readers): ([DecisionWords], [SegmentReader]) = ([], [])
        for (index, size) in sizes.enumerated() {
            var records: [DecisionWords] = []
            load.append(size, to: &records)
            let live = SegmentSample.live(records, load.facts, boot: boot)
            readers.append(try SegmentSample.reader(index % 2 == 0 ? live : try SegmentSample.sealed(live)))
            all += records
        }
        return (SegmentSample.decisions(all), readers)
    }

    private static func merged(_ merge: consuming SegmentMerge) throws -> [Decision] {
        var (merge, decisions) = (merge, [Decision]())
        while let found = try merge.next() { decisions.append(found.decision) }
        return decisions
    }

    private static func byTime(_ decisions: [Decision]) -> [Decision] {
        decisions.enumerated().sorted {
            ($0.element.monotonicNanoseconds, $0.offset) < ($1.element.monotonicNanoseconds, $1.offset)
        }.map(\.element)
    }

    @Test func `records of several segments come in the order they were judged in`() throws {
        let (decisions, readers) = try Self.segments(121, sizes: [400, 3, 900, 1, 250, 0, 60])
        #expect(try Self.merged(SegmentMerge(readers.map { SegmentMerge.Input($0) })) == Self.byTime(decisions))
        let shuffled = [3, 1, 6, 0, 2, 5, 4].map { SegmentMerge.Input(readers[$0]) }
        #expect(try Self.merged(SegmentMerge(shuffled)).map(\.monotonicNanoseconds) == Self.byTime(decisions).map(\.monotonicNanoseconds))
    }

    @Test func `the newest come first where that is asked for`() throws {
        let (decisions, readers) = try Self.segments(122, sizes: [300, 400, 200])
        let merge = SegmentMerge(readers.map { SegmentMerge.Input($0) }, newestFirst: true)
        #expect(try Self.merged(merge) == Self.byTime(decisions).reversed())
    }

    @Test func `of a segment that is damaged what can be read comes, and the others whole`() throws {
        var load = DecisionLoad(seed: 125, requestsPerSecond: 3_000)
        var parts: [[DecisionWords]] = []
        for size in [300, 400, 200] {
            var records: [DecisionWords] = []
            load.append(size, to: &records)
            parts.append(records)
        }
        var bytes = try parts.map { try SegmentSample.sealed($0, load.facts, blockRecords: 100) }
        let summaries = try bytes.map { try SegmentSummary(sealed: source(of: $0), byteCount: $0.count) }
        // The second block of the one, and the footer of the last.
        let block = try SegmentSample.reader(bytes[1]).blocks[1]
        bytes[1][block.offset + 80] ^= 1
        bytes[2][bytes[2].count - 80] ^= 1
        let lost = SegmentSample.decisions(SegmentSample.inOrder(parts[1]))[100..<200] + SegmentSample.decisions(parts[2])
        let expected = Self.byTime(parts.flatMap { SegmentSample.decisions($0) }).filter { !lost.contains($0) }
        for isNewestFirst in [false, true] {
            let inputs = zip(summaries, bytes).map { summary, bytes in SegmentMerge.Input(summary) { try SegmentSample.reader(bytes) } }
            var told: [Int] = []
            let merge = SegmentMerge(inputs, newestFirst: isNewestFirst) { input, _ in told.append(input) }
            #expect(try Self.merged(merge) == (isNewestFirst ? expected.reversed() : expected))
            #expect(told.sorted() == [1, 2])
            #expect(throws: SegmentDamage.self) { try Self.merged(SegmentMerge(inputs, newestFirst: isNewestFirst)) }
        }
    }

    @Test func `a merge lets through what its filter does`() throws {
        let (decisions, readers) = try Self.segments(123, sizes: [300, 400, 200])
        var filter = DecisionFilter()
        filter.statuses = [429]
        filter.wall.reach(0)
        filter.wall = TimeSpan(first: decisions[200].wallNanoseconds, last: decisions[700].wallNanoseconds)
        let expected = Self.byTime(decisions).filter { $0.status == 429 && filter.wall.contains($0.wallNanoseconds) }
        #expect(!expected.isEmpty)
        #expect(try Self.merged(SegmentMerge(readers.map { SegmentMerge.Input($0) }, filter: filter)) == expected)
    }

    @Test func `what was judged before the machine started anew comes first, whatever its clock said`() throws {
        let before = try Self.segments(124, sizes: [100, 100], boot: "first")
        let after = try Self.segments(125, sizes: [100, 100], from: 60, boot: "second")
        let inputs = (after.readers + before.readers).map { SegmentMerge.Input($0) }
        #expect(after.decisions[0].monotonicNanoseconds < before.decisions[0].monotonicNanoseconds)
        #expect(try Self.merged(SegmentMerge(inputs)) == Self.byTime(before.decisions) + Self.byTime(after.decisions))
        #expect(
            try Self.merged(SegmentMerge(inputs, newestFirst: true))
                == Self.byTime(after.decisions).reversed() + Self.byTime(before.decisions).reversed())
    }

    @Test(arguments: [false, true]) func `runs of records are the same records`(_ newestFirst: Bool) throws {
        let (decisions, readers) = try Self.segments(127, sizes: [300, 2, 400, 0, 200, 900])
        var merge = SegmentMerge(readers.map { SegmentMerge.Input($0) }, newestFirst: newestFirst)
        var (together, turn): ([Decision], Int) = ([], 0)
        while true {
            turn += 1
            if turn % 3 == 0 {
                guard let found = try merge.next() else { break }
                #expect(merge.reader?.facts == readers[found.input].facts)
                together.append(found.decision)
            } else {
                let run = try merge.nextRun { reader, block, places in places.map { block.decision($0) } }
                guard let run else { break }
                together += run
            }
        }
        #expect(together == (newestFirst ? Self.byTime(decisions).reversed() : Self.byTime(decisions)))
    }

    @Test func `records of one time come segment by segment, as they were named`() throws {
        var records: [[DecisionWords]] = [[], [], []]
        for index in 0..<90 {
            var decision = Decision()
            (decision.monotonicNanoseconds, decision.sequence) = (Int64(index / 9), UInt64(index))
            records[index % 3].append(decision.words)
        }
        let readers = try records.map { try SegmentSample.reader(SegmentSample.live($0, FactTable())) }
        for newestFirst in [false, true] {
            let expected = records.enumerated().flatMap { input, records in
                SegmentSample.decisions(records).enumerated().map { (decision: $0.element, input: input, place: $0.offset) }
            }.sorted {
                let keys = ($0.decision.monotonicNanoseconds, $0.input, $0.place) < ($1.decision.monotonicNanoseconds, $1.input, $1.place)
                return keys != newestFirst
            }
            let merge = SegmentMerge(readers.map { SegmentMerge.Input($0) }, newestFirst: newestFirst)
            #expect(try Self.merged(merge) == expected.map(\.decision))
        }
    }

    @Test func `segments are opened when their time comes`() throws {
        let (decisions, readers) = try Self.segments(126, sizes: [500, 500, 500, 500, 500, 500])
        var opened: [Int] = []
        let inputs = readers.enumerated().map { index, reader in
            SegmentMerge.Input(reader.summary) {
                opened.append(index)
                return reader
            }
        }
        var merge = SegmentMerge(inputs)
        var count = 0
        while let found = try merge.next() {
            count += 1
            #expect(opened.count <= count / 400 + 2)
            #expect(opened.contains(found.input))
        }
        #expect(count == decisions.count && opened == Array(0..<6))
    }
}
