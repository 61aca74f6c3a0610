import Admission
import Decisions
import Registry
import Support
import Testing

@testable import Exchange

/// What is on record of a request when it is over.
@Suite struct RecordTests {
    private func application(_ decision: Decision, _ world: World) -> String? {
        guard case .application(let record)? = world.rules.facts.fact(decision.application) else { return nil }
        return record.id.text
    }

    private func route(_ decision: Decision, _ world: World) -> String? {
        decision.route < 0 ? nil : world.rules.snapshot.policy.routes[Int(decision.route)].id.text
    }

    @Test(arguments: [0, 5] as [UInt64])
    func `a search that is answered: who, what, by which rules, how much and how long`(_ seed: UInt64) throws {
        let world = try World()
        let bench = Bench(world.rules, pieces: seed == 0 ? .whole : .random(SplitMix64(seed: seed)))
        let client = try bench.client()
        let asked = request("GET", Routes.pin, key: world.key(.live))
        client.send(asked)
        bench.now = bench.now.later(milliseconds: 7)
        try bench.store().send(answer())
        let received = client.take()
        let decision = try #require(bench.exchange.decisions.first)
        #expect(bench.exchange.decisions.count == 1)
        #expect(application(decision, world) == "live-app" && route(decision, world) == "find-by-pin")
        #expect(world.rules.facts.fact(decision.rules) == .rules(world.rules.snapshot.policy, shadow: nil))
        #expect(decision.verdict == .admitted && decision.fault == .admitted && decision.rule == .bucket && decision.status == 200)
        #expect(decision.caller.key == .good && decision.caller.spelt == .production && decision.caller.registered == .production)
        #expect(decision.cost == 1 && decision.debtNanoseconds == 0 && decision.inFlight == 0 && decision.dayRemaining == -1)
        #expect(decision.bytesIn == UInt64(asked.utf8.count) && decision.bytesOut == UInt64(received.count))
        #expect(decision.totalMicroseconds == 7_000 && decision.storeMicroseconds == 7_000)
        #expect(decision.wallNanoseconds == World.start.wall.nanoseconds && decision.ending == .answered)
        let id = RequestID(high: decision.idHigh, low: decision.idLow)
        let text = String(decoding: (0..<32).map { id.text[$0] }, as: UTF8.self)
        #expect(String(decoding: received, as: UTF8.self).contains("X-Request-Id: \(text)\r\n"))
        guard case .stream(let first, let second)? = world.rules.facts.fact(decision.stream) else {
            return #expect(Bool(false), "no stream")
        }
        let words = IdentifierStream(first, second).words(sequence: decision.sequence, wallMilliseconds: 1_620_000_000_000)
        #expect(words.high == decision.idHigh && words.low == decision.idLow)
    }

    @Test func `what a client takes to send its body is not the core store's latency`() throws {
        let world = try World()
        let bench = Bench(world.rules)
        let client = try bench.client()
        client.send(request("POST", Routes.schedule, key: world.key(.live), token: "t", fields: ["Content-Length: 4"]))
        bench.now = bench.now.later(milliseconds: 900)
        client.send("{  }")
        bench.now = bench.now.later(milliseconds: 7)
        try bench.store().send(answer())
        let decision = try #require(bench.exchange.decisions.first)
        #expect(decision.totalMicroseconds == 907_000 && decision.storeMicroseconds == 7_000 && decision.status == 200)
    }

    @Test func `a core store that takes a body slowly has that on its own account`() throws {
        let world = try World()
        let bench = Bench(world.rules)
        let client = try bench.client()
        client.send(request("POST", Routes.schedule, key: world.key(.live), token: "t", fields: ["Content-Length: 300000"]))
        try bench.store().window = 0
        client.send([UInt8](repeating: 0x78, count: 100_000))
        bench.now = bench.now.later(milliseconds: 900)
        try bench.store().open(window: .max)
        client.send([UInt8](repeating: 0x78, count: 200_000))
        try bench.store().send(answer())
        #expect(bench.exchange.decisions.first?.storeMicroseconds == 900_000)
    }

    @Test func `what a client takes to read its answer is not the core store's latency`() throws {
        let world = try World()
        let bench = Bench(world.rules)
        let client = try bench.client()
        client.send(request("GET", Routes.pin, key: world.key(.live)))
        client.window = 1_000
        bench.now = bench.now.later(milliseconds: 7)
        try bench.store().send(answer(body: String(repeating: "x", count: 5_000)))
        bench.now = bench.now.later(milliseconds: 900)
        #expect(bench.exchange.decisions.isEmpty)
        client.open(window: .max)
        let decision = try #require(bench.exchange.decisions.first)
        #expect(decision.totalMicroseconds == 907_000 && decision.storeMicroseconds == 7_000 && decision.ending == .answered)
    }

    @Test func `while a client is behind, a core store that goes on when it has caught up is not late`() throws {
        let world = try World()
        let bench = Bench(world.rules)
        let client = try bench.client()
        client.send(request("GET", Routes.pin, key: world.key(.live)))
        client.window = 1_000
        try bench.store().send("HTTP/1.1 200 OK\r\nContent-Length: 6000\r\n\r\n" + String(repeating: "x", count: 5_000))
        bench.now = bench.now.later(milliseconds: 900)
        client.open(window: .max)
        bench.now = bench.now.later(milliseconds: 7)
        try bench.store().send(String(repeating: "x", count: 1_000))
        let decision = try #require(bench.exchange.decisions.first)
        #expect(decision.totalMicroseconds == 907_000 && decision.storeMicroseconds == 7_000)
    }

    @Test func `a body that never comes is not the core store's latency either`() throws {
        let world = try World()
        let bench = Bench(world.rules)
        let client = try bench.client()
        client.send(request("POST", Routes.schedule, key: world.key(.live), token: "t", fields: ["Content-Length: 4"]))
        bench.pass(untilNanoseconds: 20_000_000_000)
        let decision = try #require(bench.exchange.decisions.first)
        #expect(decision.status == 408 && decision.storeMicroseconds == 0 && decision.totalMicroseconds >= 15_000_000)
    }

    @Test func `a body that is refused counts as far as it came`() throws {
        let world = try World()
        let bench = Bench(world.rules)
        let client = try bench.client()
        let head = request("POST", Routes.schedule, key: world.key(.live), token: "t", fields: ["Transfer-Encoding: chunked"])
        client.send(head + "4\r\n{  }\r\nzz\r\n")
        let decision = try #require(bench.exchange.decisions.first)
        #expect(decision.status == 400 && decision.bytesIn == UInt64(head.utf8.count + 13))
    }

    @Test func `the level on record is the one before, and a refusal tells its rule and wait`() throws {
        let world = try World()
        let bench = Bench(world.rules)
        let client = try bench.client()
        for _ in 0..<3 {
            client.send(request("GET", Routes.pin, key: world.key(.tight)))
            if bench.exchange.decisions.count < 2 { try bench.store().send(answer()) }
        }
        let (all, interval) = (bench.exchange.decisions, Int64(150_000_000_000))
        #expect(all.map(\.debtNanoseconds) == [0, interval, 2 * interval])
        #expect(all.map(\.verdict) == [.admitted, .admitted, .refused(.rateLimited)])
        #expect(all.map(\.rule) == [.bucket, .bucket, .bucket])
        #expect(all.map(\.waitNanoseconds) == [0, 0, interval])
        #expect(all.map(\.status) == [200, 200, 429] && all[2].endpoint == 0 && all[0].endpoint > 0)
    }

    @Test func `days and requests in flight are on record where a plan counts them`() throws {
        let world = try World()
        let bench = Bench(world.rules)
        let client = try bench.client()
        for _ in 0..<4 {
            client.send(request("GET", Routes.pin, key: world.key(.daily)))
            if bench.exchange.decisions.count < 3 { try bench.store().send(answer()) }
        }
        #expect(bench.exchange.decisions.map(\.dayRemaining) == [3, 2, 1, 0])
        #expect(bench.exchange.decisions.last?.rule == .day && bench.exchange.decisions.last?.waitNanoseconds == 66_600_000_000_000)
        for _ in 0..<3 { try bench.client().send(request("GET", Routes.pin, key: world.key(.narrow))) }
        let refused = try #require(bench.exchange.decisions.last)
        #expect(refused.rule == .concurrency && refused.inFlight == 2 && refused.verdict == .refused(.tooManyInFlight))
    }

    @Test func `a citizen is a subject of the day, and another one on the next`() throws {
        let world = try World()
        let bench = Bench(world.rules)
        func ask(_ token: String) throws -> UInt64 {
            let client = try bench.client()
            client.send(request("GET", Routes.beneficiaries, key: world.key(.live), token: token))
            try bench.store().send(answer())
            return try #require(bench.exchange.decisions.last).subject
        }
        // {"user_id":"one","client_id":"live-app","exp":1} and the same with exp 2; then {"user_id":"two", …}.
        let one = "e30.eyJ1c2VyX2lkIjoib25lIiwiY2xpZW50X2lkIjoibGl2ZS1hcHAiLCJleHAiOjF9.c2ln"
        let again = "e30.eyJ1c2VyX2lkIjoib25lIiwiY2xpZW50X2lkIjoibGl2ZS1hcHAiLCJleHAiOjJ9.c2ln"
        let two = "e30.eyJ1c2VyX2lkIjoidHdvIiwiY2xpZW50X2lkIjoibGl2ZS1hcHAiLCJleHAiOjF9.c2ln"
        let first = try ask(one)
        #expect(first != 0)
        #expect(try ask(again) == first)
        #expect(try ask(two) != first)
        for text in [
            request("GET", Routes.beneficiaries, key: world.key(.other)),
            request("GET", Routes.beneficiaries, key: world.key(.other), fields: ["Authorization: Basic e30="]),
        ] {
            try bench.client().send(text)
            #expect(bench.exchange.decisions.last?.subject == 0, "who names nobody has nobody's subject")
        }
        #expect(try ask("opaque") != first)
        bench.now = bench.now.later(milliseconds: 86_400_000)
        #expect(try ask(one) != first)
    }

    @Test func `what was seen of each caller that is refused`() throws {
        let world = try World()
        let bench = Bench(world.rules)
        func refused(_ text: String) throws -> Decision {
            try bench.client().send(text)
            return try #require(bench.exchange.decisions.last)
        }
        let missing = try refused(request("GET", Routes.pin))
        #expect(missing.verdict == .refused(.missingKey) && missing.caller.key == .none && missing.application == 0)
        #expect(try refused(request("GET", Routes.pin, key: "nonsense")).caller.key == .foreign)
        #expect(try refused(request("GET", Routes.pin, key: String(world.key(.live).dropLast()) + "!")).caller.key == .mistyped)
        let suspended = try refused(request("GET", Routes.pin, key: world.key(.suspended)))
        #expect(suspended.verdict == .refused(.applicationState) && application(suspended, world) == "suspended-app")
        let early = try refused(request("GET", Routes.pin, key: world.key(.sandboxed, .production)))
        #expect(early.verdict == .refused(.applicationState) && early.caller.registered == .production)
        let walled = try refused(request("GET", Routes.pin, key: world.key(.walled)))
        #expect(walled.caller.isAddressRefused && walled.status == 403)
        #expect(try refused(request("GET", Routes.pin, key: world.key(.bound))).caller.certificate == .none)
        let unnamed = try refused(request("GET", Routes.beneficiaries, key: world.key(.live)))
        #expect(unnamed.caller.citizen == .none && unnamed.verdict == .refused(.missingCitizenToken))
        #expect(try refused("GET  / HTTP/1.1\r\n\r\n").verdict == .refused(.malformedRequest))
        let nowhere = try refused(request("GET", "/nowhere", key: world.key(.live)))
        #expect(nowhere.verdict == .refused(.noSuchRoute) && nowhere.route == -1 && nowhere.status == 404)
    }

    @Test func `failed authentication has a rule and a wait once its address has spent`() throws {
        let world = try World()
        let bench = Bench(world.rules)
        var last = Decision()
        for _ in 0..<200 where last.rule != .failures {
            try bench.client().send(request("GET", Routes.pin, key: "nonsense"))
            last = try #require(bench.exchange.decisions.last)
        }
        let rule = AdmissionLimits.failureRule
        #expect(last.verdict == .refused(.tooManyFailures) && last.waitNanoseconds == rule.intervalNanoseconds)
        #expect(last.debtNanoseconds == rule.capacityNanoseconds)
    }

    @Test func `a core store's failure is a fault of an admitted request, with the tries it took`() throws {
        let world = try World()
        let bench = Bench(world.rules, slots: 2)
        let client = try bench.client()
        client.send(request("GET", Routes.pin, key: world.key(.live)))
        try bench.store().breakOff()
        try bench.store().send(answer(500))
        let decision = try #require(bench.exchange.decisions.first)
        #expect(decision.verdict == .admitted && decision.fault == .refused(.coreStoreFailed) && decision.status == 502)
        #expect(decision.retries == 1)
    }

    @Test func `clients that leave and answers that break off are on record once`() throws {
        let world = try World()
        let bench = Bench(world.rules)
        let leaving = try bench.client()
        leaving.send(request("GET", Routes.pin, key: world.key(.live)))
        leaving.breakOff()
        #expect(bench.exchange.decisions.map(\.ending) == [.clientLeft])
        #expect(bench.exchange.decisions.map(\.status) == [0])
        let cut = try bench.client()
        cut.send(request("GET", Routes.pin, key: world.key(.live)))
        let store = try bench.store()
        store.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
        store.breakOff()
        #expect(bench.exchange.decisions.map(\.ending) == [.clientLeft, .brokenOff])
        #expect(bench.exchange.decisions.last?.status == 200)
        #expect(bench.exchange.idCount == 2)
    }
}
