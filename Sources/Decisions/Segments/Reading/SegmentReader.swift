/// Reads a segment of either form by blocks: those that may hold what is looked for, and of them the columns that are asked for.
package struct SegmentReader {
    /// When, how many, by whom.
    package let summary: SegmentSummary
    /// What its records name.
    package let facts: [UInt32: Fact]
    /// What was changed while it was written.
    package let changes: [RuleChange]
    /// What is missing in it.
    package let drops: [DroppedRecords]
    /// Its blocks, in order of monotonic time.
    package let blocks: [BlockSummary]
    /// Of a live segment: behind its last whole frame.
    package let end: Int
    /// What stands there instead of a frame; nil where the bytes end there.
    package let damage: SegmentDamage?

    /// Fact numbers of its applications, in the order that the summaries speak of them.
    let applications: [UInt32]
    private let book: PriceBook
    private let source: SegmentSource
    private let live: LiveOrder?

    /// Opens a segment of so many bytes: of a sealed one the end is read, of a live one all of it.
    package init(_ source: @escaping SegmentSource, byteCount: Int) throws {
        let header = try SegmentHeader(try source(0, SegmentHeader.bytes))
        self.source = source
        if header.isSealed {
            let footer = try SegmentFooter(source, byteCount: byteCount)
            (summary, facts, changes, drops) = (footer.summary, footer.facts, footer.changes, footer.drops)
            (blocks, applications) = (footer.blocks, footer.applications)
            (end, damage, live) = (byteCount, nil, nil)
        } else {
            let order = try LiveOrder(source)
            (facts, changes, drops, blocks, applications) = (order.facts, order.changes, order.drops, order.blocks, [])
            (end, damage, live) = (order.end, order.damage, order)
            var summary = SegmentSummary(header: header)
            for block in order.blocks { summary.add(block) }
            self.summary = summary
        }
        book = PriceBook(facts)
    }

    /// Makes a block ready to be read: its frame is fetched and its checksum is right. A live segment's is read whole.
    package func open(_ summary: BlockSummary, into block: inout DecisionBlock) throws {
        if let live { return try live.read(summary, from: source, into: &block) }
        let bytes = try source(summary.offset, summary.words * 8)
        guard bytes.count == summary.words * 8 else { throw SegmentDamage(.cutShort, at: summary.offset) }
        block.take(try PackedBlock(frame: [UInt64](littleEndian: bytes), summary))
    }

    /// Reads these columns of a block of this segment's that was opened.
    package func read(_ columns: DecisionColumns, of block: inout DecisionBlock) throws(SegmentDamage) { try block.read(columns, by: book) }

    /// Calls `body` with each block that holds something the filter lets through, its columns read, and the places of these records. `damaged`
    /// is told of a block that cannot be read; where it does not throw, the others are read.
    package func forEachBlock(
        _ filter: DecisionFilter = DecisionFilter(), columns: DecisionColumns = .all,
        damaged: (SegmentDamage) throws -> Void = { throw $0 }, _ body: (borrowing DecisionBlock, [Int]) throws -> Void
    ) throws {
        let filter = BoundFilter(filter, in: self)
        var block = DecisionBlock()
        var selection: [Int] = []
        for summary in blocks where filter.mayHold(summary) {
            do {
                guard try select(filter, summary, columns, &block, &selection) else { continue }
            } catch let damage as SegmentDamage {
                try damaged(damage)
                continue
            }
            try body(block, selection)
        }
    }

    /// Opens a block and reads it where it holds something the filter lets through, which `selection` then names; false where it does not.
    func select(
        _ filter: BoundFilter, _ summary: BlockSummary, _ columns: DecisionColumns, _ block: inout DecisionBlock, _ selection: inout [Int]
    ) throws -> Bool {
        try open(summary, into: &block)
        try read(filter.columns, of: &block)
        filter.select(block, &selection)
        guard !selection.isEmpty else { return false }
        try read(columns, of: &block)
        return true
    }

    /// The record of a request's id, or nil. A damaged block is complained of only where no other has the record.
    package func decision(high: UInt64, low: UInt64) throws -> Decision? {
        var block = DecisionBlock()
        var damage: SegmentDamage?
        for summary in blocks where summary.leastIdentifier <= high && high <= summary.greatestIdentifier {
            do {
                try open(summary, into: &block)
                try read(DecisionColumns([.idHigh, .idLow]), of: &block)
                guard let index = block.index(high: high, low: low) else { continue }
                try read(.all, of: &block)
                return block.decision(index)
            } catch let found as SegmentDamage {
                damage = damage ?? found
            }
        }
        if let damage { throw damage }
        return nil
    }
}

extension DecisionBlock {
    /// The place of an id, or nil.
    func index(high: UInt64, low: UInt64) -> Int? {
        let (highs, lows) = (self[.idHigh], self[.idLow])
        for index in 0..<count where lows[index] == low && highs[index] == high { return index }
        return nil
    }
}

extension PackedBlock {
    /// The block that a summary speaks of, from what stands in its place.
    init(frame words: [UInt64], _ summary: BlockSummary) throws(SegmentDamage) {
        let offset = summary.offset
        guard let head = words.first, words.count >= 3, head == SegmentFrame.head(.block, count: words.count - 2) else {
            throw SegmentDamage(.outOfForm("block"), at: offset)
        }
        guard words[words.count - 1] == WordChecksum.xxh64(words.span.extracting(..<(words.count - 1))) else {
            throw SegmentDamage(.checksum, at: offset)
        }
        try self.init(words, offset: offset)
        guard count == summary.count else { throw SegmentDamage(.outOfForm("count"), at: offset) }
    }
}

extension SegmentReader {
    /// How many bytes each list of the blocks takes, by its name: where a segment's size comes from.
    package func bytesByList() throws -> [(list: String, bytes: Int)] {
        var bytes = BlockList.allCases.map { (list: "\($0)", bytes: 0) }
        var block = DecisionBlock()
        for summary in blocks {
            try open(summary, into: &block)
            guard let packed = block.packed else { continue }
            for list in BlockList.allCases { bytes[list.rawValue].bytes += packed.bytes(of: list) }
        }
        return bytes
    }
}
