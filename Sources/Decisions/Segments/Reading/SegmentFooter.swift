/// What stands behind the blocks of a sealed segment.
struct SegmentFooter {
    let summary: SegmentSummary
    private(set) var facts: [UInt32: Fact] = [:]
    private(set) var changes: [RuleChange] = []
    private(set) var drops: [DroppedRecords] = []
    private(set) var applications: [UInt32] = []
    private(set) var blocks: [BlockSummary] = []
    /// Records by the verdict's code.
    private(set) var verdicts: [UInt8: UInt64] = [:]

    /// Reads it: unlike a live segment, a sealed one is whole or damaged.
    init(_ source: @escaping SegmentSource, byteCount: Int) throws {
        summary = try SegmentSummary(sealed: source, byteCount: byteCount)
        var frames = SegmentFrames(source, from: summary.footer, to: summary.end)
        while let frame = try frames.next() { try take(frame) }
        guard frames.damage == nil, frames.offset == summary.end else {
            throw frames.damage ?? SegmentDamage(.cutShort, at: frames.offset)
        }
        guard blocks.reduce(0, { $0 + $1.count }) == summary.count else {
            throw SegmentDamage(.outOfForm("count"), at: summary.end)
        }
    }

    private mutating func take(_ frame: SegmentFrame) throws(SegmentDamage) {
        switch frame.kind {
        case .fact, .change, .dropped:
            switch try LiveFrame(frame) {
            case .fact(let number, let fact): facts[number] = fact
            case .change(let change): changes.append(change)
            case .dropped(let dropped): drops.append(dropped)
            case .records: break
            }
        case .totals:
            let words = Array(frame.payload)
            guard words.count.isMultiple(of: 2) else { throw frame.damage("totals") }
            for place in stride(from: 0, to: words.count, by: 2) {
                guard words[place] < 64 else { throw frame.damage("totals") }
                verdicts[UInt8(words[place])] = words[place + 1]
            }
        case .applications:
            guard frame.payload.allSatisfy({ $0 <= UInt64(FactTable.capacity) }) else { throw frame.damage("applications") }
            applications = frame.payload.map { UInt32($0) }
        case .summary:
            guard let block = BlockSummary(frame.payload, applications: applications.count),
                block.offset >= SegmentHeader.bytes, block.offset + block.words * 8 <= summary.footer
            else { throw frame.damage("summary") }
            blocks.append(block)
        case .records, .block: throw frame.damage("footer")
        }
    }
}
