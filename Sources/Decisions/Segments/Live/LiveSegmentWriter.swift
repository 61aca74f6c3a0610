package import Registry

/// The words of a live segment as it grows: whatever is to be appended next. It writes nothing itself; where an append fails, the segment is
/// over, since facts that were not written count as written: cut the file at the last whole append and begin another.
package struct LiveSegmentWriter {
    /// What is to be appended, little-endian: first the header. Whoever has appended it says so by `appended()`.
    package private(set) var words: [UInt64]
    /// Records given so far.
    package private(set) var recordCount = 0
    /// Bytes of the segment, those in `words` among them.
    package var byteCount: Int { (appendedWords + words.count) * 8 }

    private var appendedWords = 0
    /// By fact number, a bit each: in this segment already.
    private var named: [UInt64] = []

    /// A new segment, begun now by this process, in the run of the machine that has this id.
    package init(begun: WallTime, processIdentifier: Int32, boot: String) {
        let mark = Checksum.crc32(Array(boot.utf8).span)
        words = SegmentHeader(isSealed: false, begun: begun, processIdentifier: processIdentifier, boot: mark).words
    }

    /// What was in `words` is in the file.
    package mutating func appended() {
        appendedWords += words.count
        words.removeAll(keepingCapacity: true)
    }

    /// Adds records, the facts that they are the first to name before them.
    package mutating func batch(_ records: Span<DecisionWords>, facts: FactTable) {
        var start = 0
        while start < records.count {
            let end = min(start + DecisionLimits.frameRecords, records.count)
            nameFacts(of: records, start..<end, from: facts)
            add(records, start..<end)
            start = end
        }
        recordCount += records.count
    }

    /// Adds a change of somebody's rules, the facts that it is the first to name before it.
    package mutating func change(_ change: RuleChange, facts: FactTable) {
        for number in change.facts { name(number, from: facts) }
        words.append(.change, change.words)
    }

    /// Adds that records are missing.
    package mutating func dropped(_ dropped: DroppedRecords) { words.append(.dropped, dropped.words) }

    private mutating func add(_ records: Span<DecisionWords>, _ range: Range<Int>) {
        let head = words.count
        words.append(SegmentFrame.head(.records, count: range.count * Decision.wordCount))
        words.append(contentsOf: repeatElement(0, count: range.count * Decision.wordCount))
        var space = words.mutableSpan
        var place = head &+ 1
        for index in range {
            for word in 0..<Decision.wordCount { space[place &+ word] = records[index][word] }
            place &+= Decision.wordCount
        }
        words.append(WordChecksum.xxh64(words.span.extracting(head...)))
    }

    private mutating func nameFacts(of records: Span<DecisionWords>, _ range: Range<Int>, from facts: FactTable) {
        let numbers: UInt64 = 0xFF_FFFF
        for index in range {
            let (first, second) = (records[index][12], records[index][13])
            name(UInt32(truncatingIfNeeded: first & numbers), from: facts)
            name(UInt32(truncatingIfNeeded: first &>> 24 & numbers), from: facts)
            name(UInt32(truncatingIfNeeded: second & numbers), from: facts)
            name(UInt32(truncatingIfNeeded: second &>> 24 & numbers), from: facts)
        }
    }

    private mutating func name(_ number: UInt32, from facts: FactTable) {
        let place = Int(number &>> 6)
        if place < named.count, named[place] &>> UInt64(number & 63) & 1 == 1 { return }
        nameFirst(number, from: facts)
    }

    /// A number that nobody gave is named all the same: it stays a number that says nothing.
    private mutating func nameFirst(_ number: UInt32, from facts: FactTable) {
        let place = Int(number >> 6)
        if place >= named.count { named.append(contentsOf: repeatElement(0, count: place + 1 - named.count)) }
        named[place] |= 1 << UInt64(number & 63)
        guard let fact = facts.fact(number) else { return }
        let payload = fact.words(number)
        if payload.count <= DecisionLimits.frameWords { words.append(.fact, payload) }
    }
}
