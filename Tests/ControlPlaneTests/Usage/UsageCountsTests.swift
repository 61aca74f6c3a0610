import DecisionLoad
import Decisions
import Registry
import Testing

@testable import ControlPlane

/// Numbers that a file may hold and no gateway writes.
struct UsageCountsTests {
    private static func facts(offset: Int64) throws -> [UInt32: Fact] {
        var policy = try RecordedLog(seed: 1, segments: 0).load.policy
        var facts: [UInt32: Fact] = [1: .rules(policy, shadow: nil)]
        policy.dayOffsetMinutes = offset
        facts[7] = .rules(policy, shadow: nil)
        facts[9] = .endpoint("127.0.0.1:8082")
        return facts
    }

    @Test(arguments: [0, 345, -720] as [Int64])
    func `what is missing is counted by the clocks of its segment's policy`(offset: Int64) throws {
        var counts = UsageCounts()
        counts.add(DroppedRecords(count: 3, wallNanoseconds: 90_000_000_000))
        #expect(counts.cells(try Self.facts(offset: offset)) == [UsageCell(minute: 1, offset: offset, series: .dropped): 3])
    }

    @Test func `counts that are too great stay the greatest, and can be taken back and shown`() throws {
        let log = try RecordedLog(seed: 98, segments: 3)
        for stem in log.files.live {
            for time in [Int64.min, .max, 0] {
                for _ in 0..<2 { try log.files.append(DroppedRecords(count: .max, wallNanoseconds: time), to: stem) }
            }
        }
        let store = try UsageStore(stateDirectory: log.scratch.path)
        let rollUp = try UsageRollUp(log.folder, into: store)
        try rollUp.catchUp()
        for stem in log.files.live { try log.files.seal(stem) }
        try rollUp.catchUp()
        try UsageRollUp(log.folder, into: store).catchUp()
        #expect(rollUp.takeComplaints().isEmpty)
        for span in UsageSpan.allCases {
            let counts = try store.counts(by: span, since: WallTime(nanoseconds: .min), until: WallTime(nanoseconds: .max))
            #expect(counts.count { $0.series == .dropped && $0.count > 0 } >= 1)
            #expect(counts.filter { $0.series != .dropped }.reduce(0) { $0 + $1.count } == Int64(log.files.all.count))
        }
    }

    @Test func `no more counts are read than somebody can take`() throws {
        let log = try RecordedLog(seed: 99, segments: 3)
        let store = try UsageStore(stateDirectory: log.scratch.path)
        try UsageRollUp(log.folder, into: store).catchUp()
        let (first, last) = (WallTime(nanoseconds: .min), WallTime(nanoseconds: .max))
        let all = try store.counts(by: .minute, since: first, until: last)
        #expect(all.count > 5)
        #expect(try store.counts(by: .minute, since: first, until: last, atMost: 5) == Array(all.prefix(5)))
        #expect(try store.counts(by: .minute, since: first, until: last, atMost: all.count) == all)
    }
}
