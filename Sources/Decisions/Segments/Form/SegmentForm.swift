/// What both forms of a segment have in common: see SegmentFormat.md, where they are written down byte by byte.
package enum SegmentForm {
    /// The version this code writes and reads, of both forms.
    package static let version: UInt8 = 1

    /// The first word of a live segment: "PGWDECL" and the version.
    static let liveMagic = magic("PGWDECL")
    /// The first word of a sealed one: "PGWDECS" and the version.
    static let sealedMagic = magic("PGWDECS")
    /// The last word of a sealed one: "PGWDECE" and the version.
    static let endMagic = magic("PGWDECE")

    private static func magic(_ text: StaticString) -> UInt64 {
        text.description.utf8.reversed().reduce(UInt64(version)) { $0 << 8 | UInt64($1) }
    }
}

/// Gives the bytes of a segment from this offset on: as many as asked for, or fewer where the segment ends before.
package typealias SegmentSource = (_ offset: Int, _ count: Int) throws -> [UInt8]

/// Why bytes are not a segment, or are one only up to an offset.
package struct SegmentDamage: Error, Hashable, Sendable {
    /// What is wrong.
    package enum Kind: Hashable, Sendable {
        /// Not a segment at all.
        case notASegment
        /// Written by a newer gateway.
        case unknownVersion(UInt8)
        /// The bytes end before what they begin does: the end of a file whose writer was killed.
        case cutShort
        /// The checksum does not match.
        case checksum
        /// A value that cannot be.
        case outOfForm(String)
    }

    /// What is wrong.
    package var kind: Kind
    /// Where what is wrong begins, in bytes from the segment's start; what is before it holds.
    package var offset: Int

    /// Damage of a kind at an offset.
    package init(_ kind: Kind, at offset: Int) {
        self.kind = kind
        self.offset = offset
    }
}

extension [UInt64] {
    /// The words of these bytes, the lowest byte first, zeros behind the last. Eight at once from a span of eight, which costs one check and
    /// one load: two thirds of a nanosecond a word.
    init(littleEndian bytes: [UInt8]) {
        self.init(repeating: 0, count: (bytes.count + 7) / 8)
        let whole = bytes.count / 8
        var words = mutableSpan
        let all = bytes.span
        for index in 0..<whole {
            let eight = all.extracting(index &* 8..<index &* 8 &+ 8)
            words[index] =
                UInt64(eight[0]) | UInt64(eight[1]) &<< 8 | UInt64(eight[2]) &<< 16 | UInt64(eight[3]) &<< 24
                | UInt64(eight[4]) &<< 32 | UInt64(eight[5]) &<< 40 | UInt64(eight[6]) &<< 48 | UInt64(eight[7]) &<< 56
        }
        for place in whole * 8..<bytes.count { words[whole] |= UInt64(bytes[place]) << UInt64(place % 8 * 8) }
    }

    /// The words' bytes, the lowest first: for who has no pointer to the words themselves.
    package var littleEndianBytes: [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count * 8)
        var span = bytes.mutableSpan
        for index in indices {
            let word = self[index]
            for place in 0..<8 { span[index &* 8 &+ place] = UInt8(truncatingIfNeeded: word &>> UInt64(place &* 8)) }
        }
        return bytes
    }
}
