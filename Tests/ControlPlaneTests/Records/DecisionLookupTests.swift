import DecisionLoad
import Decisions
import Foundation
import Registry
import Support
import Testing

@testable import ControlPlane

/// Records found by their ids, explained and checked.
struct DecisionLookupTests {
    private static func identifier(_ decision: Decision) throws -> RequestIdentifier {
        try #require(RequestIdentifier(decision.idText))
    }

    @Test func `every record is found by its id, and those who reckon it again agree`() throws {
        var log = try RecordedLog(seed: 51, segments: 8)
        let records = try DecisionRecords(log.folder)
        for decision in log.ordered.shuffled(using: &log.random).prefix(Soak.count(2_000)) {
            let found = try #require(try records.explanation(of: Self.identifier(decision)) { _ in [] })
            #expect(found.explanation.decision == decision)
            #expect(found.explanation.application == log.application(of: decision))
            #expect(found.explanation.evaluation.agrees, "\(decision)")
        }
    }

    @Test func `an id that nobody had is not found, and the oldest record says since when there are some`() throws {
        let log = try RecordedLog(seed: 52, segments: 3)
        let records = try DecisionRecords(log.folder)
        var stranger = log.ordered[5]
        stranger.idLow ^= 2
        #expect(try records.explanation(of: Self.identifier(stranger)) { _ in [] } == nil)
        stranger.idHigh = 5
        #expect(try records.explanation(of: Self.identifier(stranger)) { _ in [] } == nil)
        let first = try #require(log.files.records.keys.min())
        #expect(try records.begin()?.nanoseconds == log.files.records[first]?.map(\.wallNanoseconds).min())
    }

    @Test func `a request is explained after a restart by the facts of then, whatever became of its segment`() throws {
        var before = try RecordedLog(seed: 54, segments: 2, requestsPerSecond: 100)
        let stem = try before.begin(process: 31)
        try before.append(200, to: stem)
        try before.files.tear(stem, bytes: 21)
        // The next process gives other numbers to the same names, and has its own order of time.
        var load = DecisionLoad(
            seed: 55, applications: 40,
            from: Moment(wall: WallTime(nanoseconds: before.now.nanoseconds + 5_000_000_000), monotonic: MonotonicTime(nanoseconds: 7)))
        let after = try SegmentFiles(before.files.path, facts: load.facts)
        let next = try after.begin(at: WallTime(nanoseconds: before.now.nanoseconds + 4_000_000_000), process: 32, boot: "another")
        var words: [DecisionWords] = []
        load.append(200, to: &words)
        try after.append(words, to: next)
        for isSealed in [false, true] {
            if isSealed { try before.files.seal(stem) }
            let records = try DecisionRecords(before.folder)
            for decision in (before.files.records[stem] ?? []).prefix(100) {
                let found = try #require(try records.explanation(of: Self.identifier(decision)) { _ in [] })
                #expect(found.explanation.decision == decision && found.explanation.evaluation.agrees)
                #expect(found.explanation.application == before.application(of: decision))
                #expect(found.explanation.policyVersion == before.load.policy.version)
            }
            for decision in (after.records[next] ?? []).prefix(100) {
                let found = try #require(try records.explanation(of: Self.identifier(decision)) { _ in [] })
                #expect(found.explanation.decision == decision && found.explanation.evaluation.agrees)
            }
        }
    }

    @Test func `live segments are not put in order for an id`() throws {
        let log = try RecordedLog(seed: 56, segments: 5)
        let records = try DecisionRecords(log.folder)
        let sealed = try #require(try log.folder.entries().first { $0.isSealed })
        let decision = try #require(log.files.records[sealed.stem]?.first)
        let found = try #require(try records.explanation(of: Self.identifier(decision)) { _ in [] })
        #expect(found.explanation.decision == decision)
        #expect(records.live.count == 2 && records.live.values.allSatisfy { !$0.isRead })
    }

    @Test func `changes are those of the application, from a day before to a day after, the latest first`() throws {
        var log = try RecordedLog(seed: 53, segments: 2)
        let decision = try #require(log.ordered.first { log.application(of: $0) != nil })
        let application = try #require(log.application(of: decision))
        let other = try #require(log.ordered.first { log.application(of: $0) != nil && $0.application != decision.application })
        let hour: Int64 = 3_600_000_000_000
        let stem = try log.begin()
        func adopt(_ number: UInt32, after hours: Int64) throws {
            try log.files.append(
                RuleChange(
                    wallNanoseconds: decision.wallNanoseconds + hours * hour, applicationBefore: 0, applicationAfter: number,
                    rulesBefore: decision.rules, rulesAfter: decision.rules), to: stem)
        }
        for hours: Int64 in [-25, -3, 23, 25] { try adopt(decision.application, after: hours) }
        try adopt(other.application, after: 1)
        let moves = [-26, -2, 2].map { (hours: Int64) in
            RecordedMove(
                number: hours, application: application, from: .live, to: .suspended, move: "suspend", actor: "asha",
                time: WallTime(nanoseconds: decision.wallNanoseconds + hours * hour), reason: "test", isPending: false)
        }
        for isSealed in [false, true] {
            if isSealed { try log.files.seal(stem) }
            let records = try DecisionRecords(log.folder)
            let found = try #require(
                try records.explanation(of: Self.identifier(decision)) { asked in
                    #expect(asked == application)
                    return moves
                })
            let hours = found.changes.map { ($0.time.nanoseconds - decision.wallNanoseconds) / hour }
            #expect(Set(hours) == [23, 2, -2, -3] && hours == hours.sorted(by: >))
            for change in found.changes {
                #expect((try? JSONSerialization.jsonObject(with: Data(change.json))) as? [String: Any] != nil)
            }
        }
    }
}
