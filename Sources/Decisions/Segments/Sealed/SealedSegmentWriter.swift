/// The words of a sealed segment: header, blocks, and behind them what is needed to find one. It writes nothing itself.
package struct SealedSegmentWriter {
    /// What is to be appended, little-endian: first the header. Whoever has appended it says so by `appended()`.
    package private(set) var words: [UInt64]
    /// Bytes of the segment, those in `words` among them.
    package var byteCount: Int { (appendedWords + words.count) * 8 }

    private let facts: [UInt32: Fact]
    let book: PriceBook
    private let applications: [UInt32]
    private var packing = BlockPacking()
    private var summary: SegmentSummary
    private var blocks: [BlockSummary] = []
    private var verdicts = InlineArray<64, UInt64>(repeating: 0)
    private var appendedWords = 0

    /// A segment of the records that another was begun for, and of all facts that they name: blocks are packed by them, so none may come later.
    package init(of header: SegmentHeader, facts: [UInt32: Fact]) {
        summary = SegmentSummary(header: header.sealed)
        words = summary.header.words
        self.facts = facts
        book = PriceBook(facts)
        applications = facts.compactMap { if case .application = $0.value { $0.key } else { nil } }.sorted()
    }

    /// What was in `words` is in the file.
    package mutating func appended() {
        appendedWords += words.count
        words.removeAll(keepingCapacity: true)
    }

    /// Adds a block of records, all columns of which were read, in the order of their monotonic times; another order only takes more room.
    package mutating func block(_ block: borrowing DecisionBlock) {
        guard block.count > 0 else { return }
        precondition(block.loaded == .all, "a block is sealed whole")
        var known = BlockSummary(block)
        let before = words.count
        known.offset = byteCount
        packing.append(block, by: book, to: &words)
        known.words = words.count - before
        known.applications = [UInt64](repeating: 0, count: (applications.count + 63) / 64)
        for number in packing.applicationNumbers {
            guard let place = SealedSegmentWriter.place(of: number, in: applications) else { continue }
            known.applications[place / 64] |= 1 << UInt64(place % 64)
        }
        for index in 0..<block.count { verdicts[Int(truncatingIfNeeded: block[.verdict, index] & 63)] += 1 }
        summary.add(known)
        blocks.append(known)
    }

    /// Ends the segment.
    package mutating func end(changes: [RuleChange], drops: [DroppedRecords]) {
        summary.footer = byteCount
        for number in facts.keys.sorted() { if let fact = facts[number] { words.append(.fact, fact.words(number)) } }
        for change in changes { words.append(.change, change.words) }
        for dropped in drops { words.append(.dropped, dropped.words) }
        words.append(.totals, verdicts.indices.flatMap { verdicts[$0] == 0 ? [] : [UInt64($0), verdicts[$0]] })
        words.append(.applications, applications.map { UInt64($0) })
        for block in blocks { words.append(.summary, block.payload) }
        words += summary.trailer
    }

    /// The place of a number in a sorted list.
    static func place(of number: UInt32, in numbers: [UInt32]) -> Int? {
        var (low, high) = (0, numbers.count)
        while low < high {
            let middle = (low + high) / 2
            if numbers[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low < numbers.count && numbers[low] == number ? low : nil
    }
}
