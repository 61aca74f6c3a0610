import Admission
import Decisions
import Registry
import Support
import Testing

@testable import Exchange

/// A second policy judges beside the one in force.
@Suite struct WatchingTests {
    /// The world's rules, with a shadow policy made from its own by `change`.
    private func rules(_ world: World, _ change: (inout Policy) throws -> Void) throws -> Ruleset {
        var shadow = world.rules.snapshot.policy
        shadow.version = String(repeating: "1", count: 64)
        try change(&shadow)
        let own = world.rules.snapshot
        let snapshot = try Snapshot(
            revision: 2, policy: own.policy, applications: own.applications, credentials: own.credentials, shadow: shadow)
        let watching = WatchingRules(of: snapshot, levels: MemoryLevelTable(), anonymous: AddressLevels(entries: 4_096, seed: 3))
        return Ruleset(snapshot, levels: MemoryLevelTable().store(for: own.applications), watching: watching)
    }

    private func shrink(_ policy: inout Policy, to burst: Int64) {
        for plan in policy.plans.indices {
            for scope in policy.plans[plan].allowances.indices {
                policy.plans[plan].allowances[scope]?.bucket = BucketRule(tokens: burst, periodNanoseconds: 300_000_000_000, burst: burst)
            }
        }
    }

    @Test func `a tighter policy would refuse what is answered all the same`() throws {
        let world = try World()
        let bench = Bench(try rules(world) { self.shrink(&$0, to: 2) })
        let client = try bench.client()
        for _ in 0..<3 {
            client.send(request("GET", Routes.pin, key: world.key(.live)))
            try bench.store().send(answer())
            #expect(try client.message().status == 200)
        }
        #expect(bench.exchange.decisions.map(\.verdict) == [.admitted, .admitted, .admitted])
        #expect(bench.exchange.decisions.map(\.shadow) == [.admitted, .admitted, .refused(.rateLimited)])
    }

    @Test func `a wider policy would admit what is refused, a route it lacks it would not know`() throws {
        let world = try World()
        let bench = Bench(
            try rules(world) { policy in
                self.shrink(&policy, to: 1_000)
                policy.routes.removeAll { $0.id.text == "districts" }
            })
        for _ in 0..<3 { try bench.client().send(request("GET", Routes.pin, key: world.key(.tight))) }
        #expect(bench.exchange.decisions.map(\.verdict) == [.refused(.rateLimited)])
        #expect(bench.exchange.decisions.map(\.shadow) == [.admitted])
        try bench.client().send(request("GET", Routes.districts, key: world.key(.suspended)))
        #expect(bench.exchange.decisions.last?.shadow == .refused(.noSuchRoute))
        try bench.client().send(request("GET", Routes.pin, key: "nonsense"))
        #expect(bench.exchange.decisions.last?.shadow == .refused(.unknownKey))
    }

    @Test func `a route is found by method and path, whatever its id`() throws {
        let world = try World()
        let changes: [(change: (inout Route) throws -> Void, said: Verdict)] = [
            ({ $0.path = "/api/v3/findByPin" }, .refused(.noSuchRoute)), ({ $0.method = .post }, .refused(.methodNotAllowed)),
            ({ $0.id = try identifier("other-name") }, .admitted),
        ]
        for (change, said) in changes {
            let bench = Bench(
                try rules(world) { policy in
                    for route in policy.routes.indices where policy.routes[route].id.text == "find-by-pin" {
                        try change(&policy.routes[route])
                    }
                })
            for key in [world.key(.live), "nonsense"] { try bench.client().send(request("GET", Routes.pin, key: key)) }
            #expect(bench.exchange.decisions.map(\.shadow) == [said == .admitted ? .refused(.unknownKey) : said])
            try bench.store().send(answer())
            #expect(bench.exchange.decisions.map(\.verdict) == [.refused(.unknownKey), .admitted])
            #expect(bench.exchange.decisions.last?.shadow == said)
        }
    }

    @Test func `an application that was granted nothing needs no plan of it, and keeps nobody from being judged`() throws {
        let world = try World()
        let own = world.rules.snapshot
        var (policy, draft) = (own.policy, own.applications[0])
        policy.plans.append(Plan(id: try identifier("todays-default"), buckets: [:]))
        (draft.id, draft.state, draft.scopes, draft.plan) = (try identifier("a-draft"), .draft, [], try identifier("todays-default"))
        var shadow = own.policy
        shadow.version = String(repeating: "1", count: 64)
        shrink(&shadow, to: 2)
        let snapshot = try Snapshot(
            revision: 2, policy: policy, applications: own.applications + [draft], credentials: own.credentials, shadow: shadow)
        let watching = WatchingRules(of: snapshot, levels: MemoryLevelTable(), anonymous: AddressLevels(entries: 4_096, seed: 3))
        let bench = Bench(Ruleset(snapshot, levels: MemoryLevelTable().store(for: snapshot.applications), watching: watching))
        try bench.client().send(request("GET", Routes.pin, key: world.key(.live)))
        try bench.store().send(answer())
        #expect(bench.exchange.decisions.map(\.shadow) == [.admitted])
    }

    /// A policy that asks for, grants and charges other things than another.
    private func otherwise(_ policy: inout Policy, _ random: inout SplitMix64) {
        shrink(&policy, to: Int64.random(in: 2...30, using: &random))
        for route in policy.routes.indices where Bool.random(using: &random) {
            policy.routes[route].scope = Scope.allCases.randomElement(using: &random) ?? .search
            policy.routes[route].identities = [.anyone, .application, .applicationAndCitizen].randomElement(using: &random) ?? .anyone
            policy.routes[route].cost = Int64.random(in: 0...2, using: &random)
        }
        policy.routes.remove(at: Int.random(in: 0..<policy.routes.count, using: &random))
        let elsewhere = Int.random(in: 0..<policy.routes.count, using: &random)
        if Bool.random(using: &random) { policy.routes[elsewhere].method = .put } else { policy.routes[elsewhere].path += "s" }
        for plan in policy.plans.indices {
            policy.plans[plan].allowances[Int.random(in: 0..<Scope.allCases.count, using: &random)] = nil
        }
    }

    /// One request, as both policies are to see it.
    private struct Ask {
        var target: String
        var key: String?
        var authorization: String?
        var certificate: Digest?

        init(of world: World, _ random: inout SplitMix64) {
            let who = World.Who.allCases.randomElement(using: &random) ?? .live
            target = [Routes.pin, Routes.districts, Routes.search, Routes.beneficiaries].randomElement(using: &random) ?? Routes.pin
            key =
                [world.key(who), world.key(who), world.key(.live), world.key(.other), world.key(.bound), "nonsense", nil]
                .randomElement(using: &random) ?? nil
            let tokens = [who, .live, .other].map { "Bearer \(CitizenTokenTests.token(#"{"client_id":"\#($0.name)"}"#))" }
            authorization = (tokens + ["Bearer opaque", "Basic b3BhcXVl", nil]).randomElement(using: &random) ?? nil
            certificate = [Digest(1, 2, 3, 4), Digest(1, 2, 3, 4), Digest(1, 2, 3, 5), nil].randomElement(using: &random) ?? nil
        }

        func send(to bench: Bench) throws {
            let client = try #require(bench.connect(isOpening: true))
            bench.finishOpening(client, as: 0xC000_0207, spelt: "192.0.2.7", certificate: certificate)
            let before = bench.exchange.decisions.count
            client.send(request("GET", target, key: key, fields: authorization.map { ["Authorization: \($0)"] } ?? []))
            if bench.exchange.decisions.count == before { try bench.store().send(answer()) }
        }
    }

    /// What a route in force does not ask of a citizen is not read, and the shadow policy cannot judge it: such a request is taken as fitting, and so
    /// the same policy in force gets it with a token that fits. All else that the two see is the same.
    @Test(arguments: 0..<Soak.count(1_000)) func `what the shadow policy says is what it would do in force`(_ seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        let ends = World.start.wall.seconds + Int64.random(in: 0...600, using: &random)
        let world = try World {
            $0.applications[World.Who.other.rawValue].state = .withdrawn
            $0.applications[World.Who.other.rawValue].ends = WallTime(seconds: ends)
        }
        let beside = Bench(try rules(world) { self.otherwise(&$0, &random) })
        let own = beside.exchange.rules.snapshot
        let shadow = try #require(own.underShadow { $0.watching })
        let inForce = Bench(Ruleset(shadow, levels: MemoryLevelTable().store(for: shadow.applications)))
        for _ in 0..<60 {
            var ask = Ask(of: world, &random)
            let pause = Int64.random(in: 0..<20_000, using: &random)
            for bench in [beside, inForce] { bench.now = bench.now.later(milliseconds: pause) }
            try ask.send(to: beside)
            if ask.target != Routes.beneficiaries { ask.authorization = "Bearer opaque" }
            try ask.send(to: inForce)
        }
        let said = beside.exchange.decisions.map(\.shadow)
        let done = inForce.exchange.decisions.map(\.verdict)
        #expect(said.count == 60 && done.count == 60)
        let different = zip(said, done).enumerated().first { $0.element.0 != $0.element.1 }
        #expect(different == nil, "seed \(seed)")
    }

    @Test(arguments: 0..<Soak.count(100)) func `with and without a shadow policy the enforced outcomes are the same`(_ seed: Int) throws {
        let world = try World()
        let alone = Bench(world.rules)
        let beside = Bench(try rules(world) { self.shrink(&$0, to: 3) })
        var random = SplitMix64(seed: UInt64(seed))
        for _ in 0..<60 {
            let who = World.Who.allCases.randomElement(using: &random) ?? .live
            let target = [Routes.pin, Routes.districts, Routes.search, Routes.beneficiaries].randomElement(using: &random) ?? Routes.pin
            let key = [world.key(who), "nonsense"].randomElement(using: &random)
            let pause = Int64.random(in: 0..<100_000, using: &random)
            for bench in [alone, beside] {
                bench.now = bench.now.later(milliseconds: pause)
                let client = try bench.client()
                let before = bench.exchange.decisions.count
                client.send(request("GET", target, key: random.isOdd ? nil : key, token: "opaque"))
                if bench.exchange.decisions.count == before { try bench.store().send(answer()) }
            }
            _ = random.next()
        }
        func outcomes(_ bench: Bench) -> [[Int64]] {
            bench.exchange.decisions.map {
                [Int64($0.verdict.rawValue), Int64($0.status), $0.debtNanoseconds, $0.waitNanoseconds, Int64($0.inFlight)]
            }
        }
        #expect(outcomes(alone) == outcomes(beside), "seed \(seed)")
        #expect(alone.exchange.decisions.allSatisfy { $0.shadow == nil } && beside.exchange.decisions.allSatisfy { $0.shadow != nil })
    }
}

extension SplitMix64 {
    /// Whether the next number would be odd; it stays the next.
    fileprivate var isOdd: Bool {
        var copy = self
        return copy.next() % 2 == 1
    }
}
