import Admission
import Decisions
import Foundation
import Registry
import Support
import Testing

@Suite struct `An explanation` {
    static let judged = WallTime(nanoseconds: 1_622_505_600_123_456_789)

    /// An application of 10 searches a minute, at most 5 at once and 40 a day.
    static func rules() throws -> (ApplicationRecord, Policy) {
        let plan = try identifier("standard-app")
        let bucket = BucketRule(tokens: 10, periodNanoseconds: 60_000_000_000, burst: 5)
        let route = Route(
            id: try identifier("find-by-pin"), method: .get, path: "/find", parameters: [], scope: .search, cost: 2,
            identities: .application,
            maximumBodyBytes: 0, timeouts: RouteTimeouts(firstByteMilliseconds: 1, requestMilliseconds: 1))
        let policy = Policy(
            version: "5e", plans: [Plan(id: plan, allowances: [.search: Allowance(bucket: bucket, dayTokens: 40)])], anonymousPlan: plan,
            defaultPlans: [:], routes: [route])
        let application = ApplicationRecord(
            id: try identifier("jab-finder"), partner: try identifier("jab"), state: .live, ends: WallTime(nanoseconds: .max),
            scopes: ScopeSet([.search]), plan: plan, allowedAddresses: [])
        return (application, policy)
    }

    /// Refused with one token and a half in the bucket, which lacks 21 of 30 seconds.
    static var refused: Decision {
        var decision = Decision()
        (decision.idHigh, decision.idLow) = (0x0179_F3D0_C9A2_7C1E, 0x0F0B_8A44_63D9_E210)
        decision.wallNanoseconds = judged.nanoseconds
        (decision.route, decision.cost, decision.caller) = (0, 2, CallerFacts(key: .good))
        (decision.verdict, decision.rule, decision.status) = (.refused(.rateLimited), .bucket, 429)
        (decision.debtNanoseconds, decision.dayRemaining, decision.waitNanoseconds) = (21_000_000_000, 40, 3_000_000_000)
        decision.shadow = .admitted
        return decision
    }

    @Test func `says in JSON what was decided, by what, and when it would have passed`() throws {
        let (application, policy) = try Self.rules()
        let explanation = Explanation(of: Self.refused, application: application, policy: policy)
        let text = String(decoding: explanation.json(changes: [Array(#"{"what":"plan"}"#.utf8)]), as: UTF8.self)
        #expect(
            text == """
                {"id":"0179f3d0c9a27c1e0f0b8a4463d9e210","time":"2021-06-01T00:00:00.123456789Z","application":"jab-finder",\
                "route":"find-by-pin","scope":"search","verdict":"rate-limited","status":429,"fault":null,"rule":"search","policy":"5e",\
                "level":{"tokens":1,"burst":5,"owedNanoseconds":21000000000,"dayRemaining":40,"inFlight":null},"cost":2,\
                "earliest":"2021-06-01T00:00:03.123456789Z",\
                "advice":"Wait as long as retryAfterMilliseconds says, which is exact, and then send the call again.",\
                "changes":[{"what":"plan"}],"shadow":"admitted",\
                "recomputed":{"basis":"stations","verdict":"rate-limited","agrees":true}}
                """)
    }

    @Test func `is JSON whatever the record says`() throws {
        var random = SplitMix64(seed: 21)
        let (application, policy) = try Self.rules()
        for _ in 0..<1_000 {
            var decision = Decision.random(&random)
            if random.chance(1, in: 2) { decision.route = 0 }
            let explanation = Explanation(
                of: decision, application: random.chance(1, in: 2) ? application : nil, policy: random.chance(1, in: 2) ? policy : nil)
            let members = try #require(try JSONSerialization.jsonObject(with: Data(explanation.json(changes: []))) as? [String: Any])
            #expect(members["id"] as? String == decision.idText && decision.idText.count == 32)
            #expect(members["verdict"] as? String == decision.verdict.name)
            #expect(members.count == 17)
        }
    }

    @Test func `names who is wrong where record and rules disagree`() throws {
        let (application, policy) = try Self.rules()
        var decision = Self.refused
        decision.waitNanoseconds += 1
        #expect(!Explanation(of: decision, application: application, policy: policy).evaluation.agrees)
        decision = Self.refused
        decision.verdict = .admitted
        let evaluation = Explanation(of: decision, application: application, policy: policy).evaluation
        #expect(!evaluation.agrees && evaluation.verdict == .refused(.rateLimited) && evaluation.waitNanoseconds == 3_000_000_000)
    }

    @Test func `of a withdrawn application ends with it`() throws {
        var (application, policy) = try Self.rules()
        application.state = .withdrawn
        application.ends = WallTime(nanoseconds: Self.judged.nanoseconds + 3_000_000_001)
        #expect(Explanation(of: Self.refused, application: application, policy: policy).earliest != nil)
        application.ends = WallTime(nanoseconds: Self.judged.nanoseconds + 3_000_000_000)
        let last = Explanation(of: Self.refused, application: application, policy: policy)
        #expect(last.earliest == nil && last.advice.contains("withdrawal") && last.evaluation.agrees)
    }

    @Test(arguments: ProblemSlug.allCases) func `has advice on every problem`(_ slug: ProblemSlug) throws {
        let (application, policy) = try Self.rules()
        var decision = Decision()
        (decision.route, decision.verdict) = (0, .refused(slug))
        let advice = Explanation(of: decision, application: application, policy: policy).advice
        #expect(advice.hasSuffix(".") && advice.count > 10)
        (decision.verdict, decision.fault) = (.admitted, .refused(slug))
        #expect(Explanation(of: decision, application: application, policy: policy).advice == advice)
    }

    @Test func `has advice on every ending, and none is the same`() throws {
        let (application, policy) = try Self.rules()
        var decision = Decision()
        var advices: Set<String> = [Explanation(of: decision, application: nil, policy: nil).advice]
        decision.route = 0
        for ending in Ending.allCases {
            decision.ending = ending
            advices.insert(Explanation(of: decision, application: application, policy: policy).advice)
        }
        #expect(advices.count == 1 + Ending.allCases.count)
    }

    @Test func `tells times as others do`() throws {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: false)
        var random = SplitMix64(seed: 22)
        for _ in 0..<2_000 {
            let seconds = Int64.random(in: -9_000_000_000...9_000_000_000, using: &random)
            let fraction = Int64.random(in: 0..<1_000_000_000, using: &random)
            let digits = String(String(1_000_000_000 + fraction).dropFirst())
            let expected = style.format(Date(timeIntervalSince1970: Double(seconds))).dropLast() + ".\(digits)Z"
            #expect(WallTime(nanoseconds: seconds * 1_000_000_000 + fraction).timestamp() == expected)
        }
        #expect(WallTime(nanoseconds: .min).timestamp() == "1677-09-21T00:12:43.145224192Z")
        #expect(WallTime(nanoseconds: .max).timestamp() == "2262-04-11T23:47:16.854775807Z")
    }

    @Test func `escapes what JSON cannot hold`() throws {
        let text = "quote \" backslash \\ line \n bell \u{7} nothing \0 é 注射"
        var json = JSONText()
        json.object { json in
            json.member("text", text)
            json.member("members") { _ in }
            json.member("list", list: [])
            json.member("yes", true)
        }
        let members = try #require(try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [String: Any])
        #expect(members["text"] as? String == text && members["yes"] as? Bool == true && members.count == 4)
    }
}
