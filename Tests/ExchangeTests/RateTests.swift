import Registry
import Support
import Testing

@testable import Exchange

/// Deadlines that move with the bytes, to the nanosecond.
@Suite struct RateTests {
    let world: World

    init() throws { world = try World() }

    /// Whether the connection lives a nanosecond before that time and not at it.
    private func expectEnd(of client: Peer, _ bench: Bench, atMilliseconds end: Int64, location: SourceLocation = #_sourceLocation) {
        bench.pass(untilNanoseconds: end * 1_000_000 - 1)
        #expect(!client.isEnded, "ended early", sourceLocation: location)
        bench.pass(untilNanoseconds: end * 1_000_000)
        #expect(client.isEnded, "lives on", sourceLocation: location)
    }

    @Test func `a head has 10 seconds, and 2 milliseconds more for each byte after the first piece`() throws {
        let (bench, client) = try bench(sending: "GET /livez HTTP/1.1\r\n", world: world)
        bench.pass(untilNanoseconds: 4_000_000_000)
        client.send("X: " + String(repeating: "x", count: 497))
        expectEnd(of: client, bench, atMilliseconds: 11_000)
        #expect(try client.message().status == 408)
    }

    @Test func `what a head has saved never reaches further than 10 seconds ahead`() throws {
        let (bench, client) = try bench(sending: "GET /livez HTTP/1.1\r\n", world: world)
        bench.pass(untilNanoseconds: 1_000_000_000)
        client.send("X: " + String(repeating: "x", count: 9_997))
        expectEnd(of: client, bench, atMilliseconds: 11_000)
    }

    @Test func `a body has 15 seconds, and 2 milliseconds more for each byte`() throws {
        let head = request("POST", Routes.schedule, key: world.key(.live), token: "t", fields: ["Content-Length: 20000"])
        let (bench, client) = try bench(sending: head, world: world)
        bench.pass(untilNanoseconds: 14_000_000_000)
        client.send([UInt8](repeating: 0x78, count: 1_000))
        expectEnd(of: client, bench, atMilliseconds: 17_000)
        #expect(try client.message().status == 408)
        #expect(try bench.store().isClosed)
    }

    @Test func `a body's time stands still while the core store does not read`() throws {
        let head = request("POST", Routes.schedule, key: world.key(.live), token: "t", fields: ["Content-Length: 300000"])
        let (bench, client) = try bench(sending: head, world: world)
        let store = try bench.store()
        store.window = 0
        client.send([UInt8](repeating: 0x78, count: 100_000))
        bench.pass(untilNanoseconds: 20_000_000_000)
        #expect(client.inbox.isEmpty && !client.isEnded)
        store.open(window: .max)
        expectEnd(of: client, bench, atMilliseconds: 35_000)
        #expect(try client.message().status == 408)
    }

    @Test func `a body that the core store held back has the request's whole time, and still its rate to keep`() throws {
        let head = request("POST", Routes.schedule, key: world.key(.live), token: "t", fields: ["Content-Length: 300000"])
        for bytes in [1_000, 10_000] {
            let (bench, client) = try bench(sending: head, world: world)
            let store = try bench.store()
            store.window = 0
            client.send([UInt8](repeating: 0x78, count: 100_000))
            bench.pass(untilNanoseconds: 20_000_000_000)
            store.open(window: .max)
            bench.pass(untilNanoseconds: 30_000_000_000)
            client.send([UInt8](repeating: 0x78, count: bytes))
            expectEnd(of: client, bench, atMilliseconds: bytes == 1_000 ? 37_000 : Routes.requestMilliseconds)
            #expect(try client.message().status == 408)
        }
    }

    @Test func `a reader has 20 seconds, and 2 milliseconds more for each byte it takes`() throws {
        let (bench, client) = try bench(sending: request("GET", Routes.search), world: world)
        client.window = 100
        try bench.store().send(answer(body: String(repeating: "a", count: 5_000)))
        bench.pass(untilNanoseconds: 19_000_000_000)
        client.open(window: 1_000)
        expectEnd(of: client, bench, atMilliseconds: 22_000)
        #expect(client.isClosed && bench.exchange.heldBytes == 0)
    }

    @Test func `a reader that takes nothing at all has 20 seconds`() throws {
        let (bench, client) = try bench(sending: request("GET", Routes.search), world: world)
        client.window = 0
        try bench.store().send(answer(body: String(repeating: "a", count: 50_000)))
        expectEnd(of: client, bench, atMilliseconds: 20_000)
    }

    @Test func `a calendar of 250 KB gets through at the least rate, and its time is not the core store's`() throws {
        let (bench, client) = try bench(sending: request("GET", Routes.search), world: world)
        client.window = 1_000
        let store = try bench.store()
        let body = String(repeating: "calendar", count: 31_250)
        store.send(answer(body: body))
        #expect(store.waiting > 100_000)
        for turn in 1...51 {
            bench.pass(untilNanoseconds: Int64(turn) * 10_000_000_000)
            client.open(window: 5_000)
        }
        #expect(try client.message().text == body)
        #expect(!client.isEnded)
        client.breakOff()
        #expect(bench.exchange.heldBytes == 0)
    }

    @Test func `a reader below the rate is cut while the core store still sends, and its connection with it`() throws {
        let (bench, client) = try bench(sending: request("GET", Routes.search), world: world)
        client.window = 1_000
        let store = try bench.store()
        store.send(answer(body: String(repeating: "a", count: 1_000_000)))
        for second in 1...40 where !client.isEnded {
            bench.pass(untilNanoseconds: Int64(second) * 1_000_000_000)
            client.open(window: 100)
        }
        #expect(client.isClosed && store.isClosed && store.waiting > 800_000)
        #expect(bench.exchange.upstreamCounts[1] == 0 && bench.exchange.heldBytes == 0)
    }

    @Test func `in want of memory those behind longest give way`() throws {
        let bench = Bench(world.rules)
        var clients: [Peer] = []
        for _ in 0..<900 {
            let client = try bench.client()
            client.window = 10
            client.send(request("GET", Routes.search))
            try bench.store().send(answer(body: String(repeating: "a", count: 70_000)))
            bench.pass(nanoseconds: 1_000)
            clients.append(client)
        }
        let cut = clients.filter(\.isClosed).count
        #expect(bench.exchange.heldBytes <= Limits.heldBytes && bench.exchange.heldBytes > Limits.heldBytes / 2)
        #expect(cut > 0 && clients.prefix(cut).allSatisfy(\.isClosed))
        clients.forEach { $0.breakOff() }
        #expect(bench.exchange.heldBytes == 0)
    }

    @Test func `where no connection to the core store is left, who was waited for longest in sending gives way`() throws {
        let bench = Bench(world.rules)
        bench.exchange.upstreamCounts[1] = Limits.upstreamConnectionsPerStore - 1
        let (slow, early, late) = (try bench.client(), try bench.client(), try bench.client())
        slow.send(request("POST", Routes.schedule, key: world.key(.live), token: "t", fields: ["Content-Length: 10"]) + "1")
        bench.pass(untilNanoseconds: 999_999_999)
        early.send(request("GET", Routes.search))
        #expect(try early.message().status == 503)
        bench.pass(untilNanoseconds: 1_000_000_000)
        late.send(request("GET", Routes.search))
        #expect(try slow.message().status == 408)
        #expect(bench.stores.count == 2 && bench.stores[0].isClosed)
        try bench.store().send(answer())
        #expect(try late.message().status == 200)
    }

    @Test func `where no connection to the core store is left, who was waited for longest in reading gives way`() throws {
        let bench = Bench(world.rules)
        bench.exchange.upstreamCounts[1] = Limits.upstreamConnectionsPerStore - 1
        let (slow, late) = (try bench.client(), try bench.client())
        slow.window = 100
        slow.send(request("GET", Routes.search))
        try bench.store().send(answer(body: String(repeating: "a", count: 300_000)))
        bench.pass(untilNanoseconds: 1_000_000_000)
        late.send(request("GET", Routes.search))
        #expect(slow.isClosed && bench.stores[0].isClosed)
        try bench.store().send(answer())
        #expect(try late.message().status == 200)
    }

    @Test func `where an endpoint has all the connections it may, who was waited for longest gives way, however fast it is now`() throws {
        let bench = Bench(world.rules, endpoints: EndpointTable(connectionsPerEndpoint: 2))
        let (old, young, late) = (try bench.client(), try bench.client(), try bench.client())
        for client in [old, young] {
            client.window = 100
            client.send(request("GET", Routes.search))
            try #require(bench.stores.last).send(answer(body: String(repeating: "a", count: 300_000)))
            bench.pass(nanoseconds: 600_000_000)
        }
        old.window += 60_000
        late.send(request("GET", Routes.search))
        #expect(old.isClosed && !young.isClosed)
        try bench.store().send(answer())
        #expect(try late.message().status == 200)
    }

    @Test func `where nobody is slow, none gives way and the search for one is made once`() throws {
        let bench = Bench(world.rules, endpoints: EndpointTable(connectionsPerEndpoint: 1))
        let (first, second, third) = (try bench.client(), try bench.client(), try bench.client())
        first.send(request("GET", Routes.search))
        second.send(request("GET", Routes.search))
        #expect(try second.message().status == 503)
        #expect(bench.exchange.nobodySlowUntil[1] == bench.now.monotonic.nanoseconds + Limits.leastLagMilliseconds * 1_000_000)
        third.send(request("GET", Routes.search))
        #expect(try third.message().status == 503)
        try bench.store().send(answer())
        #expect(try first.message().status == 200)
    }

    @Test func `an HTTP 1.0 answer without a length that is cut short ends with a reset, a whole one with a close`() throws {
        for isCut in [true, false] {
            let (bench, client) = try bench(sending: "GET \(Routes.search) HTTP/1.0\r\n\r\n", world: world)
            let store = try bench.store()
            store.send("HTTP/1.1 200 OK\r\n\r\nhalf of it")
            if isCut { store.breakOff() } else { store.end() }
            client.end()
            #expect(client.isClosed && client.isReset == isCut)
        }
    }
}
