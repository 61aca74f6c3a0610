import Admission
import Decisions
import Registry
import Support
import Testing

@testable import Exchange

/// Pages that an application asks about itself: for its key alone, on record like every request, and not without end.
@Suite struct KeyedPageTests {
    private func ask(_ bench: Bench, _ text: String) throws -> Message {
        let client = try bench.client()
        client.send(text)
        return try client.message()
    }

    @Test func `are nobody's without a good key of an application that stands`() throws {
        let world = try World()
        let bench = Bench(world.rules)
        func slug(_ text: String) throws -> String {
            let message = try ask(bench, text)
            #expect(message["content-type"] == "application/problem+json")
            return String(message.text.split(separator: "\"")[3].split(separator: "/")[1])
        }
        #expect(try slug(request("GET", "/limits")) == "missing-key")
        #expect(try slug(request("GET", "/limits", key: "nonsense")) == "unknown-key")
        #expect(try slug(request("GET", "/limits", key: world.key(.live) + "x")) == "mistyped-key")
        #expect(try slug(request("GET", "/limits", key: world.key(.suspended))) == "application-state")
        #expect(try slug(request("GET", "/limits", key: world.key(.sandboxed))) == "application-state")
        #expect(try slug(request("GET", "/limits", key: world.key(.walled))) == "address-not-allowed")
        #expect(try slug(request("GET", "/limits", key: world.key(.bound))) == "certificate-required")
        #expect(
            try ask(bench, request("GET", "/limits", key: world.key(.sandboxed, .sandbox))).text.contains("\"environment\":\"sandbox\""))
        #expect(bench.exchange.decisions.allSatisfy { $0.route == -1 && $0.rule == .none && $0.cost == 0 })
    }

    @Test func `answer GET and HEAD, and nothing that only looks like them`() throws {
        let world = try World()
        let bench = Bench(world.rules)
        let client = try bench.client()
        client.send(request("HEAD", "/limits", key: world.key(.live)))
        let head = client.takeText()
        #expect(head.hasPrefix("HTTP/1.1 200 ") && head.contains("Content-Type: application/json\r\n") && head.hasSuffix("\r\n\r\n"))
        let refused = try ask(bench, request("POST", "/limits", key: world.key(.live), body: "{}"))
        #expect(refused.status == 405 && refused["allow"] == "GET, HEAD")
        for path in ["/limits/", "/limit", "/Limits", "/limitsx"] {
            #expect(try ask(bench, request("GET", path, key: world.key(.live))).status == 404)
        }
        client.send(request("GET", "/limits?since=1", key: world.key(.live), body: "a body nobody wants"))
        #expect(try client.message().status == 200)
        client.send(request("GET", Routes.pin, key: world.key(.live)))
        try bench.store().send(answer(body: "still here"))
        #expect(try client.message().text == "still here", "the connection goes on behind a body that was read past")
    }

    @Test func `are on record with the application that asked`() throws {
        let world = try World()
        let bench = Bench(world.rules)
        _ = try ask(bench, request("GET", "/limits", key: world.key(.live)))
        let decision = try #require(bench.exchange.decisions.first)
        guard case .application(let record)? = world.rules.facts.fact(decision.application) else {
            return #expect(Bool(false), "no application")
        }
        #expect(record.id.text == "live-app" && decision.route == -1 && decision.verdict == .admitted && decision.status == 200)
        #expect(decision.caller.key == .good && decision.caller.registered == .production && decision.rule == .none)
        #expect(decision.ending == .answered && decision.endpoint == 0 && decision.debtNanoseconds == 0)
        let evaluation = evaluate(decision, of: record, under: world.rules.snapshot.policy)
        #expect(evaluation.basis == .ownAnswer && evaluation.agrees)
    }

    @Test func `asked without end, refuse one application and no other, to the nanosecond`() throws {
        let world = try World()
        let bench = Bench(world.rules)
        let asked = request("GET", "/limits", key: world.key(.tight))
        for _ in 0..<AdmissionLimits.ownPageBurst { #expect(try ask(bench, asked).status == 200) }
        let refused = try ask(bench, asked)
        #expect(refused.status == 429 && refused["retry-after"] == "1" && refused["ratelimit"] == nil)
        #expect(refused.text.contains("/problems/asked-too-often") && refused.text.contains("\"violated-policies\":[\"own-pages\"]"))
        #expect(refused.text.contains("\"retryAfterMilliseconds\":1000"))
        let decision = try #require(bench.exchange.decisions.last)
        #expect(decision.verdict == .refused(.askedTooOften) && decision.route == -1 && decision.rule == .none)
        #expect(decision.waitNanoseconds == AdmissionLimits.ownPageIntervalNanoseconds)
        let explanation = Explanation(of: decision, application: nil, policy: world.rules.snapshot.policy)
        #expect(explanation.earliest?.nanoseconds == World.start.wall.nanoseconds + AdmissionLimits.ownPageIntervalNanoseconds)
        #expect(try ask(bench, request("GET", "/limits", key: world.key(.live))).status == 200)
        bench.pass(nanoseconds: AdmissionLimits.ownPageIntervalNanoseconds - 1)
        #expect(try ask(bench, asked).status == 429)
        bench.pass(nanoseconds: 1)
        #expect(try ask(bench, asked).status == 200)
        let client = try bench.client()
        client.send(request("GET", Routes.pin, key: world.key(.tight)))
        try bench.store().send(answer())
        #expect(try client.message()["ratelimit"] == "\"search\";r=1;t=150", "calls are charged for themselves alone")
    }

    @Test func `tried with keys by chance, charge the address as calls do`() throws {
        let world = try World()
        let bench = Bench(world.rules)
        for _ in 0..<AdmissionLimits.failureBurst { #expect(try ask(bench, request("GET", "/limits", key: "nonsense")).status == 401) }
        #expect(try ask(bench, request("GET", "/limits", key: "nonsense")).status == 429)
        #expect(try ask(bench, request("GET", "/limits", key: world.key(.live))).status == 200, "a good key is not refused for its address")
        #expect(try ask(bench, request("GET", "/limits")).status == 401)
    }
}
