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
    private let damaged: (Int, any Error) throws -> Void
    /// Inputs that were not opened yet, the next one last, each with the key that none of its records comes before.
    private var waiting: [Key] = []
    private var cursors: [SegmentCursor] = []
    /// The cursor whose records come next, up to this time.
    private var leading: SegmentCursor?
    private var limit: Int64 = 0

    /// A merge of what the filter lets through; of each record, these columns. `damaged` is told what is wrong with a segment, by its
    /// place, that cannot be opened or has a block that cannot be read; where it does not throw, the merge goes on without that.
    package init(
        _ inputs: [Input], filter: DecisionFilter = DecisionFilter(), columns: DecisionColumns = .all, newestFirst: Bool = false,
        damaged: @escaping (Int, any Error) throws -> Void = { throw $1 }
    ) {
        self.damaged = damaged
        (self.inputs, self.filter, self.columns, isNewestFirst) = (inputs, filter, columns, newestFirst)
        var begins: [UInt32: Int64] = [:]
        for summary in inputs.map(\.summary) { begins[summary.header.boot] = min(begins[summary.header.boot] ?? .max, summary.wall.first) }
        var runs: [UInt32: Int] = [:]
        for (run, boot) in begins.sorted(by: { ($0.value, $0.key) < ($1.value, $1.key) }).enumerated() { runs[boot.key] = run }
        for (place, input) in inputs.enumerated() where input.summary.count > 0 && input.summary.wall.meets(filter.wall) {
            let time = newestFirst ? input.summary.monotonic.last : input.summary.monotonic.first
            waiting.append(Key(run: runs[input.summary.header.boot] ?? 0, monotonic: time, input: place))
        }
        waiting.sort { newestFirst ? $0 < $1 : $1 < $0 }
    }

    /// The next record, or nil after the last.
    package mutating func next() throws -> Found? {
        guard let cursor = try lead() else { return nil }
        return Found(input: cursor.input, decision: cursor.takeOne())
    }

    /// The next records of one block, as many as come before any other segment's: `body` is given the segment, the block and the records' places
    /// in it. Nil after the last.
    package mutating func nextRun<Result>(
        _ body: (SegmentReader, borrowing DecisionBlock, ArraySlice<Int>) throws -> Result
    ) throws -> Result? {
        guard let cursor = try lead() else { return nil }
        return try cursor.takeRun(to: limit, body)
    }

    /// The segment that the last record is of, open until the next is asked for.
    package var reader: SegmentReader? { leading?.reader }

    /// Puts the cursor in front that the next record is of.
    private mutating func lead() throws -> SegmentCursor? {
        if let cursor = leading {
            if try isOnRecord(cursor) {
                if isNewestFirst ? cursor.monotonic >= limit : cursor.monotonic <= limit { return cursor }
            } else {
                cursors.removeAll { $0 === cursor }
            }
            leading = nil
        }
        while true {
            let first = cursors.min { comesBefore(key(of: $0), key(of: $1)) }
            guard let waited = waiting.last, first.map({ comesBefore(waited, key(of: $0)) }) ?? true else {
                (leading, limit) = (first, first.map { limit(of: $0) } ?? 0)
                return first
            }
            waiting.removeLast()
            guard let cursor = try open(waited) else { continue }
            if try isOnRecord(cursor) { cursors.append(cursor) }
        }
    }

    private func open(_ key: Key) throws -> SegmentCursor? {
        do {
            return try SegmentCursor(inputs[key.input].open(), input: key.input, run: key.run, filter, columns, backwards: isNewestFirst)
        } catch {
            try damaged(key.input, error)
            return nil
        }
    }

    private func isOnRecord(_ cursor: SegmentCursor) throws -> Bool {
        while true {
            do { return try cursor.isOnRecord() } catch { try damaged(cursor.input, error) }
        }
    }

    /// The last time up to which the first cursor's records come before all others.
    private func limit(of first: SegmentCursor) -> Int64 {
        let others = cursors.filter { $0 !== first }.map { key(of: $0) } + (waiting.last.map { [$0] } ?? [])
        let rivals = others.filter { $0.run == first.run }
        guard let rival = rivals.min(by: { comesBefore($0, $1) }) else { return isNewestFirst ? .min : .max }
        // At the same time the one whose segment was named first comes first.
        if isNewestFirst { return first.input > rival.input ? rival.monotonic : rival.monotonic &+ 1 }
        return first.input < rival.input ? rival.monotonic : rival.monotonic &- 1
    }

    private func key(of cursor: SegmentCursor) -> Key { Key(run: cursor.run, monotonic: cursor.monotonic, input: cursor.input) }

    private func comesBefore(_ key: Key, _ other: Key) -> Bool { isNewestFirst ? other < key : key < other }
}
