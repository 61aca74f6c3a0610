import DecisionLoad
import Registry
import Support

@testable import Decisions

/// Segments for tests, in memory.
enum SegmentSample {
    /// A live segment of these records, in batches of some size, with changes and drops between them.
    static func live(_ records: [DecisionWords], _ facts: FactTable, begun: Int64 = 0, boot: String = "") -> [UInt8] {
        var writer = LiveSegmentWriter(begun: WallTime(nanoseconds: begun), processIdentifier: 7, boot: boot)
        for start in stride(from: 0, to: records.count, by: 300) {
            writer.batch(records.span.extracting(start..<min(start + 300, records.count)), facts: facts)
            if start % 900 == 0 {
                writer.change(change(Int64(start)), facts: facts)
                writer.dropped(DroppedRecords(count: UInt64(start), wallNanoseconds: 5))
            }
        }
        return writer.words.littleEndianBytes
    }

    static func change(_ time: Int64) -> RuleChange {
        RuleChange(wallNanoseconds: time, applicationBefore: 1, applicationAfter: 2, rulesBefore: 1, rulesAfter: 0)
    }

    static func reader(_ bytes: [UInt8]) throws -> SegmentReader { try SegmentReader(source(of: bytes), byteCount: bytes.count) }

    /// The same, sealed.
    static func sealed(_ live: [UInt8]) throws -> [UInt8] {
        var sealer = SegmentSealer(try reader(live))
        var words: [UInt64] = []
        while let next = try sealer.words() { words += next }
        return words.littleEndianBytes
    }

    /// A sealed segment in blocks of a few records.
    static func sealed(_ records: [DecisionWords], _ facts: FactTable, blockRecords: Int) throws -> [UInt8] {
        let opened = try reader(live(records, facts))
        var writer = SealedSegmentWriter(of: opened.summary.header, facts: opened.facts)
        let ordered = inOrder(records)
        for start in stride(from: 0, to: ordered.count, by: blockRecords) {
            var block = DecisionBlock()
            block.take(ordered.span.extracting(start..<min(start + blockRecords, ordered.count)))
            writer.block(block)
        }
        writer.end(changes: opened.changes, drops: opened.drops)
        return writer.words.littleEndianBytes
    }

    /// All records of a segment, as they come.
    static func records(_ reader: SegmentReader, _ filter: DecisionFilter = DecisionFilter()) throws -> [Decision] {
        var decisions: [Decision] = []
        try reader.forEachBlock(filter) { block, selection in decisions += selection.map { block.decision($0) } }
        return decisions
    }

    /// By monotonic time, and else as they were.
    static func inOrder(_ records: [DecisionWords]) -> [DecisionWords] {
        records.enumerated().sorted {
            (Int64(bitPattern: $0.element[4]), $0.offset) < (Int64(bitPattern: $1.element[4]), $1.offset)
        }.map(\.element)
    }

    static func decisions(_ records: [DecisionWords]) -> [Decision] { records.compactMap(Decision.init) }
}
