import Admission
import DecisionLoad
import Foundation
import Registry
import Support
import Testing

@testable import Decisions

@Suite struct `A replay` {
    @Test(arguments: ProposedChange.allCases, [31, 32, 33] as [UInt64])
    func `says of every request what the gateway would have said`(_ change: ProposedChange, _ seed: UInt64) throws {
        // Where days begin matters to those whose day is short.
        let world = try ReplayWorld(seed: seed, count: Soak.count(60_000), under: change == .dayElsewhere ? .dayAdded : .nothing)
        let facts = FactTable()
        let proposed = change.apply(to: world.policy)
        let recorded = try world.judged(under: world.policy, facts: facts).compactMap(\.self)
        let oracle = try world.judged(under: proposed, facts: FactTable())
        let readers = try SegmentSample.readers(recorded, facts, each: 3_000)
        let outcomes = try Replay.outcomes(readers, proposing: proposed)
        #expect(outcomes.count == recorded.count)
        for (place, outcome) in outcomes.enumerated() {
            // Whose bucket it is, is not on record: what is said of one without a key is right, or that nobody knows.
            if change.concernsStrangers, recorded[place].caller.key == .none, outcome == .ofUnknown { continue }
            let expected = ReplayCounts.one(recorded[place].verdict, oracle[place]?.verdict ?? .refused(.noSuchRoute))
            guard outcome == expected else {
                Issue.record("\(change), seed \(seed), record \(place): \(outcome), not \(expected), of \(recorded[place])")
                return
            }
        }
        let report = try Replay.report(readers, proposing: proposed)
        print("\(change), seed \(seed): \(report.counts)")
        #expect((report.counts.affected == 0) == (change == .nothing))
    }

    @Test(arguments: [41, 42, 43] as [UInt64])
    func `of the rules that each request was judged by agrees with all of a log, whatever that lacks`(_ seed: UInt64) throws {
        var world = try RandomWorld(seed: seed)
        let facts = FactTable()
        var decisions: [Decision] = []
        for place in 0..<Soak.count(60_000) {
            try world.moveOn()
            if place % 9_000 == 8_999 { world.loseLevels() }
            let request = world.request()
            let application = world.credential(of: request).map { world.snapshot.applications[$0.application] }
            var decision = world.record(request)
            decision.application = application.map { facts.number(of: .application($0)) } ?? 0
            decision.rules = facts.number(of: .rules(world.snapshot.policy, shadow: nil))
            decision.totalMicroseconds = .random(in: 0...3_000_000, using: &world.random)
            // One record of fifty is lost, and half of them for a while.
            if !world.random.chance(1, in: 50), place % 2_000 > 40 { decisions.append(decision) }
        }
        let half = decisions.count / 2
        // The machine starts anew, and counts its time from nothing.
        for place in half..<decisions.count { decisions[place].monotonicNanoseconds -= 900_000_000_000_000 }
        let readers =
            try SegmentSample.readers(Array(decisions[..<half]), facts, each: 4_000, boot: "first")
            + SegmentSample.readers(Array(decisions[half...]), facts, each: 5_000, boot: "second")
        let report = try Replay.report(readers, proposing: nil)
        #expect(report.counts.agree == decisions.count && report.counts.decisions == decisions.count, "\(report.counts)")
        #expect(report.counts.unknown == 0 && report.policies.count > 10)
    }

    @Test(arguments: [51, 52] as [UInt64])
    func `of the policy in force agrees with all records, though some are lost and levels too`(_ seed: UInt64) throws {
        let world = try ReplayWorld(seed: seed, count: Soak.count(20_000))
        let facts = FactTable()
        var random = SplitMix64(seed: seed)
        var decisions = try world.judged(under: world.policy, facts: facts).compactMap(\.self)
        decisions.removeAll { _ in random.chance(1, in: 20) }
        let report = try Replay.report(SegmentSample.readers(decisions, facts, each: 2_500), proposing: world.policy)
        #expect(report.counts.agree == decisions.count && report.counts.unknown == 0 && report.counts.affected == 0)
        #expect(report.policies == [world.policy.version])
    }

    @Test func `of the load's own policy agrees, and another process's numbers are not this one's`() throws {
        var (readers, count): ([SegmentReader], Int) = ([], 0)
        for (seed, applications) in [(61, 148), (62, 20)] as [(UInt64, Int)] {
            var load = DecisionLoad(
                seed: seed, applications: applications, requestsPerSecond: 3_000,
                from: Moment(
                    wall: WallTime(seconds: 1_767_225_600 + Int64(seed)), monotonic: MonotonicTime(nanoseconds: Int64(seed) << 50)))
            var records: [DecisionWords] = []
            load.append(30_000, to: &records)
            readers += try SegmentSample.readers(SegmentSample.decisions(records), load.facts, each: 9_000)
            count += records.count
        }
        let report = try Replay.report(readers, proposing: nil)
        #expect(report.counts.agree == count && report.counts.unknown == 0)
        #expect(report.applications.count == 149)
    }
}
