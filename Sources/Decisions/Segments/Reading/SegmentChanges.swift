/// What was changed while a segment was written, with the facts that the changes name and no others: of thousands of segments few have a change,
/// and to read the records of a live one or the facts of all takes many times as long as to find that out.
package struct SegmentChanges {
    /// In the order they were written.
    package private(set) var changes: [RuleChange] = []
    /// What they name.
    package private(set) var facts: [UInt32: Fact] = [:]

    /// Reads a segment of so many bytes. A live one ends where its frames do; a sealed one is whole or damaged.
    package init(_ source: @escaping SegmentSource, byteCount: Int) throws {
        let header = try SegmentHeader(try source(0, SegmentHeader.bytes))
        let isSealed = header.isSealed
        let summary = isSealed ? try SegmentSummary(behind: header, sealed: source, byteCount: byteCount) : nil
        func frames(_ kinds: Set<SegmentFrame.Kind>, _ body: (SegmentFrame) throws -> Void) throws {
            var frames = SegmentFrames(source, from: summary?.footer ?? SegmentHeader.bytes, to: summary?.end ?? byteCount)
            while let frame = try frames.next(of: kinds) { try body(frame) }
            if isSealed, let damage = frames.damage { throw damage }
        }
        var changes: [RuleChange] = []
        try frames([.change]) { if case .change(let change) = try LiveFrame($0) { changes.append(change) } }
        let named = Set(changes.flatMap(\.facts))
        guard !named.isEmpty else { return }
        var facts: [UInt32: Fact] = [:]
        try frames([.fact]) { frame in
            guard let number = frame.payload.first, named.contains(UInt32(truncatingIfNeeded: number)),
                case .fact(let number, let fact) = try LiveFrame(frame)
            else { return }
            facts[number] = fact
        }
        (self.changes, self.facts) = (changes, facts)
    }
}
