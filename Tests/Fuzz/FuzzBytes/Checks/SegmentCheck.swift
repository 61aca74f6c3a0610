import Registry

@testable import Decisions

/// What must hold for any bytes taken for a segment of the decision log.
enum SegmentCheck {
    /// As a live segment: as they came, and with every checksum put right, so that what lies behind it is reached.
    static func live(_ bytes: Span<UInt8>) {
        let bytes = bytes.array
        readLive(bytes)
        readLive(mended(bytes, magic: SegmentForm.liveMagic))
    }

    /// The same as a sealed one.
    static func sealed(_ bytes: Span<UInt8>) {
        let bytes = bytes.array
        readSealed(bytes)
        readSealed(mended(bytes, magic: SegmentForm.sealedMagic))
    }

    private static func readLive(_ bytes: [UInt8]) {
        guard let reader = try? SegmentReader(source(of: bytes), byteCount: bytes.count), !reader.summary.header.isSealed else { return }
        hold(reader.end <= bytes.count && (reader.damage == nil) == (reader.end == bytes.count), "what is left over is told")
        guard let whole = try? SegmentReader(source(of: Array(bytes[..<reader.end])), byteCount: reader.end) else {
            fatalError("the whole frames cannot be read alone")
        }
        hold(whole.damage == nil && whole.summary == reader.summary && whole.facts == reader.facts, "whole frames are read the same alone")
        guard let before = try? records(of: whole), let sealed = try? seal(whole) else { fatalError("a live segment cannot be sealed") }
        guard let after = try? SegmentReader(source(of: sealed), byteCount: sealed.count), let records = try? records(of: after) else {
            fatalError("a sealed segment cannot be read")
        }
        hold(records == before && after.facts == whole.facts && after.changes == whole.changes, "sealing changes what is in a segment")
        look(for: records.prefix(4), in: after)
    }

    private static func readSealed(_ bytes: [UInt8]) {
        guard let reader = try? SegmentReader(source(of: bytes), byteCount: bytes.count), reader.summary.header.isSealed else { return }
        var block = DecisionBlock()
        var count = 0
        for summary in reader.blocks.prefix(8) {
            do {
                try reader.open(summary, into: &block)
                try reader.read(DecisionColumns([.wall, .status]), of: &block)
                try reader.read(.all, of: &block)
            } catch let damage as SegmentDamage {
                hold(damage.offset <= bytes.count, "damage lies in the segment")
                continue
            } catch {
                fatalError("another sort of error: \(error)")
            }
            hold(block.count == summary.count, "a block has as many records as its summary says")
            for index in 0..<block.count {
                hold(Decision(block.decision(index).words) == block.decision(index), "what was read is a record")
            }
            count += block.count
        }
        hold(count <= reader.summary.count, "no more records than were told")
    }

    private static func look(for decisions: ArraySlice<Decision>, in reader: SegmentReader) {
        for decision in decisions {
            guard let found = try? reader.decision(high: decision.idHigh, low: decision.idLow) else { fatalError("a record is not found") }
            hold(found.idHigh == decision.idHigh && found.idLow == decision.idLow, "another record is found")
        }
    }

    private static func records(of reader: SegmentReader) throws -> [Decision] {
        var decisions: [Decision] = []
        try reader.forEachBlock { block, selection in decisions += selection.map { block.decision($0) } }
        return decisions
    }

    private static func seal(_ reader: SegmentReader) throws -> [UInt8] {
        var sealer = SegmentSealer(reader)
        var words: [UInt64] = []
        while let next = try sealer.words() { words += next }
        return words.littleEndianBytes
    }

    private static func source(of bytes: [UInt8]) -> SegmentSource {
        { offset, count in Array(bytes[min(offset, bytes.count)..<min(offset + count, bytes.count)]) }
    }

    /// The bytes behind a header, with true checksums as far as they are frames; of a sealed segment, the last 64 with theirs.
    private static func mended(_ bytes: [UInt8], magic: UInt64) -> [UInt8] {
        var words = [UInt64](littleEndian: bytes)
        guard words.count >= 4 else { return [] }
        words[0] = magic
        words[3] = WordChecksum.xxh64(words.span.extracting(..<3))
        let end = magic == SegmentForm.liveMagic ? words.count : max(4, words.count - 8)
        var place = 4
        while place < end {
            let last = place + Int(words[place] >> 32) + 1
            guard last < end else { break }
            words[last] = WordChecksum.xxh64(words.span.extracting(place..<last))
            place = last + 1
        }
        if magic == SegmentForm.sealedMagic, words.count >= 12 {
            words[words.count - 2] = WordChecksum.xxh64(words.span.extracting(words.count - 8..<words.count - 2))
            words[words.count - 1] = SegmentForm.endMagic
        }
        return words.littleEndianBytes
    }
}
