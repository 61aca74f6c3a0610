/// Where the records of a live segment lie, in the order of their time: they are appended as requests end, and wanted as they were judged.
struct LiveOrder {
    /// One record: enough to find it by time or by id.
    struct Place {
        var monotonic: Int64
        var wall: Int64
        var idHigh: UInt64
        /// Where its words begin, in bytes from the segment's start.
        var offset: Int
    }

    /// Bytes between two records that are read at once rather than by two reads.
    private static let gapBytes = 4_096
    private static let recordBytes = Decision.wordCount * 8

    private(set) var places: [Place] = []
    private(set) var facts: [UInt32: Fact] = [:]
    private(set) var changes: [RuleChange] = []
    private(set) var drops: [DroppedRecords] = []
    /// Behind the last whole frame, and what stands there.
    private(set) var end: Int
    private(set) var damage: SegmentDamage?

    /// Reads a whole live segment, but keeps of its records only where they are.
    init(_ source: @escaping SegmentSource) throws {
        var reader = try LiveSegmentReader(source)
        while let frame = try reader.next() {
            switch frame {
            case .fact(let number, let fact): facts[number] = fact
            case .change(let change): changes.append(change)
            case .dropped(let dropped): drops.append(dropped)
            case .records(let records):
                var offset = reader.offset - (records.count * Decision.wordCount + 1) * 8
                for record in records {
                    places.append(
                        Place(
                            monotonic: Int64(bitPattern: record[4]), wall: Int64(bitPattern: record[3]), idHigh: record[0],
                            offset: offset))
                    offset += Decision.wordCount * 8
                }
            }
        }
        (end, damage) = (reader.offset, reader.damage)
        places.sort { ($0.monotonic, $0.offset) < ($1.monotonic, $1.offset) }
    }

    /// Summaries of the blocks that the records make in this order; what only their words would tell is left open.
    var blocks: [BlockSummary] {
        stride(from: 0, to: places.count, by: DecisionLimits.blockRecords).map { start in
            var block = BlockSummary()
            (block.offset, block.count) = (start, min(DecisionLimits.blockRecords, places.count - start))
            (block.verdicts, block.statuses, block.routes) = (.max, .max, .max)
            for place in places[start..<start + block.count] {
                block.wall.reach(place.wall)
                block.monotonic.reach(place.monotonic)
                block.leastIdentifier = min(block.leastIdentifier, place.idHigh)
                block.greatestIdentifier = max(block.greatestIdentifier, place.idHigh)
            }
            return block
        }
    }

    /// Reads the records of such a block: mostly they lie together, but for a few of requests that took long.
    func read(_ summary: BlockSummary, from source: SegmentSource, into block: inout DecisionBlock) throws {
        var records = [DecisionWords](repeating: DecisionWords(repeating: 0), count: summary.count)
        let offsets = places[summary.offset..<summary.offset + summary.count].map(\.offset)
        let (least, most) = (offsets.min() ?? 0, offsets.max() ?? 0)
        if most - least <= 2 * summary.count * LiveOrder.recordBytes {
            try read(offsets.indices, at: offsets, from: source, into: &records)
        } else {
            let order = offsets.indices.sorted { offsets[$0] < offsets[$1] }
            var next = 0
            while next < order.count {
                var behind = next + 1
                while behind < order.count, offsets[order[behind]] - offsets[order[behind - 1]] <= LiveOrder.gapBytes { behind += 1 }
                try read(order[next..<behind], at: offsets, from: source, into: &records)
                next = behind
            }
        }
        block.take(records.span)
    }

    /// Reads these records of a block at once, with what lies between them.
    private func read(
        _ indexes: some Collection<Int>, at offsets: [Int], from source: SegmentSource, into records: inout [DecisionWords]
    ) throws {
        var (start, end) = (Int.max, 0)
        for index in indexes { (start, end) = (min(start, offsets[index]), max(end, offsets[index] + LiveOrder.recordBytes)) }
        guard start < end else { return }
        let words = [UInt64](littleEndian: try source(start, end - start))
        guard words.count * 8 == end - start else { throw SegmentDamage(.cutShort, at: start) }
        for index in indexes {
            let place = (offsets[index] - start) / 8
            let record = DecisionWords { words[place &+ $0] }
            guard record.isRecord else { throw SegmentDamage(.outOfForm("record"), at: offsets[index]) }
            records[index] = record
        }
    }
}
