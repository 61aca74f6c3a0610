import Decisions

/// A live segment on its way to be counted.
struct LiveCount {
    let file: SegmentFile
    private var reader: LiveSegmentReader
    private(set) var facts: [UInt32: Fact] = [:]

    /// From its beginning; nil where it was begun this moment, and its header is not there yet.
    init?(_ file: SegmentFile) throws {
        guard try file.byteCount() >= SegmentHeader.bytes else { return nil }
        self.file = file
        reader = try LiveSegmentReader(file.source)
    }

    var offset: Int { reader.offset }

    func endsBefore(_ offset: Int) throws -> Bool { try file.byteCount() < offset }

    /// Reads up to an offset, for the facts alone.
    mutating func skip(to offset: Int) throws {
        while reader.offset < offset, let frame = try reader.next() { learn(frame) }
    }

    /// Counts what comes next, up to the frame with which there are so many records.
    mutating func count(atMost most: Int) throws -> UsageCounts {
        var counts = UsageCounts()
        while counts.records < most, let frame = try reader.next() {
            learn(frame)
            switch frame {
            case .fact, .change: break
            case .dropped(let entry): counts.add(entry)
            case .records(let records): for record in records { counts.add(record) }
            }
        }
        return counts
    }

    private mutating func learn(_ frame: LiveFrame) {
        if case .fact(let number, let fact) = frame { facts[number] = fact }
    }
}
