package import Decisions
import Foundation
package import Registry

/// A folder of segments as a data plane leaves it, by whoever says what is written when; and what is in it, told apart from any reader's word.
package final class SegmentFiles {
    /// The folder's path.
    package let path: String
    /// What the records name.
    package let facts: FactTable
    /// Records by segment, in the order they were appended.
    package private(set) var records: [String: [Decision]] = [:]
    /// Entries of missing records by segment.
    package private(set) var drops: [String: [DroppedRecords]] = [:]
    /// Segments that are written, or were when their writer was killed.
    package private(set) var live: [String] = []

    private var writers: [String: LiveSegmentWriter] = [:]
    /// By segment: how many records and entries there were, and of how many bytes, after each append.
    private var appends: [String: [(bytes: Int, records: Int, drops: Int)]] = [:]
    private var count = 0

    /// An empty folder at that path.
    package init(_ path: String, facts: FactTable) throws {
        self.path = path
        self.facts = facts
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    /// All records that are in it.
    package var all: [Decision] { records.values.flatMap { $0 } }

    /// Begins a segment and gives its stem.
    package func begin(at time: WallTime, process: Int32 = 7, boot: String = "") throws -> String {
        count += 1
        let stem = SegmentName(begun: time, process: process, count: count).stem
        writers[stem] = LiveSegmentWriter(begun: time, processIdentifier: process, boot: boot)
        try Data().write(to: URL(fileURLWithPath: file(stem)))
        (records[stem], drops[stem], appends[stem]) = ([], [], [])
        live.append(stem)
        try write(stem)
        return stem
    }

    /// Appends records in one batch.
    package func append(_ batch: [DecisionWords], to stem: String) throws {
        writers[stem]?.batch(batch.span, facts: facts)
        records[stem, default: []] += batch.compactMap { Decision($0) }
        try write(stem)
    }

    /// Appends an entry of missing records.
    package func append(_ entry: DroppedRecords, to stem: String) throws {
        writers[stem]?.dropped(entry)
        drops[stem, default: []].append(entry)
        try write(stem)
    }

    /// Appends a change of rules.
    package func append(_ change: RuleChange, to stem: String) throws {
        writers[stem]?.change(change, facts: facts)
        try write(stem)
    }

    /// The writer is killed in an append: some bytes stand behind the last whole frame.
    package func tear(_ stem: String, bytes: Int) throws {
        writers[stem]?.dropped(DroppedRecords(count: 1, wallNanoseconds: 1))
        let torn = (writers[stem]?.words ?? []).littleEndianBytes.prefix(bytes)
        try append(Array(torn), to: file(stem))
        writers[stem] = nil
    }

    /// The machine loses the last appends of a segment with its power; nobody writes it any more.
    package func lose(_ count: Int, of stem: String) throws {
        let kept = (appends[stem] ?? []).dropLast(count)
        guard let last = kept.last else { return }
        appends[stem] = Array(kept)
        records[stem] = Array((records[stem] ?? []).prefix(last.records))
        drops[stem] = Array((drops[stem] ?? []).prefix(last.drops))
        writers[stem] = nil
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: file(stem)))
        try handle.truncate(atOffset: UInt64(last.bytes))
        try handle.close()
    }

    /// Seals a segment: beside it, renamed, and the live form removed.
    package func seal(_ stem: String) throws {
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: file(stem))))
        let source: SegmentSource = { offset, count in Array(bytes[min(offset, bytes.count)..<min(offset + count, bytes.count)]) }
        var sealer = SegmentSealer(try SegmentReader(source, byteCount: bytes.count))
        var words: [UInt64] = []
        while let next = try sealer.words() { words += next }
        try Data(words.littleEndianBytes).write(to: URL(fileURLWithPath: "\(path)/\(stem).sealed"), options: .atomic)
        try FileManager.default.removeItem(atPath: file(stem))
        live.removeAll { $0 == stem }
        writers[stem] = nil
    }

    /// Removes a segment, as one that is too old.
    package func remove(_ stem: String) throws {
        let isLive = live.contains(stem)
        try FileManager.default.removeItem(atPath: isLive ? file(stem) : "\(path)/\(stem).sealed")
        live.removeAll { $0 == stem }
        (records[stem], drops[stem], writers[stem], appends[stem]) = (nil, nil, nil, nil)
    }

    /// Whether somebody still writes it.
    package func isWritten(_ stem: String) -> Bool { writers[stem] != nil }

    private func file(_ stem: String) -> String { "\(path)/\(stem).live" }

    private func write(_ stem: String) throws {
        try append((writers[stem]?.words ?? []).littleEndianBytes, to: file(stem))
        writers[stem]?.appended()
        appends[stem, default: []].append(
            (bytes: writers[stem]?.byteCount ?? 0, records: records[stem]?.count ?? 0, drops: drops[stem]?.count ?? 0))
    }

    private func append(_ bytes: [UInt8], to file: String) throws {
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: file))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(bytes))
        try handle.close()
    }
}
