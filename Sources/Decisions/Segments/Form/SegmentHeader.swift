package import Registry

/// What both forms of a segment begin with: four words.
package struct SegmentHeader: Hashable, Sendable {
    /// Whether it has the form that is written at once, or the one that is written as things happen.
    package let isSealed: Bool
    /// When the segment was begun.
    package let begun: WallTime
    /// The process that wrote the records.
    package let processIdentifier: Int32
    /// Which run of the machine its monotonic times are of: the CRC-32 of the boot's id.
    package let boot: UInt32

    /// Bytes of it.
    package static let bytes = 32

    /// A header from its parts.
    init(isSealed: Bool, begun: WallTime, processIdentifier: Int32, boot: UInt32) {
        self.isSealed = isSealed
        self.begun = begun
        self.processIdentifier = processIdentifier
        self.boot = boot
    }

    /// The header in a segment's first bytes.
    package init(_ bytes: [UInt8]) throws(SegmentDamage) {
        let words = [UInt64](littleEndian: Array(bytes.prefix(SegmentHeader.bytes)))
        let magics = [SegmentForm.liveMagic, SegmentForm.sealedMagic]
        guard let magic = words.first, let form = magics.firstIndex(where: { $0 << 8 == magic << 8 }) else {
            throw SegmentDamage(.notASegment, at: 0)
        }
        guard magic == magics[form] else { throw SegmentDamage(.unknownVersion(UInt8(magic >> 56)), at: 0) }
        guard bytes.count >= SegmentHeader.bytes else { throw SegmentDamage(.cutShort, at: 0) }
        guard words[3] == WordChecksum.xxh64(words.span.extracting(..<3)) else { throw SegmentDamage(.checksum, at: 0) }
        self.init(
            isSealed: form == 1, begun: WallTime(nanoseconds: Int64(bitPattern: words[1])),
            processIdentifier: Int32(truncatingIfNeeded: words[2]), boot: UInt32(words[2] >> 32))
    }

    /// The same in the other form.
    var sealed: SegmentHeader { SegmentHeader(isSealed: true, begun: begun, processIdentifier: processIdentifier, boot: boot) }

    /// The four words: magic and version, wall nanoseconds, process and boot, the checksum of these three.
    var words: [UInt64] {
        var words = [isSealed ? SegmentForm.sealedMagic : SegmentForm.liveMagic, UInt64(bitPattern: begun.nanoseconds)]
        words.append(UInt64(UInt32(bitPattern: processIdentifier)) | UInt64(boot) << 32)
        words.append(WordChecksum.xxh64(words.span))
        return words
    }
}
