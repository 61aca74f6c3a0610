import Admission
import Decisions
import Registry
import Testing

@Suite struct `A change of rules` {
    private static func plan(_ id: String, tokens: Int64, day: Int64 = 0) -> Plan {
        let bucket = BucketRule(tokens: tokens, periodNanoseconds: 60_000_000_000, burst: 5)
        return Plan(id: FactSample.identifier(id), allowances: [.search: Allowance(bucket: bucket, dayTokens: day, concurrency: 0)])
    }

    private static func policy(_ version: String, _ plans: [Plan]) -> Fact {
        .rules(Policy(version: version, plans: plans, anonymousPlan: plans[0].id, defaultPlans: [:], routes: []), shadow: nil)
    }

    private static func application(_ state: ApplicationState, plan: String, scopes: [Scope] = [.search]) -> Fact {
        .application(
            ApplicationRecord(
                id: FactSample.identifier("jab-finder"), partner: FactSample.identifier("jab"), state: state,
                ends: WallTime(nanoseconds: .max), scopes: ScopeSet(scopes), plan: FactSample.identifier(plan), allowedAddresses: []))
    }

    private static func changes(_ facts: [UInt32: Fact], from old: (UInt32, UInt32), to new: (UInt32, UInt32)) -> [AdoptedChange] {
        let change = RuleChange(
            wallNanoseconds: 7, applicationBefore: old.0, applicationAfter: new.0, rulesBefore: old.1, rulesAfter: new.1)
        return AdoptedChange.all(of: change) { facts[$0] }
    }

    @Test func `says of the application what it was and what it is, and nothing of what stayed`() {
        let facts: [UInt32: Fact] = [
            1: Self.application(.live, plan: "small"), 2: Self.application(.suspended, plan: "small", scopes: [.search, .booking]),
            3: Self.policy("5e", [Self.plan("small", tokens: 10)]),
        ]
        let found = Self.changes(facts, from: (1, 3), to: (2, 3))
        #expect(found.map(\.what) == ["state", "scopes"])
        #expect(found.map(\.before) == ["live", "search"] && found.map(\.after) == ["suspended", "search, booking"])
        #expect(found.allSatisfy { $0.time.nanoseconds == 7 })
    }

    @Test func `says of limits what they were and what they are, whether the plan or its numbers changed`() {
        let facts: [UInt32: Fact] = [
            1: Self.application(.live, plan: "small"), 2: Self.application(.live, plan: "large"),
            3: Self.policy("5e", [Self.plan("small", tokens: 10), Self.plan("large", tokens: 99, day: 400)]),
            4: Self.policy("7f", [Self.plan("small", tokens: 20), Self.plan("large", tokens: 99)]),
        ]
        let (small, large) = ("10 per 60 s, burst 5", "99 per 60 s, burst 5, 400 a day")
        let plans = Self.changes(facts, from: (1, 3), to: (2, 3))
        #expect(plans.map(\.what) == ["plan", "limits of search"] && plans.map(\.after) == ["large", large])
        let numbers = Self.changes(facts, from: (1, 3), to: (1, 4))
        #expect(numbers.map(\.what) == ["policy", "limits of search"])
        #expect(numbers.map(\.before) == ["5e", small] && numbers.map(\.after) == ["7f", "20 per 60 s, burst 5"])
    }

    @Test func `of an application that is new says what it has, and is JSON`() throws {
        let facts: [UInt32: Fact] = [1: Self.application(.live, plan: "small"), 3: Self.policy("5e", [Self.plan("small", tokens: 10)])]
        let found = Self.changes(facts, from: (0, 3), to: (1, 3))
        #expect(found.allSatisfy { $0.before == nil })
        let state = try #require(found.first)
        #expect(
            String(decoding: state.json, as: UTF8.self) == """
                {"time":"1970-01-01T00:00:00.000000007Z","source":"data-plane","what":"state","before":null,"after":"live"}
                """)
    }
}
