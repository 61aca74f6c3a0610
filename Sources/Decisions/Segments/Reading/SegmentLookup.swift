/// A record by its request's id, with its segment's facts that it names: of a sealed segment the blocks that may hold it are read, a live one is
/// looked through up to it, without putting its records in order first.
package struct SegmentLookup {
    /// The record.
    package let decision: Decision
    /// What it names.
    package let facts: [UInt32: Fact]

    /// Looks into a segment of so many bytes; nil where it has no such record.
    package init?(_ identifier: RequestIdentifier, in source: @escaping SegmentSource, byteCount: Int) throws {
        let header = try SegmentHeader(try source(0, SegmentHeader.bytes))
        guard header.isSealed else {
            guard let found = try SegmentLookup.live(identifier, source, byteCount) else { return nil }
            self = found
            return
        }
        let reader = try SegmentReader(source, byteCount: byteCount)
        guard let decision = try reader.decision(high: identifier.high, low: identifier.low) else { return nil }
        self.init(decision) { reader.facts[$0] }
    }

    private init(_ decision: Decision, _ fact: (UInt32) throws -> Fact?) rethrows {
        self.decision = decision
        var facts: [UInt32: Fact] = [:]
        for number in [decision.application, decision.rules, decision.endpoint] where number > 0 { facts[number] = try fact(number) }
        self.facts = facts
    }

    /// The facts that a record names stand before it.
    private static func live(_ identifier: RequestIdentifier, _ source: @escaping SegmentSource, _ byteCount: Int) throws -> SegmentLookup?
    {
        var frames = SegmentFrames(source, from: SegmentHeader.bytes, to: byteCount)
        var facts: [UInt32: SegmentFrame] = [:]
        while let frame = try frames.next(of: [.fact, .records]) {
            if frame.kind == .fact {
                // Unread: of some hundred facts three are wanted. A copy, for a frame holds on to all that was read with it.
                let copy = SegmentFrame(kind: .fact, offset: frame.offset, payload: ArraySlice(Array(frame.payload)))
                if let number = frame.payload.first { facts[UInt32(truncatingIfNeeded: number)] = copy }
            } else if let decision = try decision(identifier, frame) {
                return try SegmentLookup(decision) { number in
                    guard let frame = facts[number], case .fact(_, let fact) = try LiveFrame(frame) else { return nil }
                    return fact
                }
            }
        }
        return nil
    }

    private static func decision(_ identifier: RequestIdentifier, _ frame: SegmentFrame) throws -> Decision? {
        let words = frame.payload
        let last = words.endIndex - Decision.wordCount
        for place in stride(from: words.startIndex, through: last, by: Decision.wordCount)
        where words[place] == identifier.high && words[place + 1] == identifier.low {
            return Decision(DecisionWords { words[place + $0] })
        }
        return nil
    }
}
