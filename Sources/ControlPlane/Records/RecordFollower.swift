package import Decisions

/// Gives records as they come, segment after segment: those of a segment in the order they were written down.
package struct RecordFollower {
    /// A segment under way.
    private struct Followed {
        let entry: SegmentName
        var reader: LiveSegmentReader
        var facts: [UInt32: Fact]
    }

    private let folder: SegmentFolder
    private let filter: DecisionFilter
    private var followed: [String: Followed] = [:]
    /// Segments of which nothing is to come, or was there before.
    private var finished: Set<String> = []
    /// Segments of which somebody was told that they cannot be read, or not all of them.
    private var told: Set<String> = []
    private var complaints: [String] = []

    /// Begins behind what these records are.
    package init(after records: DecisionRecords, _ filter: DecisionFilter) throws {
        folder = records.folder
        self.filter = filter
        // What could not be read then is no news once it can be.
        finished = Set(records.entries.map(\.stem)).union(records.unopened)
        told = records.unopened
        for entry in records.entries {
            guard let live = records.live[entry.stem], !live.file.isSealed else { continue }
            try noting(entry) {
                let reader = try LiveSegmentReader(live.file.source, from: live.reader().end)
                $0.followed[entry.stem] = Followed(entry: entry, reader: reader, facts: try live.reader().facts)
                $0.finished.remove(entry.stem)
            }
        }
    }

    /// What there is to complain of since this was asked last, once for each segment.
    package mutating func takeComplaints() -> [String] {
        defer { complaints = [] }
        return complaints
    }

    /// Gives what came since it was asked last. What is wrong with one segment keeps nobody from the others.
    package mutating func poll(_ body: (RecordedDecision) throws -> Void) throws {
        // Looked at before the segments are read: of one that is not written any more, all is read then.
        let entries = try folder.entries()
        let written = Set(entries.filter { !$0.isSealed }.map(\.stem))
        for entry in entries where followed[entry.stem] == nil && !finished.contains(entry.stem) {
            try noting(entry) { try $0.begin(entry, body) }
        }
        for stem in followed.keys.sorted() {
            guard try noting(followed[stem]?.entry, { try $0.read(stem, body) }), !written.contains(stem) else { continue }
            followed[stem] = nil
            finished.insert(stem)
        }
    }

    /// Does something with a segment, and remembers once what is wrong with it; false where something is. What is not its fault is thrown.
    @discardableResult
    private mutating func noting(_ entry: SegmentName?, _ body: (inout RecordFollower) throws -> Void) throws -> Bool {
        do {
            try body(&self)
            return true
        } catch is SegmentFolder.Gone {
            return false
        } catch {
            guard let entry, let sentence = DecisionRecords.sentence(error, of: entry) else { throw error }
            note(sentence, of: entry)
            // What is damaged stays so; what cannot be read just now is tried again.
            if error is SegmentDamage { finished.insert(entry.stem) }
            return false
        }
    }

    private mutating func note(_ sentence: String, of entry: SegmentName) {
        if told.insert(entry.stem).inserted { complaints.append(sentence) }
    }

    /// A segment that was not there before; where it is sealed already, all of it came since.
    private mutating func begin(_ entry: SegmentName, _ body: (RecordedDecision) throws -> Void) throws {
        let file = try folder.open(entry)
        guard try file.byteCount() >= SegmentHeader.bytes else { return }
        guard file.isSealed else {
            followed[entry.stem] = Followed(entry: entry, reader: try LiveSegmentReader(file.source), facts: [:])
            return
        }
        let reader = try file.reader()
        finished.insert(entry.stem)
        try reader.forEachBlock(filter, damaged: { note($0.sentence(of: entry), of: entry) }) { block, selection in
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
