/// A place in one segment, on a record that a filter lets through. A class, for a block of columns is not copied for a look at its time.
final class SegmentCursor {
    let reader: SegmentReader
    let input: Int
    let run: Int
    /// The record's time.
    private(set) var monotonic: Int64 = 0

    private let filter: BoundFilter
    private let columns: DecisionColumns
    private let isBackwards: Bool
    /// Blocks that were not read yet, the next one last.
    private var blocks: [BlockSummary]
    private var block = DecisionBlock()
    /// The records let through of the block, in the order they are wanted in, and which of them is next.
    private var selection: [Int] = []
    private var place = 0

    /// Before the first record.
    init(_ reader: SegmentReader, input: Int, run: Int, _ filter: DecisionFilter, _ columns: DecisionColumns, backwards: Bool) {
        (self.reader, self.input, self.run, isBackwards) = (reader, input, run, backwards)
        let bound = BoundFilter(filter, in: reader)
        self.filter = bound
        self.columns = columns.union(DecisionColumns([.monotonic]))
        blocks = reader.blocks.filter { bound.mayHold($0) }
        if !backwards { blocks.reverse() }
    }

    /// Whether there is another record, whose time `monotonic` then is.
    func isOnRecord() throws -> Bool {
        while place == selection.count {
            guard let summary = blocks.popLast() else { return false }
            place = 0
            do {
                guard try reader.select(filter, summary, columns, &block, &selection) else { continue }
            } catch {
                // Nothing of a block that cannot be read: whoever asks again goes on behind it.
                selection.removeAll()
                throw error
            }
            if isBackwards { selection.reverse() }
        }
        monotonic = Int64(bitPattern: block[.monotonic, selection[place]])
        return true
    }

    /// The record, and goes on to the next.
    func takeOne() -> Decision {
        defer { place += 1 }
        return block.decision(selection[place])
    }

    /// The records up to a time, and goes on behind them.
    func takeRun<Result>(
        to limit: Int64, _ body: (SegmentReader, borrowing DecisionBlock, ArraySlice<Int>) throws -> Result
    ) rethrows -> Result {
        let times = block[.monotonic]
        var end = place + 1
        while end < selection.count {
            let time = Int64(bitPattern: times[selection[end]])
            guard isBackwards ? time >= limit : time <= limit else { break }
            end += 1
        }
        defer { place = end }
        return try body(reader, block, selection[place..<end])
    }
}
