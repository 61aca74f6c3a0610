/// Records of several segments in the order they were judged in, opening a segment only when its time has come: as many are held as overlap.
///
/// The order is that of monotonic time within one run of the machine; runs follow each other as their wall times do.
package struct SegmentMerge {
    /// A segment to be read, and how to open it.
    package struct Input {
        let summary: SegmentSummary
        let open: () throws -> SegmentReader

        /// A sealed segment, whose end was read.
        package init(_ summary: SegmentSummary, open: @escaping () throws -> SegmentReader) {
            self.summary = summary
            self.open = open
        }

        /// A segment that is open already.
        package init(_ reader: SegmentReader) { self.init(reader.summary) { reader } }
    }

    /// A record, and which of the segments it is of: its fact numbers are that segment's.
    package struct Found {
        /// The segment's place in the list that was given.
        package let input: Int
        /// The record.
        package let decision: Decision
    }

    /// Where a record stands among all.
    private struct Key: Comparable {
        var run: Int
        var monotonic: Int64
        var input: Int

        static func < (left: Key, right: Key) -> Bool {
            (left.run, left.monotonic, left.input) < (right.run, right.monotonic, right.input)
        }
    }

    private let inputs: [Input]
    private let filter: DecisionFilter
    private let columns: DecisionColumns
    private let isNewestFirst: Bool
    /// Inputs that were not opened yet, the next one last, each with the key that none of its records comes before.
    private var waiting: [Key]
    private var cursors: [SegmentCursor] = []
    private var runs: [UInt32: Int] = [:]

    /// A merge of what the filter lets through; of each record, these columns.
    package init(
        _ inputs: [Input], filter: DecisionFilter = DecisionFilter(), columns: DecisionColumns = .all, newestFirst: Bool = false
    ) {
        (self.inputs, self.filter, self.columns, isNewestFirst) = (inputs, filter, columns, newestFirst)
        var begins: [UInt32: Int64] = [:]
        for input in inputs {
            begins[input.summary.header.boot, default: .max] = min(
                begins[input.summary.header.boot, default: .max], input.summary.wall.first)
        }
        for (run, boot) in begins.sorted(by: { ($0.value, $0.key) < ($1.value, $1.key) }).enumerated() { runs[boot.key] = run }
        waiting = []
        for (place, input) in inputs.enumerated() where input.summary.count > 0 && input.summary.wall.meets(filter.wall) {
            let time = newestFirst ? input.summary.monotonic.last : input.summary.monotonic.first
            waiting.append(Key(run: runs[input.summary.header.boot] ?? 0, monotonic: time, input: place))
        }
        waiting.sort { newestFirst ? $0 < $1 : $1 < $0 }
    }

    /// The next record, or nil after the last.
    package mutating func next() throws -> Found? {
        while true {
            let first = firstCursor()
            if let waited = waiting.last, first.map({ comesBefore(waited, key(of: cursors[$0])) }) ?? true {
                waiting.removeLast()
                let cursor = try SegmentCursor(
                    inputs[waited.input].open(), input: waited.input, run: waited.run, filter, columns, backwards: isNewestFirst)
                if let cursor { cursors.append(cursor) }
                continue
            }
            guard let first else { return nil }
            let found = Found(input: cursors[first].input, decision: cursors[first].decision)
            if try !cursors[first].advance() { cursors.remove(at: first) }
            return found
        }
    }

    private func firstCursor() -> Int? {
        guard var first = cursors.indices.first else { return nil }
        for place in cursors.indices.dropFirst() where comesBefore(key(of: cursors[place]), key(of: cursors[first])) { first = place }
        return first
    }

    private func key(of cursor: SegmentCursor) -> Key { Key(run: cursor.run, monotonic: cursor.monotonic, input: cursor.input) }

    private func comesBefore(_ key: Key, _ other: Key) -> Bool { isNewestFirst ? other < key : key < other }
}

/// A place in one segment, on a record that a filter lets through. A class, for a block of columns is not copied for a look at its time.
final class SegmentCursor {
    let input: Int
    let run: Int
    /// The record's time.
    private(set) var monotonic: Int64 = 0

    private let reader: SegmentReader
    private let filter: BoundFilter
    private let columns: DecisionColumns
    private let isBackwards: Bool
    /// Blocks that were not read yet, the next one last.
    private var blocks: [BlockSummary]
    private var block = DecisionBlock()
    /// The records let through of the block, the next one last, this one not among them.
    private var selection: [Int] = []
    private var index = 0

    /// On the first record, or nil where there is none.
    init?(
        _ reader: SegmentReader, input: Int, run: Int, _ filter: DecisionFilter, _ columns: DecisionColumns, backwards: Bool
    ) throws {
        (self.reader, self.input, self.run, isBackwards) = (reader, input, run, backwards)
        let bound = BoundFilter(filter, in: reader)
        self.filter = bound
        self.columns = columns.union(DecisionColumns([.monotonic]))
        blocks = reader.blocks.filter { bound.mayHold($0) }
        if !backwards { blocks.reverse() }
        guard try advance() else { return nil }
    }

    /// The record.
    var decision: Decision { block.decision(index) }

    /// Goes to the next record; false after the last.
    func advance() throws -> Bool {
        while selection.isEmpty {
            guard let summary = blocks.popLast() else { return false }
            guard try reader.select(filter, summary, columns, &block, &selection) else { continue }
            if !isBackwards { selection.reverse() }
        }
        index = selection.removeLast()
        monotonic = Int64(bitPattern: block[.monotonic, index])
        return true
    }
}
