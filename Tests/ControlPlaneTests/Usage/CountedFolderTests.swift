import DecisionLoad
import Decisions
import Foundation
import GRDB
import Registry
import Support
import Testing

@testable import ControlPlane

/// Counts are of one folder: who looks into another takes nothing from them.
struct CountedFolderTests {
    /// A log of another gateway's: no two processes give segments the same names.
    private static func other(seed: UInt64) throws -> RecordedLog {
        var log = try RecordedLog(seed: seed, segments: 0)
        for isSealed in [true, false] {
            let stem = try log.begin(process: 9)
            try log.append(100, to: stem)
            if isSealed { try log.files.seal(stem) }
        }
        return log
    }

    @Test func `whoever looks into another folder counts nothing of it, and nothing of the counted one is lost`() throws {
        var log = try RecordedLog(seed: 91, segments: 4)
        let other = try Self.other(seed: 92)
        let store = try UsageStore(stateDirectory: log.scratch.path)
        try UsageRollUp(log.folder, into: store).catchUp()
        let fault = #expect(throws: UsageStore.OtherFolder.self) { _ = try UsageRollUp(other.folder, into: store) }
        #expect(fault?.description.contains(log.files.path) == true && fault?.description.contains(other.files.path) == true)
        for stem in log.files.live { try log.append(20, to: stem) }
        try log.files.seal(try #require(log.files.live.first))
        try UsageRollUp(log.folder, into: store).catchUp()
        #expect(try store.sum() == log.files.all.count)
    }

    @Test func `a control plane that was told the wrong folder takes nothing from the right one`() throws {
        var log = try RecordedLog(seed: 93, segments: 4)
        let other = try Self.other(seed: 94)
        let store = try UsageStore(stateDirectory: log.scratch.path)
        try UsageRollUp(log.folder, into: store).catchUp()
        let wrong = try UsageRollUp(other.folder, into: store, takingOver: true)
        try wrong.catchUp()
        try wrong.forgetOld(at: log.now)
        #expect(wrong.takeComplaints().contains { $0.contains("and of those in \(log.files.path) no more") })
        for stem in log.files.live { try log.append(20, to: stem) }
        let right = try UsageRollUp(log.folder, into: store, takingOver: true)
        try right.catchUp()
        #expect(try store.sum() == log.files.all.count + other.files.all.count)
    }

    @Test func `a folder is the same by another name, and with its state folder in another place`() throws {
        let log = try RecordedLog(seed: 95, segments: 3)
        let store = try UsageStore(stateDirectory: log.scratch.path)
        try UsageRollUp(log.folder, into: store).catchUp()
        let link = try Scratch()
        try FileManager.default.createSymbolicLink(atPath: link.path + "/state", withDestinationPath: log.scratch.path)
        try FileManager.default.createSymbolicLink(atPath: link.path + "/records", withDestinationPath: log.files.path)
        let linked = try UsageStore(stateDirectory: link.path + "/state")
        // By the system's way, ".." leads out of where the link leads.
        for path in ["/records", "/records/", "/state/decisions", "/state/./decisions", "/records/../decisions", "/not/../records"] {
            #expect(linked.place(of: SegmentFolder(link.path + path)) == "decisions", "\(path)")
        }
        #expect(linked.place(of: SegmentFolder(link.path + "/not/there")) == link.path + "/not/there")
        #expect(linked.place(of: SegmentFolder(link.path + "/records/not")) == "decisions/not")
        let moved = link.path + "/moved"
        try FileManager.default.copyItem(atPath: log.scratch.path, toPath: moved)
        let rollUp = try UsageRollUp(SegmentFolder(moved + "/decisions"), into: try UsageStore(stateDirectory: moved))
        #expect(rollUp.takeComplaints().isEmpty)
    }

    @Test func `counts of before folders were known are of the one that the control plane counts, and of none before`() throws {
        let log = try RecordedLog(seed: 96, segments: 3)
        let other = try Self.other(seed: 98)
        let store = try UsageStore(stateDirectory: log.scratch.path)
        try UsageRollUp(log.folder, into: store).catchUp()
        try store.write { database in
            try database.execute(sql: "DELETE FROM counted")
            try database.execute(sql: "UPDATE segment SET folder = ''")
        }
        let fault = #expect(throws: UsageStore.OtherFolder.self) { _ = try UsageRollUp(other.folder, into: store) }
        #expect(fault?.description.hasPrefix("it is not known which folder's records usage was counted of") == true)
        #expect(throws: UsageStore.OtherFolder.self) { _ = try UsageRollUp(log.folder, into: store) }
        for stem in log.files.live { try log.files.remove(stem) }
        let before = try store.sum()
        try UsageRollUp(log.folder, into: store, takingOver: true).catchUp()
        #expect(try store.sum() == before)
        #expect(try store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM share") } == 0)
    }

    @Test func `of segments that went only those that more may come of are known`() throws {
        let log = try RecordedLog(seed: 97, segments: 8)
        let store = try UsageStore(stateDirectory: log.scratch.path)
        try UsageRollUp(log.folder, into: store).catchUp()
        for entry in try log.folder.entries().prefix(5) { try log.files.remove(entry.stem) }
        let rollUp = try UsageRollUp(log.folder, into: store)
        try rollUp.catchUp()
        #expect(rollUp.progress.keys.sorted() == log.files.records.keys.sorted())
        #expect(try store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM segment") } == 8)
    }
}

extension UsageStore {
    /// How many requests are counted.
    func sum(by span: UsageSpan = .day) throws -> Int {
        try counts(by: span, since: WallTime(nanoseconds: .min), until: WallTime(nanoseconds: .max)).reduce(0) { $0 + Int($1.count) }
    }
}
