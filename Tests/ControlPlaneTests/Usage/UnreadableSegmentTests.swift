import DecisionLoad
import Decisions
import Foundation
import Registry
import Support
import Testing

@testable import ControlPlane

/// Segments that cannot be read, or not all of them: the others are counted and found, and those are named.
struct UnreadableSegmentTests {
    /// What opens no file, whoever asks, and what opens and cannot be read.
    enum Trouble: CaseIterable {
        case open, read

        func make(at path: String) throws {
            switch self {
            case .open: try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: path)
            case .read: try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
            }
        }
    }

    @Test(arguments: Trouble.allCases, ["live", "sealed"])
    func `one that cannot be read is named, and read later; the others are there`(trouble: Trouble, form: String) throws {
        let log = try RecordedLog(seed: 101, segments: 6)
        let entry = try #require(try log.folder.entries().first { $0.file.hasSuffix(form) })
        let path = "\(log.files.path)/\(entry.file)"
        try FileManager.default.moveItem(atPath: path, toPath: log.scratch.path + "/aside")
        try trouble.make(at: path)
        let store = try UsageStore(stateDirectory: log.scratch.path)
        let rollUp = try UsageRollUp(log.folder, into: store)
        for _ in 0..<3 { try rollUp.catchUp() }
        let complaints = rollUp.takeComplaints()
        #expect(complaints.count == 1 && complaints[0].hasPrefix("\(entry.file) cannot be read for now ("), "\(complaints)")
        let lost = Set(log.files.records[entry.stem] ?? [])
        #expect(try store.sum() == log.files.all.count - lost.count)
        try Self.expectNamed(entry, in: log, without: lost)
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.moveItem(atPath: log.scratch.path + "/aside", toPath: path)
        try rollUp.catchUp()
        #expect(rollUp.takeComplaints().isEmpty)
        #expect(try store.sum() == log.files.all.count)
        #expect(try DecisionRecords(log.folder).newest(10_000, DecisionFilter()).count == log.files.all.count)
    }

    private static func expectNamed(_ entry: SegmentName, in log: RecordedLog, without lost: Set<Decision>) throws {
        let records = try DecisionRecords(log.folder)
        #expect(try records.newest(10_000, DecisionFilter()).map(\.decision) == log.ordered.filter { !lost.contains($0) })
        #expect(try records.end() != nil && records.begin() != nil)
        let complaints = records.complaints
        #expect(complaints.count == 1 && complaints[0].hasPrefix("\(entry.file) cannot be read for now ("), "\(complaints)")
        #expect(complaints.allSatisfy { $0.hasSuffix(" and is left out") })
    }

    @Test func `of a segment with a damaged block the others are counted, as they are shown`() throws {
        var log = try RecordedLog(seed: 102, segments: 2)
        let stem = try log.begin()
        for _ in 0..<20 { try log.append(1_000, to: stem) }
        try log.files.seal(stem)
        let path = "\(log.files.path)/\(stem).sealed"
        var bytes = try #require(FileManager.default.contents(atPath: path))
        bytes[100] ^= 1
        try bytes.write(to: URL(fileURLWithPath: path))
        let shown = try DecisionRecords(log.folder).newest(100_000, DecisionFilter()).count
        try #require(shown > log.files.all.count - 20_000 && shown < log.files.all.count)
        let store = try UsageStore(stateDirectory: log.scratch.path)
        // Whoever counts next says it again.
        for _ in 0..<2 {
            let rollUp = try UsageRollUp(log.folder, into: store)
            for _ in 0..<3 { try rollUp.catchUp() }
            let complaints = rollUp.takeComplaints()
            #expect(complaints.count == 1 && complaints[0].hasPrefix("\(stem).sealed is damaged, and what cannot be read of it"))
            for span in UsageSpan.allCases { #expect(try store.sum(by: span) == shown) }
        }
        // What was counted stays once it goes.
        try log.files.remove(stem)
        try UsageRollUp(log.folder, into: store).catchUp()
        #expect(try store.sum() == shown)
    }

    @Test(arguments: [true, false])
    func `what was counted of a live segment stays where it is damaged once it is sealed`(hasDrops: Bool) throws {
        var log = try RecordedLog(seed: 103, segments: 2)
        let stem = try log.begin()
        for _ in 0..<20 { try log.append(1_000, to: stem) }
        if hasDrops { try log.files.append(DroppedRecords(count: 7, wallNanoseconds: log.now.nanoseconds), to: stem) }
        let store = try UsageStore(stateDirectory: log.scratch.path)
        try UsageRollUp(log.folder, into: store).catchUp()
        let counted = try store.sum()
        #expect(counted == log.files.all.count + (hasDrops ? 7 : 0))
        try log.files.seal(stem)
        let path = "\(log.files.path)/\(stem).sealed"
        var bytes = try #require(FileManager.default.contents(atPath: path))
        bytes[100] ^= 1
        try bytes.write(to: URL(fileURLWithPath: path))
        for _ in 0..<2 {
            let rollUp = try UsageRollUp(log.folder, into: store)
            for _ in 0..<3 { try rollUp.catchUp() }
            #expect(rollUp.takeComplaints().count == (hasDrops ? 1 : 0))
            for span in UsageSpan.allCases { #expect(try store.sum(by: span) == counted) }
        }
        try log.files.remove(stem)
        try UsageRollUp(log.folder, into: store).catchUp()
        #expect(try store.sum() == counted)
    }
}
