package import Decisions

/// Gives records as they come, segment after segment: those of a segment in the order they were written down.
package struct RecordFollower {
    /// A segment under way.
    private struct Followed {
        var reader: LiveSegmentReader
        var facts: [UInt32: Fact]
    }

    private let folder: SegmentFolder
    private let filter: DecisionFilter
    private var followed: [String: Followed] = [:]
    /// Segments of which nothing is to come, or was there before.
    private var finished: Set<String> = []

    /// Begins behind what these records are.
    package init(after records: DecisionRecords, _ filter: DecisionFilter) throws {
        folder = records.folder
        self.filter = filter
        for entry in records.entries { finished.insert(entry.stem) }
        for (stem, live) in records.live where !live.file.isSealed {
            let reader = try LiveSegmentReader(live.file.source, from: live.reader().end)
            followed[stem] = Followed(reader: reader, facts: try live.reader().facts)
            finished.remove(stem)
        }
    }

    /// Gives what came since it was asked last.
    package mutating func poll(_ body: (RecordedDecision) throws -> Void) throws {
        // Looked at before the segments are read: of one that is not written any more, all is read then.
        let entries = try folder.entries()
        let written = Set(entries.filter { !$0.isSealed }.map(\.stem))
        for entry in entries where followed[entry.stem] == nil && !finished.contains(entry.stem) { try begin(entry, body) }
        for stem in followed.keys.sorted() {
            try read(stem, body)
            guard !written.contains(stem) else { continue }
            followed[stem] = nil
            finished.insert(stem)
        }
    }

    /// A segment that was not there before; where it is sealed already, all of it came since.
    private mutating func begin(_ entry: SegmentName, _ body: (RecordedDecision) throws -> Void) throws {
        guard let file = try? folder.open(entry), try file.byteCount() >= SegmentHeader.bytes else { return }
        guard file.isSealed else {
            followed[entry.stem] = Followed(reader: try LiveSegmentReader(file.source), facts: [:])
            return
        }
        finished.insert(entry.stem)
        let reader = try file.reader()
        try reader.forEachBlock(filter) { block, selection in
            for index in selection { try body(RecordedDecision(block.decision(index), reader.facts)) }
        }
    }

    private mutating func read(_ stem: String, _ body: (RecordedDecision) throws -> Void) throws {
        while let frame = try followed[stem]?.reader.next() {
            switch frame {
            case .fact(let number, let fact): followed[stem]?.facts[number] = fact
            case .change, .dropped: break
            case .records(let words):
                let facts = followed[stem]?.facts ?? [:]
                for word in words {
                    guard let decision = Decision(word) else { continue }
                    let record = RecordedDecision(decision, facts)
                    if filter.letsThrough(record) { try body(record) }
                }
            }
        }
    }
}
