import DecisionLoad
import Foundation
import Registry
import Support
import Testing

@testable import Decisions

struct SealedSegmentTests {
    @Test(arguments: [0, 1, 2, 700]) func `any records are the same after they were sealed`(_ count: Int) throws {
        var random = SplitMix64(seed: 101 + UInt64(count))
        let records = FactSample.records(count, &random)
        let live = SegmentSample.live(records, FactSample.table(), begun: 44, boot: "one")
        let (before, after) = (try SegmentSample.reader(live), try SegmentSample.reader(try SegmentSample.sealed(live)))
        #expect(try SegmentSample.records(after) == SegmentSample.decisions(SegmentSample.inOrder(records)))
        #expect(after.facts == before.facts && after.changes == before.changes && after.drops == before.drops)
        #expect(after.summary.count == count && after.summary.wall == before.summary.wall)
        #expect(after.summary.header == before.summary.header.sealed && after.summary.header.begun.nanoseconds == 44)
        #expect(after.damage == nil && before.damage == nil && before.end == live.count)
    }

    @Test func `changes are found without the rest, and with what they name alone`() throws {
        var random = SplitMix64(seed: 121)
        let live = SegmentSample.live(FactSample.records(700, &random), FactSample.table())
        let sealed = try SegmentSample.sealed(live)
        let whole = try SegmentSample.reader(sealed)
        for bytes in [live, sealed] {
            let found = try SegmentChanges(source(of: bytes), byteCount: bytes.count)
            #expect(found.changes == whole.changes && !found.changes.isEmpty)
            let named = Set(found.changes.flatMap(\.facts))
            #expect(found.facts == whole.facts.filter { named.contains($0.key) } && found.facts.count < whole.facts.count)
        }
        let none = try SegmentSample.sealed(FactSample.records(0, &random), FactSample.table(), blockRecords: 10)
        #expect(try SegmentChanges(source(of: none), byteCount: none.count).facts.isEmpty)
    }

    @Test func `a load is the same after it was sealed, in the order it was judged in, at a tenth of its size`() throws {
        var load = DecisionLoad(seed: 5)
        var records: [DecisionWords] = []
        load.append(20_000, to: &records)
        let live = SegmentSample.live(records, load.facts)
        let sealed = try SegmentSample.sealed(live)
        let ordered = SegmentSample.decisions(SegmentSample.inOrder(records))
        #expect(try SegmentSample.records(try SegmentSample.reader(live)) == ordered)
        #expect(try SegmentSample.records(try SegmentSample.reader(sealed)) == ordered)
        let reader = try SegmentSample.reader(sealed)
        #expect(reader.blocks.map(\.count) == [8_192, 8_192, 3_616])
        #expect(zip(reader.blocks, reader.blocks.dropFirst()).allSatisfy { $0.monotonic.last <= $1.monotonic.first })
        // What a file takes beside its blocks is the same for a hundred times as many records.
        let blockBytes = try reader.bytesByList().reduce(0) { $0 + $1.bytes }
        #expect(blockBytes < records.count * 13, "\(blockBytes) bytes for \(records.count) records")
    }

    @Test func `ids of a stream, levels and waits cost nothing where they are what the records before make them`() throws {
        var load = DecisionLoad(seed: 6)
        var records: [DecisionWords] = []
        load.append(8_192, to: &records)
        let reader = try SegmentSample.reader(try SegmentSample.sealed(SegmentSample.live(records, load.facts)))
        let bytes = Dictionary(uniqueKeysWithValues: try reader.bytesByList().map { ($0.list, $0.bytes) })
        for list in ["idHigh", "idLow", "wait"] { #expect(bytes[list] == 16, "\(list)") }
        for list in ["debt", "sequence"] { #expect(bytes[list, default: .max] < 2_048, "\(list)") }
    }

    @Test func `columns are read alone, and others when they are asked for`() throws {
        var load = DecisionLoad(seed: 7)
        var records: [DecisionWords] = []
        load.append(900, to: &records)
        let reader = try SegmentSample.reader(try SegmentSample.sealed(SegmentSample.live(records, load.facts)))
        let ordered = SegmentSample.inOrder(records)
        var whole = DecisionBlock()
        whole.take(ordered.span)
        var random = SplitMix64(seed: 8)
        for column in DecisionColumn.allCases {
            var block = DecisionBlock()
            try reader.open(reader.blocks[0], into: &block)
            try reader.read(DecisionColumns([column]), of: &block)
            #expect(Array(block[column][..<900]) == Array(whole[column][..<900]), "\(column)")
            for other in DecisionColumn.allCases.shuffled(using: &random) { try reader.read(DecisionColumns([other]), of: &block) }
            let isSame = block.holdsSame(as: whole)
            #expect(isSame)
        }
    }

    @Test func `what was not read of a record is as in a record of nothing`() throws {
        var load = DecisionLoad(seed: 9)
        var records: [DecisionWords] = []
        load.append(50, to: &records)
        let reader = try SegmentSample.reader(try SegmentSample.sealed(SegmentSample.live(records, load.facts)))
        try reader.forEachBlock(columns: DecisionColumns([.status])) { block, selection in
            for index in selection {
                var expected = Decision()
                expected.status = UInt16(truncatingIfNeeded: block[.status, index])
                #expect(block.decision(index) == expected)
            }
        }
    }

    @Test func `a sealed segment that is cut short anywhere is refused`() throws {
        var random = SplitMix64(seed: 102)
        let sealed = try SegmentSample.sealed(SegmentSample.live(FactSample.records(9, naming: 1...3, &random), FactTable()))
        for length in sealed.indices {
            #expect(throws: SegmentDamage.self, "\(length) bytes") { _ = try SegmentSample.reader(Array(sealed[..<length])) }
        }
        #expect(throws: SegmentDamage.self) { _ = try SegmentSample.reader(sealed + [UInt8](repeating: 0, count: 8)) }
    }

    @Test func `any byte that is changed is noticed`() throws {
        var random = SplitMix64(seed: 103)
        let records = FactSample.records(9, naming: FactSample.shortNumbers, &random)
        let sealed = try SegmentSample.sealed(records, FactSample.table(), blockRecords: 4)
        for place in sealed.indices {
            var damaged = sealed
            damaged[place] ^= UInt8.random(in: 1...255, using: &random)
            #expect(throws: SegmentDamage.self, "byte \(place)") { _ = try SegmentSample.records(try SegmentSample.reader(damaged)) }
        }
    }

    @Test func `damage under a true checksum is an error or other records, and never traps`() throws {
        var random = SplitMix64(seed: 104)
        let records = FactSample.records(30, naming: FactSample.shortNumbers, &random)
        let sealed = [UInt64](littleEndian: try SegmentSample.sealed(records, FactSample.table(), blockRecords: 12))
        let frames = Self.frames(sealed)
        for _ in 0..<Soak.count(20_000) {
            var words = sealed
            let frame = frames.randomElement(using: &random) ?? 4..<5
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                words[Int.random(in: frame.lowerBound..<frame.upperBound - 1, using: &random)] ^=
                    Bool.random(using: &random) ? 1 << UInt64.random(in: 0...63, using: &random) : random.next()
            }
            words[frame.upperBound - 1] = WordChecksum.xxh64(words.span.extracting(frame.lowerBound..<frame.upperBound - 1))
            let bytes = words.littleEndianBytes
            guard let reader = try? SegmentSample.reader(bytes) else { continue }
            _ = try? SegmentSample.records(reader)
            _ = try? reader.decision(high: records[0][0], low: records[0][1])
        }
    }

    @Test(
        arguments: [
            ("load", 40, 0xAAED_B09C_9ACD_A457), ("change-and-drop", 6, 0xC037_1379_1A38_9035), ("every-rule", 96, 0xAC94_77D6_37C7_0FB7),
        ] as [(String, Int, UInt64)])
    func `a segment of the first version is read as it was written then`(_ name: String, _ count: Int, _ hash: UInt64) throws {
        let path = Repository.root + "/Tests/Fuzz/Corpus/FuzzSealedSegment/" + name
        let decisions = try SegmentSample.records(try SegmentSample.reader(Array(try Data(contentsOf: URL(fileURLWithPath: path)))))
        let words = decisions.map(\.words).flatMap { words in (0..<Decision.wordCount).map { words[$0] } }
        #expect(decisions.count == count && WordChecksum.xxh64(words.span) == hash)
    }

    @Test func `a block of too many pairs that claims to go by pairs is damage`() throws {
        var random = SplitMix64(seed: 105)
        let live = SegmentSample.live(FactSample.records(300, naming: 0...4_000_000, &random), FactTable())
        var words = [UInt64](littleEndian: try SegmentSample.sealed(live))
        let frame = try #require(Self.frames(words).first)
        words[frame.lowerBound + 1] |= BlockChoices.bytesInByPair.rawValue << 32
        words[frame.upperBound - 1] = WordChecksum.xxh64(words.span.extracting(frame.lowerBound..<frame.upperBound - 1))
        let reader = try SegmentSample.reader(words.littleEndianBytes)
        #expect(throws: SegmentDamage(.outOfForm("pairs"), at: frame.lowerBound * 8)) { _ = try SegmentSample.records(reader) }
    }

    /// Where the frames of a sealed segment lie, in words.
    private static func frames(_ words: [UInt64]) -> [Range<Int>] {
        var (frames, place): ([Range<Int>], Int) = ([], 4)
        while place < words.count - 8 {
            let end = place + Int(words[place] >> 32) + 2
            frames.append(place..<end)
            place = end
        }
        return frames
    }
}
