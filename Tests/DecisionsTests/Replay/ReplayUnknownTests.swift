import Admission
import Registry
import Support
import Testing

@testable import Decisions

/// What records do not say: addresses, paths, queries and bodies. A policy that asks otherwise than the recorded one cannot be judged by them.
@Suite struct `A replay of what is not on record` {
    private let facts = FactTable()
    /// Route 0 asks for no key.
    private let policy: Policy

    init() throws {
        var (_, policy) = try `An explanation`.rules()
        (policy.routes[0].cost, policy.routes[0].identities, policy.routes[0].maximumBodyBytes) = (1, .anyone, 100)
        policy.routes[0].parameters = [Parameter(name: "pincode", form: .digits(least: 6, most: 6), isRequired: true)]
        policy.routes.append(policy.routes[0])
        (policy.routes[1].id, policy.routes[1].path) = (try identifier("find-by-zone"), "/find-by-zone")
        self.policy = policy
    }

    /// A call without a key, of a bucket that owed so many tokens.
    private func call(owing tokens: Int64, _ verdict: Verdict = .admitted, route: Int16 = 0) -> Decision {
        var decision = Decision()
        (decision.wallNanoseconds, decision.monotonicNanoseconds) = (1_622_505_600_000_000_000, 5_000_000_000_000)
        decision.rules = facts.number(of: .rules(policy, shadow: nil))
        (decision.route, decision.cost, decision.caller) = (route, 1, CallerFacts(key: .none))
        (decision.verdict, decision.debtNanoseconds) = (verdict, tokens * 6_000_000_000)
        decision.rule = verdict.tellsLevel ? .anonymousBucket : .none
        return decision
    }

    private func counts(_ decisions: [Decision], _ change: (inout Policy) throws -> Void) throws -> ReplayCounts {
        var proposed = policy
        proposed.version = "new"
        try change(&proposed)
        return try Replay.report(SegmentSample.readers(decisions, facts, each: 100), proposing: proposed).counts
    }

    @Test func `judges who shows no key where its bucket and all that is charged to it stay`() throws {
        let calls = ([0, 2, 4] as [Int64]).map { call(owing: $0) } + [call(owing: 5, .refused(.rateLimited))]
        try #expect(counts(calls) { $0.plans[0].allowances[Int(Scope.search.rawValue)]?.dayTokens = 1 }.agree == 4)
        try #expect(counts(calls) { $0.routes[0].identities = .application }.affected == 4)
        try #expect(counts(calls) { $0.routes.remove(at: 0) }.affected == 4)
        try #expect(Replay.report(SegmentSample.readers(calls, facts, each: 100), proposing: nil).counts.agree == 4)
    }

    @Test func `knows nothing of who shows no key where its bucket or what is charged to it is another`() throws {
        let calls = ([0, 2, 4] as [Int64]).map { call(owing: $0) } + [call(owing: 5, .refused(.rateLimited))]
        let changes: [(inout Policy) throws -> Void] = [
            // Half the rate, and twice; a smaller burst.
            { bucket(5, 5, in: &$0) }, { bucket(20, 5, in: &$0) }, { bucket(10, 4, in: &$0) },
            // Its own price; another call's, which the same bucket pays; another call that is open no more, open anew, or gone.
            { $0.routes[0].cost = 2 }, { $0.routes[1].cost = 2 }, { $0.routes[1].identities = .application }, { $0.routes.remove(at: 1) },
            {
                $0.routes.append($0.routes[1])
                ($0.routes[2].id, $0.routes[2].path) = (try identifier("find-by-place"), "/find-by-place")
            },
        ]
        for (number, change) in changes.enumerated() {
            let counts = try counts(calls, change)
            #expect(counts.unknown == 4 && counts.decisions == 0, "change \(number): \(counts)")
        }
        // Where the scope moves, another bucket pays, and of that nothing is on record.
        let moved = try counts(calls) {
            $0.routes[0].scope = .booking
            $0.plans[0].allowances[Int(Scope.booking.rawValue)] = $0.plans[0][.search]
        }
        #expect(moved.unknown == 4)
    }

    @Test func `lets stand what no policy speaks of`() throws {
        let slugs: [ProblemSlug] = [
            .malformedRequest, .requestTimeout, .targetTooLong, .unknownKey, .revokedKey, .tooManyFailures, .applicationState,
            .wrongEnvironment, .addressNotAllowed, .certificateRequired,
        ]
        let own: [Verdict] = [
            .admitted, .refused(.tooManyFailures), .refused(.rateLimited), .refused(.noSuchDecision), .refused(.bodyTooLarge),
        ]
        let decisions = slugs.map { call(owing: 0, .refused($0)) } + own.map { call(owing: 0, $0, route: -1) }
        let counts = try counts(decisions) { bucket(1, 1, in: &$0) }
        #expect(counts.agree == decisions.count)
    }

    @Test func `knows nothing of a refusal of form where the policies differ in what refused it`() throws {
        let noRoute = call(owing: 0, .refused(.noSuchRoute), route: -1)
        let noMethod = call(owing: 0, .refused(.methodNotAllowed), route: -1)
        let parameter = call(owing: 0, .refused(.badParameter))
        let body = call(owing: 0, .refused(.bodyTooLarge))
        func unknown(_ change: (inout Policy) throws -> Void) throws -> [Bool] {
            try [noRoute, noMethod, parameter, body].map {
                let counts = try counts([$0], change)
                #expect(counts.agree + counts.unknown == 1)
                return counts.unknown == 1
            }
        }
        // As it was, or otherwise in what refuses nothing for its form.
        try #expect(unknown { _ in } == [false, false, false, false])
        try #expect(unknown { $0.routes[0].cost = 3 } == [false, false, false, false])
        // A path more; one fewer; a method more of a path that was there.
        try #expect(unknown { try add(.get, "/find-by-place", to: &$0) } == [true, true, false, false])
        try #expect(unknown { $0.routes.remove(at: 1) } == [false, true, false, false])
        try #expect(unknown { try add(.post, "/find", to: &$0) } == [false, true, false, false])
        // The route's parameters, which are read before a body is; its largest body; another route's.
        try #expect(unknown { $0.routes[0].parameters[0].isRequired = false } == [false, false, true, true])
        try #expect(unknown { $0.routes[0].maximumBodyBytes = 200 } == [false, false, false, true])
        try #expect(unknown { ($0.routes[1].parameters, $0.routes[1].maximumBodyBytes) = ([], 0) } == [false, false, false, false])
        // Without its route it is refused for sure, and otherwise.
        try #expect(counts([parameter, body]) { $0.routes.remove(at: 0) }.refusedOtherwise == 2)
        try #expect(counts([parameter, body]) { $0.routes[0].path = "/search" }.refusedOtherwise == 2)
        try #expect(counts([parameter, body]) { $0.routes[0].method = .post }.refusedOtherwise == 2)
        // The facts lack the policy in force.
        var nameless = noRoute
        nameless.rules = 0
        try #expect(counts([nameless]) { _ in }.unknown == 1)
    }

    private func add(_ method: RouteMethod, _ path: String, to policy: inout Policy) throws {
        var route = policy.routes[0]
        (route.id, route.method, route.path, route.scope) = (try identifier("another-call"), method, path, .booking)
        policy.routes.append(route)
    }
}

private func bucket(_ tokens: Int64, _ burst: Int64, in policy: inout Policy) {
    policy.plans[0].allowances[Int(Scope.search.rawValue)]?.bucket = BucketRule(
        tokens: tokens, periodNanoseconds: 60_000_000_000, burst: burst)
}
