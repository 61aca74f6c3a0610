import Admission
import Foundation
import Registry
import Support
import Testing

@testable import Exchange

/// Daily quotas and requests in flight, as callers see them.
@Suite struct LimitTests {
    private func ask(_ world: World, _ who: World.Who, _ target: String = Routes.pin) -> String {
        request("GET", target, key: world.key(who))
    }

    private func member(_ name: String, of message: Message) throws -> Any? {
        try #require(try JSONSerialization.jsonObject(with: Data(message.body)) as? [String: Any])[name]
    }

    @Test func `the day's quota is an item of its own beside the bucket's`() throws {
        let world = try World()
        let bench = Bench(world.rules)
        let client = try bench.client()
        client.send(ask(world, .daily))
        try bench.store().send(answer())
        let received = try client.message()
        // The day ends at 18:30 UTC, 66,600 s after the start.
        #expect(received["ratelimit-policy"] == "\"search\";q=1000000;w=300, \"search-day\";q=3;w=86400")
        #expect(received["ratelimit"] == "\"search\";r=999999;t=1, \"search-day\";r=2;t=66600")
        client.send(ask(world, .live))
        try bench.store().send(answer())
        #expect(try client.message()["ratelimit-policy"] == "\"search\";q=1000000;w=300", "no quota, no item")
    }

    @Test func `a day used up is 429 with the exact wait to its end, and nothing is charged`() throws {
        let world = try World()
        let bench = Bench(world.rules)
        let client = try bench.client()
        for _ in 0..<3 {
            client.send(ask(world, .daily))
            try bench.store().send(answer())
            #expect(try client.message().status == 200)
        }
        bench.now = bench.now.later(milliseconds: 500)
        client.send(ask(world, .daily))
        let refused = try client.message()
        #expect(refused.status == 429 && refused["retry-after"] == "66600")
        #expect(try member("errorCode", of: refused) as? String == "GWLIM0002")
        #expect(try member("retryAfterMilliseconds", of: refused) as? Int == 66_599_500)
        #expect(try member("violated-policies", of: refused) as? [String] == ["search-day"])
        #expect(refused["ratelimit"] == "\"search\";r=1000000;t=0, \"search-day\";r=0;t=66600")
        client.send(ask(world, .daily, Routes.districts))
        try bench.store().send(answer())
        #expect(try client.message().status == 200, "another scope has its own day")
        bench.now = bench.now.later(milliseconds: 66_599_499)
        client.send(ask(world, .daily))
        #expect(try client.message().status == 429)
        bench.now = bench.now.later(milliseconds: 1)
        client.send(ask(world, .daily))
        #expect(client.inbox.isEmpty, "passed on")
    }

    @Test func `as many requests as may be are in flight; the next is 429 and costs nothing; one that ends makes room`() throws {
        let world = try World()
        let bench = Bench(world.rules)
        let clients = try (0..<3).map { _ in try bench.client() }
        for client in clients { client.send(ask(world, .narrow)) }
        let refused = try clients[2].message()
        #expect(refused.status == 429 && refused["retry-after"] == "1" && bench.stores.count == 2)
        #expect(try member("errorCode", of: refused) as? String == "GWLIM0004" && member("retryable", of: refused) as? Bool == true)
        #expect(try member("violated-policies", of: refused) as? [String] == ["search-concurrency"])
        #expect(refused["ratelimit"] == "\"search\";r=999998;t=1", "two were charged")
        clients[2].send(ask(world, .narrow, Routes.districts))
        #expect(bench.stores.count == 3, "another scope has its own slots")
        bench.stores[0].send(answer())
        #expect(try clients[0].message().status == 200)
        clients[0].send(ask(world, .narrow))
        #expect(clients[0].inbox.isEmpty)
    }

    @Test func `a bound application's key passes with its certificate alone, and the answer echoes no fingerprint`() throws {
        let world = try World()
        let bench = Bench(world.rules)
        let office: UInt32 = 0xC000_0207
        func client(showing certificate: Digest?) throws -> Peer {
            let client = try #require(bench.connect(isOpening: true))
            bench.finishOpening(client, as: office, spelt: "192.0.2.7", certificate: certificate)
            return client
        }
        for certificate in [nil, Digest(1, 2, 3, 5)] {
            let client = try client(showing: certificate)
            client.send(ask(world, .bound))
            let refused = try client.message()
            #expect(refused.status == 403 && bench.stores.isEmpty)
            let detail = try #require(try member("detail", of: refused) as? String)
            #expect(detail.contains("showed none") == (certificate == nil))
        }
        let plain = try bench.client()
        plain.send(ask(world, .bound))
        #expect(try plain.message().status == 403)
        let bound = try client(showing: Digest(1, 2, 3, 4))
        bound.send(ask(world, .bound))
        #expect(bound.inbox.isEmpty && bench.stores.count == 1)
    }

    /// How a request may end, and what it takes.
    enum Ending: CaseIterable {
        case answered, clientBroken, clientBrokenUnanswered, clientEnded, storeBroken, storeBrokenInAnswer, storeError, storeSilent,
            noStore, nonsense, drained, overtaken
    }

    @Test(arguments: Ending.allCases)
    func `however a request ends, its slot is given back once`(_ ending: Ending) throws {
        let world = try World()
        let bench = Bench(world.rules)
        let counts = world.rules.inFlight[World.Who.narrow.rawValue]
        if ending == .noStore { bench.door = .refuse }
        for _ in 0..<5 {
            let client = try bench.client()
            client.send(ask(world, .narrow))
            try end(ending, client, bench, counts)
            #expect(bench.miscounted(under: world.rules).isEmpty)
            #expect(counts[.search] == 0)
            if ending == .drained { return }
        }
    }

    private func end(_ ending: Ending, _ client: Peer, _ bench: Bench, _ counts: InFlightCounts) throws {
        switch ending {
        case .answered: try bench.store().send(answer())
        case .clientBroken:
            client.breakOff()
            bench.settle()
            #expect(counts[.search] == 1, "the core store still works on it")
            try bench.store().send(answer())
        case .clientBrokenUnanswered:
            client.breakOff()
            bench.advance(milliseconds: Routes.requestMilliseconds + 1_000)
        case .clientEnded:
            client.end()
            try bench.store().send(answer())
        case .storeBroken: try bench.store().breakOff()
        case .storeBrokenInAnswer:
            try bench.store().send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
            try bench.store().breakOff()
        case .storeError: try bench.store().send(answer(503))
        case .storeSilent: bench.advance(milliseconds: Routes.firstByteMilliseconds + 1_000)
        case .noStore: bench.settle()
        case .nonsense: try bench.store().send("nonsense\r\n\r\n")
        case .drained:
            bench.drain()
            try bench.store().send(answer())
        case .overtaken: bench.advance(milliseconds: Routes.requestMilliseconds + 1_000)
        }
        bench.settle()
        bench.advance(milliseconds: 200)
    }

    @Test func `a client that leaves in the middle of its request gives its slot back, broken off or half closed`() throws {
        let world = try World()
        let counts = world.rules.inFlight[World.Who.narrow.rawValue]
        for isBroken in [true, false] {
            let bench = Bench(world.rules)
            let client = try bench.client()
            client.send(request("POST", Routes.otp, key: world.key(.narrow), fields: ["Content-Length: 9"]) + "123")
            #expect(counts[.identity] == 1 && bench.stores.count == 1)
            isBroken ? client.breakOff() : client.end()
            #expect(counts[.identity] == 0 && bench.miscounted(under: world.rules).isEmpty)
        }
    }

    @Test func `a snapshot that comes while requests are in flight neither loses nor doubles slots`() throws {
        let table = InFlightTable()
        let (first, second) = (try World(inFlight: table), try World(revision: 2, before: 3, inFlight: table))
        let bench = Bench(first.rules)
        let clients = try (0..<3).map { _ in try bench.client() }
        for client in clients[0..<2] { client.send(ask(first, .narrow)) }
        bench.exchange.adopt(second.rules)
        clients[2].send(ask(second, .narrow))
        #expect(try clients[2].message().status == 429, "two are in flight, under whichever snapshot they came")
        bench.stores[0].send(answer())
        clients[2].send(ask(second, .narrow))
        #expect(clients[2].inbox.isEmpty && bench.miscounted(under: second.rules).isEmpty)
        // A GET on a connection used before is sent once more: its slot is held until that is lost too.
        for _ in 0..<2 {
            for store in bench.stores where !store.isClosed { store.breakOff() }
            bench.settle()
        }
        let narrow = second.rules.inFlight[3 + World.Who.narrow.rawValue]
        #expect(narrow === first.rules.inFlight[World.Who.narrow.rawValue] && narrow[.search] == 0)
    }
}
