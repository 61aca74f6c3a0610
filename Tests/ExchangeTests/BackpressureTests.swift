import Exchange
import Registry
import Support
import Testing

@Suite struct BackpressureTests {
    let world: World

    init() throws { world = try World() }

    @Test(arguments: ["Content-Length: 2000000\r\n\r\n", "\r\n"])
    func `a client that reads slowly stops the core store, bounds what is held and gets it all`(framing: String) throws {
        let (bench, client) = try bench(sending: request("GET", Routes.search), world: world)
        client.window = 1_000
        let store = try bench.store()
        let body = (0..<2_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        store.send(Array("HTTP/1.1 200 OK\r\n\(framing)".utf8) + body)
        #expect(store.waiting > 1_700_000)
        var largest = 0
        var turns = 0
        while store.waiting > 0, turns < 1_000 {
            client.open(window: 50_000)
            largest = max(largest, bench.heldForClients)
            turns += 1
        }
        store.end()
        client.open(window: .max)
        #expect(largest < 131_072 + 2 * 65_536 + 1_000)
        #expect(try client.message().body == body)
    }

    @Test func `a core store that reads slowly stops the client, bounds what is held and gets it all`() throws {
        let bench = Bench(world.rules)
        let client = try bench.client()
        client.send(request("POST", Routes.schedule, key: world.key(.live), token: "t", fields: ["Content-Length: 400000"]))
        let store = try bench.store()
        store.window = 100
        let body = (0..<400_000).map { UInt8(truncatingIfNeeded: $0 &* 29 >> 3) }
        client.send(body)
        #expect(client.waiting > 200_000)
        var turns = 0
        while client.waiting > 0, turns < 1_000 {
            store.open(window: 10_000)
            #expect(bench.heldForStores < 65_536 * 2 + 1_000)
            turns += 1
        }
        store.open(window: .max)
        #expect(try store.message().body == body)
    }

    @Test func `a client that pipelines without end is not read while it is not answered`() throws {
        let bench = Bench(world.rules)
        let client = try bench.client()
        client.send(String(repeating: request("GET", Routes.search), count: 10_000))
        #expect(client.waiting > 400_000)
        #expect(bench.stores.count == 1)
    }

    @Test func `a client that never reads cannot make us hold more than a piece of requests and their answers`() throws {
        let bench = Bench(world.rules)
        let client = try bench.client()
        client.window = 0
        client.send(String(repeating: request("GET", "/none"), count: 10_000))
        #expect(client.waiting > 300_000)
        #expect(bench.heldForClients < 131_072)
    }
}
