import DecisionLoad
import Decisions
import Foundation
import Registry
import Support
import Testing

@testable import ControlPlane

/// Queries over segments of both forms against a look at every record.
struct RecordQueryTests {
    @Test(arguments: [UInt64](1...6)) func `a query finds what a look at every record does, by name, in order`(seed: UInt64) throws {
        var log = try RecordedLog(seed: seed, segments: 7)
        let ordered = log.ordered
        let records = try DecisionRecords(log.folder)
        for _ in 0..<40 {
            let filter = Self.filter(ordered, &log.random)
            let expected = ordered.filter { Self.matches(filter, $0, log) }
            var found: [RecordedDecision] = []
            try records.forEach(filter) { record in
                found.append(record)
                return true
            }
            #expect(found.map(\.decision) == expected)
            for record in found {
                #expect(record.application == log.application(of: record.decision))
                #expect(record.route == log.route(of: record.decision)?.id && record.scope == log.route(of: record.decision)?.scope)
                #expect(filter.letsThrough(record))
            }
            let limit = Int.random(in: 0...300, using: &log.random)
            #expect(try records.newest(limit, filter).map(\.decision) == Array(expected.suffix(limit)))
        }
    }

    private static func filter(_ decisions: [Decision], _ random: inout SplitMix64) -> DecisionFilter {
        var filter = DecisionFilter()
        func isWanted() -> Bool { Int.random(in: 0..<3, using: &random) == 0 }
        if isWanted() {
            let times = [0, 1].map { _ in decisions.randomElement(using: &random)?.wallNanoseconds ?? 0 }.sorted()
            filter.wall = TimeSpan(first: isWanted() ? .min : times[0], last: isWanted() ? .max : times[1])
        }
        if isWanted() { filter.applications = Set((0...2).map { _ in id("application-\(Int.random(in: 0...30, using: &random))") }) }
        if isWanted() { filter.verdicts = Bool.random(using: &random) ? Verdict.refusals : [.admitted] }
        if isWanted() { filter.statuses = [200, 429, 401, 207].randomElement(using: &random).map { [$0] } }
        if isWanted() { filter.routes = [id("schedule"), id("find-by-pin")] }
        if isWanted() { filter.scopes = Set(Scope.allCases.shuffled(using: &random).prefix(2)) }
        return filter
    }

    /// The slow and obvious way.
    private static func matches(_ filter: DecisionFilter, _ decision: Decision, _ log: RecordedLog) -> Bool {
        let (application, route) = (log.application(of: decision), log.route(of: decision))
        guard filter.wall.contains(decision.wallNanoseconds) else { return false }
        if let wanted = filter.applications { guard let application, wanted.contains(application) else { return false } }
        if let wanted = filter.verdicts { guard wanted.contains(decision.verdict) else { return false } }
        if let wanted = filter.statuses { guard wanted.contains(decision.status) else { return false } }
        if let wanted = filter.routes { guard let route, wanted.contains(route.id) else { return false } }
        if let wanted = filter.scopes { guard let route, wanted.contains(route.scope) else { return false } }
        return true
    }

    @Test func `the log's end is the last whole record, wherever its writer was killed`() throws {
        var log = try RecordedLog(seed: 21, segments: 4)
        let stem = try log.begin()
        try log.append(40, to: stem)
        let path = "\(log.files.path)/\(stem).live"
        let size = try #require(FileManager.default.contents(atPath: path)).count
        try log.files.tear(stem, bytes: 13)
        let end = try #require(try DecisionRecords(log.folder).end())
        #expect(end.segment == stem + ".live" && end.offset == size && end.count == 40)
        #expect(end.last?.nanoseconds == log.files.records[stem]?.map(\.wallNanoseconds).max())
        #expect(end.damage?.offset == size)
        try log.files.seal(stem)
        for rest in log.files.live { try log.files.seal(rest) }
        let sealed = try #require(try DecisionRecords(log.folder).end())
        #expect(sealed.segment == stem + ".sealed" && sealed.last == end.last && sealed.damage == nil)
    }

    @Test func `no folder, an empty one and a segment begun this moment have no records`() throws {
        let scratch = try Scratch()
        let folder = SegmentFolder(scratch.path + "/decisions")
        #expect(try folder.entries().isEmpty)
        try scratch.write("", to: "decisions/1767225600000-7-1.live")
        try scratch.write("no segment", to: "decisions/notes.txt")
        try scratch.write("beside, and not renamed yet", to: "decisions/1767225600000-7-1.sealed.new")
        #expect(try folder.entries().map(\.file) == ["1767225600000-7-1.live"])
        let records = try DecisionRecords(folder)
        #expect(records.entries.isEmpty)
        #expect(try records.end() == nil && records.begin() == nil && records.newest(10, DecisionFilter()).isEmpty)
    }

    @Test func `of a sealed segment that is damaged it is said so, and everything else is found`() throws {
        let log = try RecordedLog(seed: 61, segments: 6)
        let sealed = try log.folder.entries().filter(\.isSealed)
        try #require(sealed.count == 4)
        // One whose end is cut off, one with a byte in its blocks that is another.
        let paths = sealed.map { "\(log.files.path)/\($0.file)" }
        var bytes = try #require(FileManager.default.contents(atPath: paths[1]))
        try bytes.dropLast(9).write(to: URL(fileURLWithPath: paths[1]))
        bytes = try #require(FileManager.default.contents(atPath: paths[2]))
        bytes[100] ^= 1
        try bytes.write(to: URL(fileURLWithPath: paths[2]))
        let lost = Set(sealed[1...2].flatMap { log.files.records[$0.stem] ?? [] })
        let records = try DecisionRecords(log.folder)
        #expect(records.complaints.isEmpty, "nothing was read yet")
        let expected = log.ordered.filter { !lost.contains($0) }
        #expect(try records.newest(10_000, DecisionFilter()).map(\.decision) == expected)
        #expect(records.complaints.count == 2)
        for (complaint, entry) in zip(records.complaints, sealed[1...2]) { #expect(complaint.hasPrefix("\(entry.file) is damaged")) }
        let asked = try DecisionRecords(log.folder)
        for decision in [expected.first, expected.last, lost.first].compactMap({ $0 }) {
            let found = try asked.explanation(of: try #require(RequestIdentifier(decision.idText))) { _ in [] }
            #expect(found?.explanation.decision == (lost.contains(decision) ? nil : decision))
        }
        #expect(!asked.complaints.isEmpty)
        #expect(try asked.begin()?.nanoseconds == log.files.records[sealed[0].stem]?.map(\.wallNanoseconds).min())
        #expect(try asked.names(within: TimeSpan(first: .min, last: .max)).routes == Set(log.load.policy.routes.map(\.id)))
    }

    @Test func `names and statuses that are on record are told`() throws {
        let log = try RecordedLog(seed: 31, segments: 3)
        let records = try DecisionRecords(log.folder)
        let all = TimeSpan(first: .min, last: .max)
        let names = try records.names(within: all)
        #expect(names.applications == Set(log.files.all.compactMap { log.application(of: $0) }))
        #expect(names.routes == Set(log.load.policy.routes.map(\.id)))
        #expect(try records.statuses(within: all) == Set(log.files.all.map(\.status)))
    }
}
