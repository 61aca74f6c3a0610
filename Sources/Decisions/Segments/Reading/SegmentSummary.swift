/// What a sealed segment says of itself in its last 64 bytes: enough to know whether to open it.
package struct SegmentSummary: Hashable, Sendable {
    /// Its header.
    package let header: SegmentHeader
    /// Records in it.
    package internal(set) var count = 0
    /// From the first to the last, by wall nanoseconds.
    package internal(set) var wall = TimeSpan()
    /// The same by monotonic nanoseconds.
    package internal(set) var monotonic = TimeSpan()

    /// Where the frames behind the blocks begin, and where they end.
    var footer = 0
    var end = 0

    /// Bytes of the trailer.
    package static let trailerBytes = 64

    /// Of a segment without records.
    init(header: SegmentHeader) { self.header = header }

    /// Reads the header and the trailer of a sealed segment of so many bytes.
    package init(sealed source: SegmentSource, byteCount: Int) throws {
        try self.init(behind: try SegmentHeader(try source(0, SegmentHeader.bytes)), sealed: source, byteCount: byteCount)
    }

    /// Reads the trailer of a sealed segment whose header is read.
    init(behind header: SegmentHeader, sealed source: SegmentSource, byteCount: Int) throws {
        self.header = header
        guard header.isSealed else { throw SegmentDamage(.outOfForm("a live segment"), at: 0) }
        end = byteCount - SegmentSummary.trailerBytes
        guard end >= SegmentHeader.bytes, byteCount.isMultiple(of: 8) else { throw SegmentDamage(.cutShort, at: max(0, byteCount)) }
        let bytes = try source(end, SegmentSummary.trailerBytes)
        guard bytes.count == SegmentSummary.trailerBytes else { throw SegmentDamage(.cutShort, at: end) }
        let words = [UInt64](littleEndian: bytes)
        guard words[7] == SegmentForm.endMagic else { throw SegmentDamage(.cutShort, at: end) }
        guard words[6] == WordChecksum.xxh64(words.span.extracting(..<6)) else { throw SegmentDamage(.checksum, at: end) }
        guard words[0] >= UInt64(SegmentHeader.bytes), words[0] <= UInt64(end), words[0].isMultiple(of: 8), words[1] <= 1 << 48 else {
            throw SegmentDamage(.outOfForm("trailer"), at: end)
        }
        (footer, count) = (Int(words[0]), Int(words[1]))
        wall = TimeSpan(first: Int64(bitPattern: words[2]), last: Int64(bitPattern: words[3]))
        monotonic = TimeSpan(first: Int64(bitPattern: words[4]), last: Int64(bitPattern: words[5]))
    }

    /// The trailer: where the footer begins, records, times, the checksum of these six, and how a whole segment ends.
    var trailer: [UInt64] {
        var words = [UInt64(footer), UInt64(count), UInt64(bitPattern: wall.first), UInt64(bitPattern: wall.last)]
        words += [UInt64(bitPattern: monotonic.first), UInt64(bitPattern: monotonic.last)]
        words.append(WordChecksum.xxh64(words.span))
        words.append(SegmentForm.endMagic)
        return words
    }

    /// Counts a block in.
    mutating func add(_ block: BlockSummary) {
        count += block.count
        wall.reach(block.wall)
        monotonic.reach(block.monotonic)
    }
}
