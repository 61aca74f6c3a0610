import DecisionLoad
import Decisions
import Foundation
import GRDB
import Registry
import Support
import Testing

@testable import ControlPlane

/// What is forgotten of counts, and what never.
struct UsageForgettingTests {
    private static let always = (since: WallTime(nanoseconds: .min), until: WallTime(nanoseconds: .max))
    private static func days(_ count: Int64, after time: WallTime) -> WallTime { WallTime(seconds: time.seconds + count * 86_400) }

    private static func sum(_ store: UsageStore, by span: UsageSpan) throws -> Int64 {
        try store.counts(by: span, since: always.since, until: always.until).reduce(0) { $0 + $1.count }
    }

    @Test func `minutes go after a month, hours after a year, days never`() throws {
        let log = try RecordedLog(seed: 71, segments: 4)
        let store = try UsageStore(stateDirectory: log.scratch.path)
        let rollUp = try UsageRollUp(log.folder, into: store)
        try rollUp.catchUp()
        let all = Int64(log.files.all.count)
        // Nothing of what is still on record is forgotten, however old.
        try rollUp.forgetOld(at: Self.days(5_000, after: log.now))
        for span in UsageSpan.allCases { #expect(try Self.sum(store, by: span) == all) }
        for stem in log.files.live { try log.files.seal(stem) }
        try rollUp.catchUp()
        var last: String?
        for stem in log.files.records.keys { try log.files.remove(stem) }
        for (days, minutes, hours) in [(30, all, all), (37, 0, all), (399, 0, all), (402, 0, 0), (5_000, 0, 0)] as [(Int64, Int64, Int64)] {
            // The log goes on, without a record: of a folder without any segment nobody knows what is left.
            if let last { try log.files.remove(last) }
            last = try log.files.begin(at: Self.days(days, after: log.now))
            try rollUp.forgetOld(at: Self.days(days, after: log.now))
            #expect(try Self.sum(store, by: .minute) == minutes, "after \(days) days")
            #expect(try Self.sum(store, by: .hour) == hours, "after \(days) days")
            #expect(try Self.sum(store, by: .day) == all, "after \(days) days")
        }
        let known = try store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM segment") }
        #expect(known == 0, "nobody brings back a segment after so long")
    }

    @Test func `what a live segment has given so far is kept until it is whole, for it may have to be taken back`() throws {
        let log = try RecordedLog(seed: 72, segments: 3)
        let store = try UsageStore(stateDirectory: log.scratch.path)
        let rollUp = try UsageRollUp(log.folder, into: store)
        try rollUp.catchUp()
        let newest = log.files.records.keys.sorted()
        for stem in newest.dropLast() { try log.files.remove(stem) }
        try rollUp.catchUp()
        try rollUp.forgetOld(at: Self.days(500, after: log.now))
        try log.files.lose(1, of: newest[newest.count - 1])
        try log.files.seal(newest[newest.count - 1])
        let again = try UsageRollUp(log.folder, into: store)
        try again.catchUp()
        #expect(again.takeComplaints().isEmpty)
        let left = try store.counts(by: .minute, since: Self.always.since, until: Self.always.until)
        #expect(left.allSatisfy { $0.count > 0 })
    }

    @Test func `nothing is forgotten while the disk of the records is not mounted, and nothing is counted twice after it`() throws {
        let log = try RecordedLog(seed: 74, segments: 4)
        let store = try UsageStore(stateDirectory: log.scratch.path)
        let rollUp = try UsageRollUp(log.folder, into: store)
        try rollUp.catchUp()
        let aside = log.scratch.path + "/aside"
        try FileManager.default.moveItem(atPath: log.files.path, toPath: aside)
        try rollUp.catchUp()
        try rollUp.forgetOld(at: Self.days(800, after: log.now))
        try FileManager.default.moveItem(atPath: aside, toPath: log.files.path)
        for next in [rollUp, try UsageRollUp(log.folder, into: store)] { try next.catchUp() }
        for span in UsageSpan.allCases { #expect(try Self.sum(store, by: span) == Int64(log.files.all.count)) }
    }

    @Test func `a folder that was given up keeps minutes from being forgotten no longer than they are kept`() throws {
        let log = try RecordedLog(seed: 75, segments: 4)
        let store = try UsageStore(stateDirectory: log.scratch.path)
        try UsageRollUp(log.folder, into: store).catchUp()
        let all = Int64(log.files.all.count)
        let other = try SegmentFiles(log.scratch.path + "/others", facts: log.load.facts)
        for (days, minutes, unfinished) in [(30, all, 2), (37, 0, 0)] as [(Int64, Int64, Int)] {
            for stem in other.live { try other.remove(stem) }
            let now = Self.days(days, after: log.now)
            _ = try other.begin(at: now, process: 9)
            let rollUp = try UsageRollUp(SegmentFolder(other.path), into: store, takingOver: true)
            try rollUp.catchUp()
            try rollUp.forgetOld(at: now)
            #expect(try Self.sum(store, by: .minute) == minutes)
            #expect(try store.unfinished(in: "decisions").count == unfinished)
        }
        #expect(try Self.sum(store, by: .hour) == all && Self.sum(store, by: .day) == all)
    }

    @Test func `a damaged segment is named, once, and the others are counted`() throws {
        let log = try RecordedLog(seed: 73, segments: 5)
        let damaged = try #require(try log.folder.entries().first { $0.isSealed })
        let path = "\(log.files.path)/\(damaged.file)"
        let bytes = try #require(FileManager.default.contents(atPath: path))
        try bytes.dropLast(9).write(to: URL(fileURLWithPath: path))
        let store = try UsageStore(stateDirectory: log.scratch.path)
        let rollUp = try UsageRollUp(log.folder, into: store)
        try rollUp.catchUp()
        let complaints = rollUp.takeComplaints()
        #expect(complaints.count == 1 && complaints[0].hasPrefix("\(damaged.file) is damaged, and what cannot be read of it"))
        #expect(try Self.sum(store, by: .day) == Int64(log.files.all.count - (log.files.records[damaged.stem]?.count ?? 0)))
        try rollUp.catchUp()
        #expect(rollUp.takeComplaints().isEmpty)
    }
}
