import Registry
import Testing

@testable import Exchange

/// A request whose endpoint fails it: where it goes, and where it must not.
@Suite struct ElsewhereTests {
    let world: World
    let get: String
    let post: String

    init() throws {
        world = try World()
        get = request("GET", Routes.search)
        post = request("POST", Routes.schedule, key: world.key(.live), token: "t", body: "{}")
    }

    private static func name(_ slot: Int) -> EndpointName { EndpointName(environment: .production, slot: slot) }

    private func bench(slots: Int, refusing: [Int] = []) -> Bench {
        let bench = Bench(world.rules, slots: slots)
        for slot in refusing { bench.doors[ElsewhereTests.name(slot)] = .refuse }
        return bench
    }

    private func requestID(of store: Peer) throws -> String { try #require(try store.message()["x-request-id"]) }

    @Test func `a connection refused or not made in time: any request goes to another endpoint, and nobody hears of it`() throws {
        for door in [Bench.Door.refuse, .silent] {
            for call in [get, post] {
                let bench = bench(slots: 3)
                for slot in 0..<2 { bench.doors[ElsewhereTests.name(slot)] = door }
                let client = try bench.client()
                client.send(call)
                if door == .silent { bench.advance(milliseconds: 4_200) }
                #expect(bench.stores.count == 3 && bench.stores.prefix(2).allSatisfy(\.isClosed))
                #expect(Set(bench.stores.compactMap(\.endpoint)).count == 3, "each endpoint once")
                try bench.store().send(answer())
                #expect(try client.message().status == 200)
                #expect(bench.exchange.reports.isEmpty)
            }
        }
    }

    @Test func `a body on its way goes with it, whole`() throws {
        let bench = bench(slots: 2)
        bench.doors[ElsewhereTests.name(0)] = .silent
        let client = try bench.client()
        client.send(request("POST", Routes.schedule, key: world.key(.live), token: "t", fields: ["Content-Length: 9"]) + "123")
        bench.advance(milliseconds: 1_000)
        client.send("456")
        bench.advance(milliseconds: 1_200)
        client.send("789")
        #expect(try bench.store().message().text == "123456789")
    }

    @Test func `past three endpoints it is 503`() throws {
        let bench = bench(slots: 5, refusing: [0, 1, 2, 3, 4])
        let client = try bench.client()
        client.send(post)
        #expect(try client.message().status == 503)
        #expect(bench.stores.count == 3 && bench.exchange.reports.count == 1)
    }

    @Test func `a GET whose connection breaks before its answer is sent once more elsewhere, under the same id`() throws {
        for isBroken in [true, false] {
            let bench = bench(slots: 3)
            let client = try bench.client()
            client.send(get)
            let first = try bench.store()
            let id = try requestID(of: first)
            isBroken ? first.breakOff() : first.end()
            let second = try bench.store()
            #expect(second.endpoint != first.endpoint)
            #expect(try requestID(of: second) == id)
            second.breakOff()
            let received = try client.message()
            #expect(received.status == 502 && received["x-request-id"] == id && bench.stores.count == 2, "once more, not twice")
        }
    }

    /// Two endpoints with a connection each that was used just now and takes so many bytes more.
    private func usedBench(window: Int) throws -> (bench: Bench, client: Peer) {
        let bench = bench(slots: 2)
        let client = try bench.client()
        for _ in 0..<2 {
            client.send(get)
            try bench.store().send(answer())
            _ = try client.message()
        }
        for store in bench.stores {
            _ = store.take()
            store.window = window
        }
        return (bench, client)
    }

    @Test func `what is sent once more takes a new connection: a used one may be closing too`() throws {
        let (bench, client) = try usedBench(window: .max)
        client.send(get)
        let first = try #require(bench.stores.first { !$0.inbox.isEmpty })
        first.end()
        try #require(bench.stores.count == 3 && bench.stores.filter { $0.endpoint == first.endpoint }.count == 1, "at the other endpoint")
        bench.stores[2].send(answer())
        #expect(try client.message().status == 200)
    }

    @Test(arguments: [[0, 1], []])
    func `a request tried at three endpoints, or sent once more, is charged once`(refusing: [Int]) throws {
        let bench = bench(slots: 3, refusing: refusing)
        let client = try bench.client()
        for left in [999_999, 999_998] {
            client.send(request("GET", Routes.pin, key: world.key(.live)))
            if refusing.isEmpty { try #require(bench.stores.first { !$0.inbox.isEmpty && !$0.isClosed }).breakOff() }
            let store = try #require(bench.stores.first { !$0.inbox.isEmpty && !$0.isClosed })
            _ = store.take()
            store.send(answer())
            #expect(try client.message()["ratelimit"] == "\"search\";r=\(left);t=1")
        }
    }

    @Test(arguments: [1, Int.max])
    func `a POST of which a byte may have arrived is never sent again, be it without a body`(window: Int) throws {
        for call in [post, request("POST", Routes.schedule, key: world.key(.live), token: "t")] {
            let (bench, client) = try usedBench(window: window)
            client.send(call)
            try #require(bench.stores.first { !$0.inbox.isEmpty }).breakOff()
            #expect(try client.message().text.contains("outcome-unknown"))
            #expect(bench.stores.count == 2 && bench.stores.filter { !$0.inbox.isEmpty }.count == 1, "no other has seen a byte of it")
        }
    }

    @Test func `a POST of which nothing was sent goes elsewhere`() throws {
        let (bench, client) = try usedBench(window: 0)
        client.send(post)
        let taken = try #require(bench.stores.first { $0.endpoint == bench.stores[0].endpoint })
        taken.breakOff()
        #expect(bench.stores.count == 2)
        let other = bench.stores[1]
        other.open(window: .max)
        #expect(try other.message().startLine.hasPrefix("POST "))
        other.send(answer(201))
        #expect(try client.message().status == 201)
    }

    @Test func `no first byte in time is not tried elsewhere`() throws {
        let bench = bench(slots: 3)
        let client = try bench.client()
        client.send(get)
        bench.advance(milliseconds: Routes.firstByteMilliseconds + 200)
        #expect(try client.message().status == 504)
        #expect(bench.stores.count == 1)
    }

    @Test func `where nearly all fail, no more are sent again than the budget has`() throws {
        let bench = bench(slots: 2)
        let clients = try (0..<200).map { _ in try bench.client() }
        for client in clients { client.send(get) }
        let first = bench.stores
        for store in first { store.breakOff() }
        #expect(bench.stores.count - first.count <= max(Limits.resentRequests, 100))
        #expect(bench.endpoints.resent(.production) == bench.stores.count - first.count)
        for client in clients { client.breakOff() }
        bench.advance(milliseconds: 60_000, step: 1_000)
        #expect(bench.leaks.isEmpty)
    }

    @Test func `a POST takes a connection used within a second, or a new one; a GET takes any`() throws {
        let bench = bench(slots: 1)
        let client = try bench.client()
        func call(_ text: String) throws -> Peer {
            client.send(text)
            let store = try #require(bench.stores.first { !$0.inbox.isEmpty })
            _ = store.take()
            store.send(answer())
            _ = try client.message()
            return store
        }
        let first = try call(get)
        bench.advance(milliseconds: 900)
        #expect(try call(post) === first)
        bench.advance(milliseconds: 1_100)
        let second = try call(post)
        #expect(second !== first && !first.isClosed)
        bench.advance(milliseconds: 1_100)
        #expect(try call(get) === second, "the last one used is used next")
    }

    @Test func `502 to 504 count against an endpoint and 500 does not`() throws {
        for (status, isEjected) in [(500, false), (501, false), (502, true), (503, true), (504, true), (404, false)] {
            let bench = bench(slots: 2)
            let client = try bench.client()
            for _ in 0..<10 {
                client.send(get)
                let store = try #require(bench.stores.first { !$0.inbox.isEmpty })
                _ = store.take()
                store.send(store.endpoint?.slot == 0 ? answer(status) : answer())
                _ = client.take()
            }
            #expect(bench.exchange.news.map(\.event) == (isEjected ? [.ejected(milliseconds: 5_000)] : []), "\(status)")
        }
    }

    @Test func `an endpoint that goes away: its unused connections close, what is under way ends, nothing new goes there`() throws {
        let bench = bench(slots: 2)
        let (one, two) = (try bench.client(), try bench.client())
        one.send(get)
        let unused = try bench.store()
        unused.send(answer())
        two.send(get)
        let busy = try bench.store()
        #expect(busy.endpoint != unused.endpoint)
        for slot in 0..<2 { bench.endpoints.deactivate(ElsewhereTests.name(slot)) }
        bench.advance(milliseconds: 100)
        #expect(unused.isClosed && !busy.isClosed)
        _ = one.take()
        one.send(get)
        #expect(try one.message().status == 503)
        busy.send(answer(body: "last"))
        #expect(try two.message().text == "last")
        #expect(busy.isClosed)
    }
}
