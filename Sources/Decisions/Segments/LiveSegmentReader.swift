package import Registry

/// Reads a live segment frame by frame, from the start or from where somebody stopped before, holding no more of it than it has to. A segment
/// ends at the first frame that is not whole: what comes behind was never acknowledged.
package struct LiveSegmentReader {
    /// When the segment was begun.
    package let begun: WallTime
    /// The process that wrote it.
    package let processIdentifier: Int32
    /// Behind the last whole frame, in bytes: where to read on, and where the file of a killed writer is cut.
    package private(set) var offset: Int
    /// What stands at `offset` instead of a frame; nil where the bytes end there.
    package private(set) var damage: SegmentDamage?

    private let source: SegmentSource
    /// What was read from `start` on.
    private var words: [UInt64] = []
    /// Bytes behind the last whole word read.
    private var spareBytes = 0
    private var start = 0

    /// Bytes of a segment's header.
    package static let headerBytes = 32

    /// A reader of the frames from `offset` on, which is the header's end or what another reader of the same segment had as its `offset`.
    package init(_ source: @escaping SegmentSource, from offset: Int = LiveSegmentReader.headerBytes) throws {
        let header = [UInt64](littleEndian: try source(0, LiveSegmentReader.headerBytes))
        guard let magic = header.first, magic << 8 == SegmentForm.liveMagic << 8 else { throw SegmentDamage(.notASegment, at: 0) }
        let version = UInt8(magic >> 56)
        guard version == SegmentForm.version else { throw SegmentDamage(.unknownVersion(version), at: 0) }
        guard header.count == 4 else { throw SegmentDamage(.cutShort, at: 0) }
        guard header[3] == WordChecksum.xxh64(header.span.extracting(..<3)), header[2] >> 32 == 0 else {
            throw SegmentDamage(.checksum, at: 0)
        }
        guard offset >= LiveSegmentReader.headerBytes, offset.isMultiple(of: 8) else {
            throw SegmentDamage(.outOfForm("offset"), at: max(0, offset))
        }
        begun = WallTime(nanoseconds: Int64(bitPattern: header[1]))
        processIdentifier = Int32(truncatingIfNeeded: header[2])
        self.source = source
        self.offset = offset
        start = offset
    }

    /// The next frame; nil where there is no other yet, and then `damage` says what is there instead. Asked again, it looks again: a segment
    /// may have grown. Throws what the source throws.
    package mutating func next() throws -> LiveFrame? {
        damage = nil
        guard try have(1) else { return ended() }
        let head = words[place]
        let count = Int(head >> 32)
        guard let kind = LiveFrame.Kind(rawValue: UInt32(truncatingIfNeeded: head)), count <= DecisionLimits.frameWords else {
            return stopped(.outOfForm("frame"))
        }
        guard try have(count + 2) else { return ended() }
        let end = place + count + 1
        guard words[end] == WordChecksum.xxh64(words.span.extracting(place..<end)) else { return stopped(.checksum) }
        do {
            let frame = try LiveFrame(kind, words[place + 1..<end])
            offset += (count + 2) * 8
            return frame
        } catch {
            return stopped(.outOfForm("\(error)"))
        }
    }

    private var place: Int { (offset - start) / 8 }

    private mutating func stopped(_ kind: SegmentDamage.Kind) -> LiveFrame? {
        damage = SegmentDamage(kind, at: offset)
        return nil
    }

    private mutating func ended() -> LiveFrame? {
        place == words.count && spareBytes == 0 ? nil : stopped(.cutShort)
    }

    /// Whether there are so many words from `offset` on, after reading more of them where needed.
    private mutating func have(_ count: Int) throws -> Bool {
        if words.count - place >= count { return true }
        let bytes = try source(offset, max(count * 8, DecisionLimits.readBytes))
        spareBytes = bytes.count % 8
        words = [UInt64](littleEndian: spareBytes == 0 ? bytes : Array(bytes.dropLast(spareBytes)))
        start = offset
        return words.count >= count
    }
}

extension LiveFrame {
    /// The frame of this payload.
    init(_ kind: Kind, _ payload: ArraySlice<UInt64>) throws(SnapshotFile.Damage) {
        switch kind {
        case .fact: self = try LiveFrame.fact(payload)
        case .records: self = .records(try LiveFrame.records(payload))
        case .change:
            guard let change = RuleChange(payload) else { throw .outOfForm("change") }
            self = .change(change)
        case .dropped:
            guard let dropped = DroppedRecords(payload) else { throw .outOfForm("dropped") }
            self = .dropped(dropped)
        }
    }

    /// Number, bytes, the bytes padded with zeros.
    private static func fact(_ payload: ArraySlice<UInt64>) throws(SnapshotFile.Damage) -> LiveFrame {
        let words = Array(payload)
        guard words.count >= 2, words[0] >= 1, words[0] <= UInt64(FactTable.capacity) else { throw .outOfForm("fact") }
        let form = Array(words[2...]).littleEndianBytes
        guard words[1] <= UInt64(form.count), form.count - Int(words[1]) < 8 else { throw .cutShort }
        guard form[Int(words[1])...].allSatisfy({ $0 == 0 }) else { throw .outOfForm("padding") }
        return .fact(UInt32(words[0]), try Fact(form: Array(form[..<Int(words[1])])))
    }

    private static func records(_ payload: ArraySlice<UInt64>) throws(SnapshotFile.Damage) -> [DecisionWords] {
        guard payload.count.isMultiple(of: Decision.wordCount), payload.count <= DecisionLimits.frameRecords * Decision.wordCount else {
            throw .outOfForm("records")
        }
        var records: [DecisionWords] = []
        records.reserveCapacity(payload.count / Decision.wordCount)
        var place = payload.startIndex
        while place < payload.endIndex {
            let record = DecisionWords { payload[place + $0] }
            guard Decision(record) != nil else { throw .outOfForm("record") }
            records.append(record)
            place += Decision.wordCount
        }
        return records
    }
}
