/// What a segment is made of behind its header: a word with the kind and the count of words that follow, these, and the checksum of all.
struct SegmentFrame {
    /// What stands in a frame.
    enum Kind: UInt32 {
        case fact = 1
        case records, change, dropped
        /// Of sealed segments alone: packed records, the applications that summaries speak of, a block's summary, counts by verdict.
        case block, applications, summary, totals
    }

    var kind: Kind
    /// Where it begins, in bytes from the segment's start.
    var offset: Int
    var payload: ArraySlice<UInt64>

    /// Where it ends.
    var end: Int { offset + (payload.count + 2) * 8 }

    /// A frame's first word.
    static func head(_ kind: Kind, count: Int) -> UInt64 { UInt64(kind.rawValue) | UInt64(count) << 32 }

    /// Damage of this frame.
    func damage(_ what: String) -> SegmentDamage { SegmentDamage(.outOfForm(what), at: offset) }
}

extension [UInt64] {
    /// Appends a frame.
    mutating func append(_ kind: SegmentFrame.Kind, _ payload: [UInt64]) {
        let head = count
        append(SegmentFrame.head(kind, count: payload.count))
        append(contentsOf: payload)
        append(WordChecksum.xxh64(span.extracting(head...)))
    }
}

/// Reads frame by frame up to the first that is not whole, holding no more of the segment than it has to.
struct SegmentFrames {
    /// Behind the last whole frame.
    private(set) var offset: Int
    /// What stands at `offset` instead of a frame; nil where the bytes end there.
    private(set) var damage: SegmentDamage?

    private let source: SegmentSource
    /// Where the frames end at the latest.
    private let limit: Int
    /// What was read from `start` on.
    private var words: [UInt64] = []
    private var start: Int
    /// Bytes behind the last whole word read.
    private var spareBytes = 0

    init(_ source: @escaping SegmentSource, from offset: Int, to limit: Int = .max) {
        (self.source, self.offset, self.limit, start) = (source, offset, limit, offset)
    }

    /// The next frame, its checksum right; nil where there is no other yet. Asked again, it looks again: a segment may have grown.
    mutating func next() throws -> SegmentFrame? {
        damage = nil
        guard try have(1) else { return ended() }
        let head = words[place]
        let count = Int(head >> 32)
        guard let kind = SegmentFrame.Kind(rawValue: UInt32(truncatingIfNeeded: head)), count <= DecisionLimits.frameWords else {
            return stopped(.outOfForm("frame"))
        }
        guard try have(count + 2) else { return ended() }
        let (begin, end) = (place, place + count + 1)
        guard words[end] == WordChecksum.xxh64(words.span.extracting(begin..<end)) else { return stopped(.checksum) }
        defer { offset += (count + 2) * 8 }
        return SegmentFrame(kind: kind, offset: offset, payload: words[begin + 1..<end])
    }

    /// The next frame of these kinds: others are passed over, their checksums unreckoned, and those that lie beyond what was read unread.
    mutating func next(of kinds: Set<SegmentFrame.Kind>) throws -> SegmentFrame? {
        while try have(1), let kind = SegmentFrame.Kind(rawValue: UInt32(truncatingIfNeeded: words[place])) {
            let count = Int(words[place] >> 32)
            guard !kinds.contains(kind), count <= DecisionLimits.frameWords else { break }
            offset += (count + 2) * 8
        }
        return try next()
    }

    /// Goes back to a frame that its reader could make nothing of.
    mutating func stop(at frame: SegmentFrame, _ damage: SegmentDamage) { (offset, self.damage) = (frame.offset, damage) }

    private var place: Int { (offset - start) / 8 }

    private mutating func stopped(_ kind: SegmentDamage.Kind) -> SegmentFrame? {
        damage = SegmentDamage(kind, at: offset)
        return nil
    }

    private mutating func ended() -> SegmentFrame? {
        place == words.count && spareBytes == 0 ? nil : stopped(.cutShort)
    }

    /// Whether there are so many words from `offset` on, after reading more of them where needed.
    private mutating func have(_ count: Int) throws -> Bool {
        if words.count - place >= count { return true }
        // At the end there is nothing to ask for: thousands of segments are looked through, and each question costs.
        let room = max(0, limit - offset)
        let bytes = room == 0 ? [] : try source(offset, min(max(count * 8, DecisionLimits.readBytes), room))
        spareBytes = bytes.count % 8
        words = [UInt64](littleEndian: spareBytes == 0 ? bytes : Array(bytes.dropLast(spareBytes)))
        start = offset
        return words.count >= count
    }
}
