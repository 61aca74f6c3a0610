import Registry
import Support
import Testing

@testable import Decisions

struct LiveSegmentTests {
    private static let begun = WallTime(nanoseconds: 1_700_000_000_123_456_789)

    /// Bytes of a segment with batches of all sizes, changes and drops; what was put in; and where each append ended.
    private static func written(
        _ seed: UInt64, batches: Int, naming numbers: ClosedRange<UInt32> = FactSample.numbers
    ) -> (bytes: [UInt8], frames: [LiveFrame], ends: [Int]) {
        var random = SplitMix64(seed: seed)
        let facts = FactSample.table()
        var (writer, frames, ends): (_, [LiveFrame], [Int]) = (LiveSegmentWriter(begun: begun, processIdentifier: 4_711, boot: ""), [], [])
        var bytes = writer.words.littleEndianBytes
        writer.appended()
        for _ in 0..<batches {
            switch Int.random(in: 0..<6, using: &random) {
            case 0:
                let change = RuleChange(
                    wallNanoseconds: .random(in: .min ... .max, using: &random), applicationBefore: 0, applicationAfter: numbers.lowerBound,
                    rulesBefore: .random(in: numbers, using: &random), rulesAfter: .random(in: numbers, using: &random))
                writer.change(change, facts: facts)
                frames.append(.change(change))
            case 1:
                let dropped = DroppedRecords(count: random.next(), wallNanoseconds: .random(in: .min ... .max, using: &random))
                writer.dropped(dropped)
                frames.append(.dropped(dropped))
            default:
                let records = FactSample.records(.random(in: 1...5, using: &random), naming: numbers, &random)
                writer.batch(records.span, facts: facts)
                frames.append(.records(records))
            }
            bytes += writer.words.littleEndianBytes
            writer.appended()
            ends.append(bytes.count)
        }
        #expect(writer.byteCount == bytes.count)
        return (bytes, frames, ends)
    }

    /// All frames but facts; the facts by number; where it ended and why.
    private static func read(
        _ bytes: [UInt8], from offset: Int = SegmentHeader.bytes
    ) throws -> (frames: [LiveFrame], facts: [UInt32: Fact], reader: LiveSegmentReader) {
        var reader = try LiveSegmentReader(source(of: bytes), from: offset)
        var (frames, facts): ([LiveFrame], [UInt32: Fact]) = ([], [:])
        while let frame = try reader.next() {
            guard case .fact(let number, let fact) = frame else {
                frames.append(frame)
                continue
            }
            #expect(facts.updateValue(fact, forKey: number) == nil, "a fact stands once in a segment")
        }
        return (frames, facts, reader)
    }

    @Test(arguments: [61, 62, 63] as [UInt64]) func `a segment reads as it was written`(_ seed: UInt64) throws {
        let (bytes, frames, _) = Self.written(seed, batches: 200)
        let read = try Self.read(bytes)
        #expect(read.frames == frames)
        #expect(read.reader.damage == nil && read.reader.offset == bytes.count)
        #expect(read.reader.header.begun == Self.begun && read.reader.header.processIdentifier == 4_711)
        #expect(read.facts.allSatisfy { FactSample.all[Int($0.key) - 1] == $0.value })
    }

    @Test func `facts stand before what names them, in every segment anew`() throws {
        let (bytes, _, _) = Self.written(64, batches: 60)
        var reader = try LiveSegmentReader(source(of: bytes))
        var known: Set<UInt32> = [0]
        while let frame = try reader.next() {
            switch frame {
            case .fact(let number, _): known.insert(number)
            case .records(let records):
                for record in records.compactMap(Decision.init) {
                    for number in [record.application, record.rules, record.endpoint, record.stream] where number <= FactSample.all.count {
                        #expect(known.contains(number))
                    }
                }
            case .change(let change): #expect(change.facts.allSatisfy { known.contains($0) || $0 > FactSample.all.count })
            case .dropped: break
            }
        }
    }

    @Test func `a segment cut anywhere reads up to the last append that is whole`() throws {
        let (bytes, frames, ends) = Self.written(65, batches: 12, naming: FactSample.shortNumbers)
        for length in bytes.indices {
            let cut = Array(bytes[..<length])
            guard length >= SegmentHeader.bytes else {
                #expect(throws: SegmentDamage.self) { _ = try Self.read(cut) }
                continue
            }
            let read = try Self.read(cut)
            let whole = ends.count { $0 <= length }
            #expect(read.frames == Array(frames[..<whole]), "\(length) bytes")
            #expect(read.reader.offset <= length)
            #expect((read.reader.damage == nil) == (read.reader.offset == length))
            if let damage = read.reader.damage { #expect(damage == SegmentDamage(.cutShort, at: read.reader.offset)) }
        }
    }

    @Test func `any byte that is changed is noticed, and what stands before it is read`() throws {
        var random = SplitMix64(seed: 66)
        let (bytes, frames, ends) = Self.written(67, batches: 12, naming: FactSample.shortNumbers)
        for place in bytes.indices {
            var damaged = bytes
            damaged[place] ^= UInt8.random(in: 1...255, using: &random)
            guard place >= SegmentHeader.bytes else {
                #expect(throws: SegmentDamage.self) { _ = try Self.read(damaged) }
                continue
            }
            let read = try Self.read(damaged)
            #expect(read.frames == Array(frames[..<ends.count { $0 <= place }]), "byte \(place)")
            #expect(read.reader.damage != nil && read.reader.offset <= place)
        }
    }

    @Test func `a reader goes on where the segment has grown`() throws {
        let (bytes, frames, ends) = Self.written(68, batches: 40)
        var length = 0
        var reader = try LiveSegmentReader { offset, count in
            let start = min(offset, max(length, 32))
            return Array(bytes[start..<min(start + count, max(length, 32))])
        }
        var read: [LiveFrame] = []
        for end in ends {
            for part in [end - 5, end] {
                length = part
                while let frame = try reader.next() { if case .fact = frame {} else { read.append(frame) } }
            }
            #expect(reader.damage == nil && reader.offset == end)
        }
        #expect(read == frames)
    }

    @Test func `a reader begins where another stopped`() throws {
        let (bytes, frames, ends) = Self.written(69, batches: 30)
        let read = try Self.read(bytes, from: ends[13])
        #expect(read.frames == Array(frames[14...]))
    }

    @Test func `a batch beyond a frame's size becomes several frames`() throws {
        var random = SplitMix64(seed: 70)
        let records = FactSample.records(DecisionLimits.frameRecords * 2 + 3, &random)
        var writer = LiveSegmentWriter(begun: Self.begun, processIdentifier: 1, boot: "")
        writer.batch(records.span, facts: FactTable())
        #expect(writer.recordCount == records.count)
        let read = try Self.read(writer.words.littleEndianBytes)
        #expect(read.frames.count == 3 && read.reader.damage == nil)
        var together: [DecisionWords] = []
        for case .records(let records) in read.frames { together += records }
        #expect(together.map(Decision.init) == records.map(Decision.init))
    }

    @Test func `another version is told from damage`() throws {
        var bytes = Self.written(71, batches: 1).bytes
        bytes[7] = 9
        #expect(throws: SegmentDamage(.unknownVersion(9), at: 0)) { _ = try Self.read(bytes) }
        #expect(throws: SegmentDamage(.notASegment, at: 0)) { _ = try Self.read(Array("SQLite format 3".utf8)) }
        #expect(throws: SegmentDamage(.notASegment, at: 0)) { _ = try Self.read([]) }
    }
}

/// Bytes as a source of themselves.
func source(of bytes: [UInt8]) -> SegmentSource {
    { offset, count in Array(bytes[min(offset, bytes.count)..<min(offset + count, bytes.count)]) }
}
