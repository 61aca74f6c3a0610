/// Makes a sealed segment of a live one, a block at a time, so that whoever does it can do it slowly.
package struct SegmentSealer: ~Copyable {
    private let live: SegmentReader
    private var writer: SealedSegmentWriter
    private var block = DecisionBlock()
    private var written = DecisionBlock()
    private var next = 0
    private var hasEnded = false

    /// Seals what this segment holds up to its last whole frame.
    package init(_ live: SegmentReader) {
        self.live = live
        writer = SealedSegmentWriter(of: live.summary.header, facts: live.facts)
    }

    /// The next words to append; nil once the segment is whole. Each block is read back before it is given, since what it was made of is about
    /// to be removed; damage here is a fault of ours, and a reason to keep the live segment.
    package mutating func words() throws -> [UInt64]? {
        guard !hasEnded else { return nil }
        defer { writer.appended() }
        guard next < live.blocks.count else {
            writer.end(changes: live.changes, drops: live.drops)
            hasEnded = true
            return writer.words
        }
        try live.open(live.blocks[next], into: &block)
        let start = writer.words.count
        let offset = writer.byteCount
        writer.block(block)
        next += 1
        let words = writer.words
        written.take(try PackedBlock(Array(words[start...]), offset: offset))
        try written.read(.all, by: writer.book)
        guard written.holdsSame(as: block) else { throw SegmentDamage(.outOfForm("block"), at: offset) }
        return words
    }
}

extension DecisionBlock {
    /// Whether both have the same records, whole and in the same order.
    func holdsSame(as other: borrowing DecisionBlock) -> Bool {
        guard count == other.count, loaded == .all, other.loaded == .all else { return false }
        for column in DecisionColumn.allCases {
            let (numbers, others) = (self[column], other[column])
            for index in 0..<count where numbers[index] != others[index] { return false }
        }
        return true
    }
}
