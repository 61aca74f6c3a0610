/// Reads a live segment frame by frame, from the start or from where somebody stopped before. A segment ends at the first frame that is not
/// whole: what comes behind was never acknowledged.
package struct LiveSegmentReader {
    /// When it was begun, and by whom.
    package let header: SegmentHeader
    private var frames: SegmentFrames

    /// Behind the last whole frame, in bytes: where to read on, and where the file of a killed writer is cut.
    package var offset: Int { frames.offset }
    /// What stands at `offset` instead of a frame; nil where the bytes end there.
    package var damage: SegmentDamage? { frames.damage }

    /// Where the first frame begins.
    package static let headerBytes = SegmentHeader.bytes

    /// A reader of the frames from `offset` on, which is the header's end or what another reader of the same segment had as its `offset`.
    package init(_ source: @escaping SegmentSource, from offset: Int = LiveSegmentReader.headerBytes) throws {
        header = try SegmentHeader(try source(0, SegmentHeader.bytes))
        guard !header.isSealed else { throw SegmentDamage(.outOfForm("a sealed segment"), at: 0) }
        guard offset >= SegmentHeader.bytes, offset.isMultiple(of: 8) else { throw SegmentDamage(.outOfForm("offset"), at: max(0, offset)) }
        frames = SegmentFrames(source, from: offset)
    }

    /// The next frame; nil where there is no other yet, and then `damage` says what is there instead. Asked again, it looks again: a segment
    /// may have grown. Throws what the source throws.
    package mutating func next() throws -> LiveFrame? {
        guard let frame = try frames.next() else { return nil }
        do {
            return try LiveFrame(frame)
        } catch {
            frames.stop(at: frame, error)
            return nil
        }
    }

}

extension LiveFrame {
    /// The frame as what it means.
    init(_ frame: SegmentFrame) throws(SegmentDamage) {
        switch frame.kind {
        case .fact:
            do {
                let (number, fact) = try Fact.numbered(frame.payload)
                self = .fact(number, fact)
            } catch {
                throw frame.damage("fact: \(error)")
            }
        case .records: self = .records(try LiveFrame.records(frame))
        case .change:
            guard let change = RuleChange(frame.payload) else { throw frame.damage("change") }
            self = .change(change)
        case .dropped:
            guard let dropped = DroppedRecords(frame.payload) else { throw frame.damage("dropped") }
            self = .dropped(dropped)
        case .block, .applications, .summary, .totals: throw frame.damage("a sealed segment's frame")
        }
    }

    private static func records(_ frame: SegmentFrame) throws(SegmentDamage) -> [DecisionWords] {
        let payload = frame.payload
        guard payload.count.isMultiple(of: Decision.wordCount), payload.count <= DecisionLimits.frameRecords * Decision.wordCount else {
            throw frame.damage("records")
        }
        var records: [DecisionWords] = []
        records.reserveCapacity(payload.count / Decision.wordCount)
        for place in stride(from: payload.startIndex, to: payload.endIndex, by: Decision.wordCount) {
            let record = DecisionWords { payload[place + $0] }
            guard record.isRecord else { throw frame.damage("record") }
            records.append(record)
        }
        return records
    }
}
