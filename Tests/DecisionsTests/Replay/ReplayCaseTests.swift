import Admission
import Foundation
import Registry
import Support
import Testing

@testable import Decisions

/// Replays of a few records made by hand: an application of ten tokens a minute and at most five, of calls that cost one.
@Suite struct `A replay of a few records` {
    private static let start = WallTime(nanoseconds: 1_622_505_600_000_000_000)
    private let facts = FactTable()
    private let application: ApplicationRecord
    private let policy: Policy

    init() throws {
        var (application, policy) = try `An explanation`.rules()
        policy.routes[0].cost = 1
        policy.plans[0].allowances[Int(Scope.search.rawValue)]?.dayTokens = 0
        application.scopes = ScopeSet([.search])
        (self.application, self.policy) = (application, policy)
    }

    /// A call so many seconds after the first, of a bucket that owed so many tokens.
    private func call(at seconds: Int64, owing tokens: Int64, _ verdict: Verdict = .admitted) -> Decision {
        var decision = Decision()
        decision.wallNanoseconds = Self.start.nanoseconds + seconds * 1_000_000_000
        decision.monotonicNanoseconds = 5_000_000_000_000 + seconds * 1_000_000_000
        decision.application = facts.number(of: .application(application))
        decision.rules = facts.number(of: .rules(policy, shadow: nil))
        (decision.route, decision.cost) = (0, 1)
        decision.caller = CallerFacts(key: .good, spelt: .production, registered: .production)
        (decision.verdict, decision.debtNanoseconds) = (verdict, tokens * 6_000_000_000)
        decision.rule = verdict.tellsLevel ? .bucket : .none
        return decision
    }

    private func readers(_ decisions: [Decision], boot: String = "") throws -> [SegmentReader] {
        try SegmentSample.readers(decisions, facts, each: 100, boot: boot)
    }

    /// The policy with another bucket.
    private func proposing(tokens: Int64, burst: Int64) -> Policy {
        var policy = policy
        policy.version = "new"
        policy.plans[0].allowances[Int(Scope.search.rawValue)]?.bucket = BucketRule(
            tokens: tokens, periodNanoseconds: 60_000_000_000, burst: burst)
        return policy
    }

    @Test func `is told in JSON with the most affected first and the rule that would refuse them`() throws {
        let decisions = (0..<4).map { call(at: 0, owing: $0) }
        var stranger = call(at: 9, owing: 0, .refused(.unknownKey))
        (stranger.application, stranger.caller) = (0, CallerFacts(key: .unknown))
        let report = try Replay.report(readers(decisions + [stranger]), proposing: proposing(tokens: 10, burst: 2))
        #expect(
            String(decoding: report.json(proposed: "new", since: Self.start, until: nil), as: UTF8.self) == """
                {"policy":"5e","policies":["5e"],"proposed":"new","since":"2021-06-01T00:00:00.000000000Z","until":null,\
                "decisions":5,"agree":3,"newly_refused":2,"newly_admitted":0,"refused_otherwise":0,"unknown":0,\
                "newly_refused_by":{"search":2},\
                "by_application":[{"application":"jab-finder","decisions":4,"agree":2,"newly_refused":2,"newly_admitted":0,\
                "refused_otherwise":0,"unknown":0,"newly_refused_by":{"search":2}},\
                {"application":null,"decisions":1,"agree":1,"newly_refused":0,"newly_admitted":0,"refused_otherwise":0,"unknown":0,\
                "newly_refused_by":{}}]}
                """)
    }

    @Test func `begins at the first record's level, as many tokens as it owed`() throws {
        // Half as fast: what was twelve seconds, of two tokens, is twenty-four.
        let decisions = [call(at: 0, owing: 2), call(at: 0, owing: 3), call(at: 0, owing: 4)]
        #expect(try Replay.report(readers(decisions), proposing: proposing(tokens: 5, burst: 5)).counts.agree == 3)
        #expect(try Replay.report(readers(decisions), proposing: proposing(tokens: 5, burst: 4)).counts.newlyRefused == 1)
        #expect(try Replay.report(readers(decisions), proposing: proposing(tokens: 5, burst: 3)).counts.newlyRefused == 2)
        // More is owed than the smaller bucket holds: it begins empty.
        #expect(try Replay.report(readers(decisions), proposing: proposing(tokens: 5, burst: 2)).counts.newlyRefused == 3)
    }

    @Test func `makes the jumps that the recorded levels make`() throws {
        // Four are let in, the levels are lost, and four more are let in: of a bucket of four all, of one of three three each.
        let decisions = (0..<4).map { call(at: 0, owing: $0) } + (0..<4).map { call(at: 0, owing: $0) }
        #expect(try Replay.report(readers(decisions), proposing: proposing(tokens: 10, burst: 4)).counts.agree == 8)
        let fewer = try Replay.report(readers(decisions), proposing: proposing(tokens: 1, burst: 3)).counts
        #expect(fewer.newlyRefused == 2 && fewer.agree == 6)
        // Three records are lost: their tokens are owed under the other policy too.
        let lossy = [call(at: 0, owing: 0), call(at: 0, owing: 4)]
        #expect(try Replay.report(readers(lossy), proposing: proposing(tokens: 10, burst: 4)).counts.newlyRefused == 1)
    }

    @Test func `goes on by the wall clock where the machine started anew`() throws {
        var later = call(at: 40, owing: 0)
        later.monotonicNanoseconds = 1_000
        let segments = try readers((0..<5).map { call(at: 0, owing: $0) }, boot: "first") + readers([later], boot: "second")
        // Forty seconds fill the bucket in force, and of one ten times slower not a token.
        let counts = try Replay.report(segments, proposing: proposing(tokens: 1, burst: 5)).counts
        #expect(counts.agree == 5 && counts.newlyRefused == 1)
    }

    @Test func `leaves apart what a record does not say`() throws {
        var proposed = policy
        proposed.routes[0].identities = .applicationAndCitizen
        let counts = try Replay.report(readers([call(at: 0, owing: 0), call(at: 0, owing: 1)]), proposing: proposed).counts
        #expect(counts.unknown == 2 && counts.decisions == 0)
        var nameless = call(at: 0, owing: 0)
        nameless.rules = 0
        #expect(try Replay.report(readers([nameless]), proposing: nil).counts.unknown == 1)
    }

    @Test func `finds routes by method and path, whatever their ids`() throws {
        var refused = call(at: 0, owing: 0, .refused(.unknownKey))
        (refused.application, refused.caller) = (0, CallerFacts(key: .unknown))
        let decisions = [call(at: 0, owing: 0), refused]
        func counts(_ change: (inout Route) throws -> Void) throws -> ReplayCounts {
            var proposed = policy
            try change(&proposed.routes[0])
            return try Replay.report(readers(decisions), proposing: proposed).counts
        }
        for elsewhere in [try counts { $0.path = "/search" }, try counts { $0.method = .post }] {
            #expect(elsewhere.newlyRefused == 1 && elsewhere.refusedOtherwise == 1)
        }
        #expect(try counts { $0.id = try identifier("other-name") }.agree == 2)
        let outcomes = try [RouteMethod.get, .post].map { method in
            var proposed = policy
            (proposed.routes[0].path, proposed.routes[0].method) = (method == .get ? "/search" : "/find", method)
            return try Replay.report(readers([call(at: 0, owing: 0)]), proposing: proposed)
        }
        #expect(outcomes.flatMap { $0.causes.map(\.name) } == ["no-such-route", "method-not-allowed"])
    }

    @Test func `does not know which digits a template had`() throws {
        var policy = policy
        policy.routes[0].path = "/states/{state}"
        var decision = call(at: 0, owing: 0)
        decision.rules = facts.number(of: .rules(policy, shadow: nil))
        func counts(_ change: (inout [Route]) throws -> Void) throws -> ReplayCounts {
            var proposed = policy
            try change(&proposed.routes)
            return try Replay.report(readers([decision]), proposing: proposed).counts
        }
        #expect(try counts { $0[0].path = "/states/{id}" }.agree == 1)
        #expect(try counts { $0[0].path = "/countries/{id}" }.newlyRefused == 1)
        #expect(try counts { $0[0].path = "/states/21" }.unknown == 1)
        let another = try counts {
            $0.append($0[0])
            ($0[1].id, $0[1].path) = (try identifier("one-state"), "/states/21")
        }
        #expect(another.unknown == 1)
    }

    @Test func `gives a full bucket to what was never charged`() throws {
        let decisions = (0..<7).map { call(at: $0, owing: 0, .refused(.scopeNotGranted)) }
        let counts = try Replay.report(readers(decisions), proposing: proposing(tokens: 1, burst: 5)).counts
        #expect(counts.newlyAdmitted == 5 && counts.refusedOtherwise == 2)
    }

    @Test func `reckons with whatever times a damaged record has`() throws {
        var policy = policy
        policy.plans[0].allowances[Int(Scope.search.rawValue)] = Allowance(
            bucket: BucketRule(tokens: 1, periodNanoseconds: 1 << 55, burst: 16), dayTokens: 40, concurrency: 2)
        let rules = facts.number(of: .rules(policy, shadow: nil))
        let times: [Int64] = [.min, .min + 1, -1, 0, 1 << 61, 1 << 62, .max - 1, .max]
        var decisions: [Decision] = []
        for wall in times {
            for monotonic in times {
                for verdict in [Verdict.admitted, .refused(.rateLimited), .refused(.dailyQuota), .refused(.scopeNotGranted)] {
                    var decision = call(at: 0, owing: 1, verdict)
                    (decision.wallNanoseconds, decision.monotonicNanoseconds, decision.rules) = (wall, monotonic, rules)
                    (decision.debtNanoseconds, decision.waitNanoseconds) = (monotonic, wall)
                    (decision.dayRemaining, decision.inFlight) = (monotonic, 1)
                    (decision.totalMicroseconds, decision.sequence) = (.max, UInt64(decisions.count))
                    decisions.append(decision)
                }
            }
        }
        // One after the other, each from another run of the machine or all from one, and whatever the order.
        let segments = try decisions.enumerated().flatMap { try readers([$1], boot: "\($0 % 3)") } + readers(decisions)
        for proposed in [policy, proposing(tokens: 1, burst: 5), self.policy] {
            var replay = Replay(proposing: proposed)
            for segment in segments + segments.reversed() {
                var merge = SegmentMerge([SegmentMerge.Input(segment)], columns: replay.columns)
                while try merge.nextRun({ replay.take($1, $2, of: $0) }) != nil {}
            }
            #expect(replay.counts.decisions + replay.counts.unknown == 4 * decisions.count)
        }
    }

    @Test func `counts the day that the record counted, also where a clock went back over midnight`() throws {
        var policy = policy
        policy.plans[0].allowances[Int(Scope.search.rawValue)]?.dayTokens = 40
        let rules = facts.number(of: .rules(policy, shadow: nil))
        let (second, day): (Int64, Int64) = (1_000_000_000, 86_400_000_000_000)
        // Three seconds to midnight in India, and the day is spent: the bucket may take longer, or as long, or not as long as a day more.
        let found: [(ProblemSlug, bucket: Int64, wait: Int64)] = [
            (.rateLimited, 5 * second, 5 * second), (.dailyQuota, 5 * second, 3 * second + day), (.rateLimited, 5 * second, 5 * second),
            (.dailyQuota, 3 * second, 3 * second),
        ]
        let decisions = found.map { slug, bucket, wait in
            var decision = call(at: 66_597, owing: 0, .refused(slug))
            (decision.rules, decision.dayRemaining, decision.waitNanoseconds) = (rules, 0, wait)
            (decision.debtNanoseconds, decision.rule) = (24 * second + bucket, slug == .dailyQuota ? .day : .bucket)
            return decision
        }
        #expect(try Replay.report(readers(decisions), proposing: policy).counts.agree == decisions.count)
    }
}
