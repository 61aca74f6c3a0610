package import Decisions
package import Registry

/// The records of a folder at one moment: what was whole in it then, in the order of the judging. Of a segment that is damaged, what can be read
/// is there, and the rest is told; so is a segment that cannot be read at all.
package final class DecisionRecords {
    /// Where the log ends.
    package struct End: Sendable {
        /// The segment's file.
        package let segment: String
        /// Behind its last whole record, in bytes.
        package let offset: Int
        /// Records in it.
        package let count: Int
        /// When the last of them was judged; nil where there is none.
        package let last: WallTime?
        /// What stands behind it instead of a record: the last append of a process that was killed, or is under way.
        package let damage: SegmentDamage?
    }

    /// The folder.
    package let folder: SegmentFolder
    /// Its segments, the oldest first.
    package let entries: [SegmentName]
    /// Those that are being written, by stem: what comes later is not in them.
    let live: [String: LiveSegment]
    /// What is wrong with segments, in words, as far as it was met with.
    private var faults: [SegmentName: String] = [:]

    /// Looks at the folder; of its segments nothing is read yet.
    package init(_ folder: SegmentFolder) throws {
        self.folder = folder
        var live: [String: LiveSegment] = [:]
        var entries: [SegmentName] = []
        var faults: [SegmentName: String] = [:]
        for entry in try folder.entries() {
            do {
                if !entry.isSealed {
                    // Of one begun this moment the header may not be there yet.
                    guard let segment = try LiveSegment(folder.open(entry)) else { continue }
                    live[entry.stem] = segment
                }
                entries.append(entry)
            } catch is SegmentFolder.Gone {
                continue
            } catch let trouble as SegmentFolder.Unreadable {
                faults[entry] = DecisionRecords.sentence(trouble, of: entry)
            }
        }
        (self.entries, self.live, self.faults) = (entries, live, faults)
    }

    /// What is wrong with segments that were met with so far, in words, the oldest first.
    package var complaints: [String] { faults.sorted { $0.key.stem < $1.key.stem }.map(\.value) }

    /// Those that could not be opened.
    var unopened: Set<String> { Set(faults.keys.map(\.stem)).subtracting(entries.map(\.stem)) }

    /// What to say of a segment that cannot be read, or not all of it; nil where it is no segment's fault.
    static func sentence(_ fault: any Error, of entry: SegmentName) -> String? {
        switch fault {
        case let damage as SegmentDamage: damage.sentence(of: entry)
        case let trouble as SegmentFolder.Unreadable: "\(trouble), and is left out"
        default: nil
        }
    }

    /// Remembers what is wrong with a segment; throws on what is not its fault.
    private func note(_ fault: any Error, of entry: SegmentName) throws {
        guard let sentence = DecisionRecords.sentence(fault, of: entry) else { throw fault }
        faults[entry] = sentence
    }

    /// Where it ends: in the segment with the latest record among those that are written, and the one that was begun last.
    package func end() throws -> End? {
        var ends: [End] = []
        for entry in entries where !entry.isSealed || entry == entries.last {
            try reading(entry) {
                let reader = try reader(of: entry)
                ends.append(
                    End(
                        segment: entry.file, offset: reader.end, count: reader.summary.count,
                        last: reader.summary.count == 0 ? nil : WallTime(nanoseconds: reader.summary.wall.last), damage: reader.damage))
            }
        }
        return ends.max { ($0.last?.nanoseconds ?? .min) < ($1.last?.nanoseconds ?? .min) }
    }

    /// When the oldest record that is kept was judged; nil where there is none.
    package func begin() throws -> WallTime? {
        for entry in entries {
            guard let summary = try reading(entry, { try summary(of: entry) }), summary.count > 0 else { continue }
            return WallTime(nanoseconds: summary.wall.first)
        }
        return nil
    }

    /// The newest records that the filter lets through, at most so many, the newest last.
    ///
    /// Where nobody says since when, the last hour is looked at first, then the last day: mostly they hold enough.
    package func newest(_ limit: Int, _ filter: DecisionFilter) throws -> [RecordedDecision] {
        guard limit > 0 else { return [] }
        let last = min(try end()?.last?.nanoseconds ?? .max, filter.wall.last)
        for nanoseconds in [Int64(3_600_000_000_000), DayClock.dayNanoseconds] where filter.wall.first == .min {
            var recent = filter
            recent.wall = TimeSpan(first: last.plusClamped(-nanoseconds), last: filter.wall.last)
            let found = try newest(limit, within: recent)
            if found.count == limit { return found }
        }
        return try newest(limit, within: filter)
    }

    private func newest(_ limit: Int, within filter: DecisionFilter) throws -> [RecordedDecision] {
        var found: [RecordedDecision] = []
        try forEach(filter, newestFirst: true) { record in
            found.append(record)
            return found.count < limit
        }
        return found.reversed()
    }

    /// Gives each record that the filter lets through to `body`, the oldest first, until it has enough.
    package func forEach(
        _ filter: DecisionFilter, newestFirst: Bool = false, _ body: (RecordedDecision) throws -> Bool
    ) throws {
        let facts = KnownFacts()
        let segments = try segments(meeting: filter.wall)
        let inputs = segments.enumerated().map { place, segment in
            SegmentMerge.Input(segment.summary) {
                let reader = try self.reader(of: segment.name)
                facts.learn(reader.facts, of: place)
                return reader
            }
        }
        var merge = SegmentMerge(inputs, filter: filter, newestFirst: newestFirst) { try self.note($1, of: segments[$0].name) }
        while let found = try merge.next() {
            guard try body(RecordedDecision(found.decision, facts.of(found.input))) else { return }
        }
    }

    /// A merge of the records of a span, to be read by runs of columns.
    package func merge(_ filter: DecisionFilter, columns: DecisionColumns = .all) throws -> SegmentMerge {
        let segments = try segments(meeting: filter.wall)
        let inputs = segments.map { segment in SegmentMerge.Input(segment.summary) { try self.reader(of: segment.name) } }
        return SegmentMerge(inputs, filter: filter, columns: columns) { try self.note($1, of: segments[$0].name) }
    }

    /// Readers of the segments that may hold records judged in a span, the oldest first.
    func readers(meeting wall: TimeSpan, _ body: (SegmentReader) throws -> Bool) throws {
        for segment in try segments(meeting: wall) where segment.summary.wall.meets(wall) {
            guard try reading(segment.name, { try body(reader(of: segment.name)) }) != false else { return }
        }
    }

    /// Gives what `body` makes of a segment; nil where it is damaged or cannot be read, which is then known.
    func reading<Value>(_ name: SegmentName, _ body: () throws -> Value) throws -> Value? {
        do {
            return try body()
        } catch {
            try note(error, of: name)
            return nil
        }
    }

    /// The segments whose names do not rule out that they hold something of a span, and when their records are of.
    private func segments(meeting wall: TimeSpan) throws -> [(name: SegmentName, summary: SegmentSummary)] {
        try entries.meeting(wall).compactMap { name in try reading(name) { (name, try summary(of: name)) } }
    }

    /// Gives a segment's bytes as they were when the folder was looked at, whichever form they have now.
    func bytes<Value>(of name: SegmentName, _ body: (@escaping SegmentSource, Int) throws -> Value) throws -> Value {
        if let live = live[name.stem] { return try body(live.source, live.byteCount) }
        let file = try folder.open(name)
        return try body(file.source, try file.byteCount())
    }

    private func summary(of name: SegmentName) throws -> SegmentSummary {
        if let live = live[name.stem] { return try live.reader().summary }
        return try bytes(of: name) { try SegmentSummary(sealed: $0, byteCount: $1) }
    }

    private func reader(of name: SegmentName) throws -> SegmentReader {
        if let live = live[name.stem] { return try live.reader() }
        return try folder.open(name).reader()
    }
}

/// A live segment as long as it was when it was looked at, read when somebody wants to know.
final class LiveSegment {
    let file: SegmentFile
    /// How long it was.
    let byteCount: Int
    private var known: SegmentReader?

    /// Nil where its header is not whole yet.
    init?(_ file: SegmentFile) throws {
        let byteCount = try file.byteCount()
        guard byteCount >= SegmentHeader.bytes else { return nil }
        (self.file, self.byteCount) = (file, byteCount)
    }

    /// Whether it was put in order, which takes as long as to read it.
    var isRead: Bool { known != nil }

    /// Its bytes of then.
    var source: SegmentSource {
        { [file, byteCount] offset, count in try file.bytes(from: offset, count: min(count, max(0, byteCount - offset))) }
    }

    /// All of it, in order.
    func reader() throws -> SegmentReader {
        if let known { return known }
        let reader = try SegmentReader(source, byteCount: byteCount)
        known = reader
        return reader
    }
}

/// The facts of the segments that a merge has opened.
private final class KnownFacts {
    private var byInput: [Int: [UInt32: Fact]] = [:]

    func learn(_ facts: [UInt32: Fact], of input: Int) { byInput[input] = facts }
    func of(_ input: Int) -> [UInt32: Fact] { byInput[input] ?? [:] }
}
