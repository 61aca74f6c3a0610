import Registry
import Support
import Testing

@testable import Exchange

/// Clients that leave while a core store works for them: each step of a connection to a core store, and each thing that can follow.
@Suite struct DepartureTests {
    let world: World
    let get: String
    let post: String

    init() throws {
        world = try World()
        get = request("GET", Routes.search)
        post = request("POST", Routes.schedule, key: world.key(.live), token: "t", body: "{}")
    }

    /// Everything is given back once time has passed.
    private func expectAllGivenBack(_ bench: Bench, location: SourceLocation = #_sourceLocation) {
        bench.advance(milliseconds: 100_000, step: 1_000)
        #expect(bench.leaks.isEmpty, sourceLocation: location)
    }

    @Test func `while connecting, the attempt is given up`() throws {
        for call in [get, post] {
            let bench = Bench(world.rules)
            bench.door = .silent
            let client = try bench.client()
            client.send(call)
            client.breakOff()
            #expect(try bench.store().isClosed)
            #expect(bench.exchange.reports.isEmpty && bench.leaks.isEmpty)
        }
    }

    @Test func `a request of which nothing could be sent is given up`() throws {
        let bench = Bench(world.rules)
        let client = try bench.client()
        client.send(get)
        try bench.store().send(answer())
        try bench.store().window = 0
        client.send(post)
        client.breakOff()
        #expect(try bench.store().isClosed)
        #expect(bench.exchange.reports.isEmpty && bench.leaks.isEmpty)
    }

    @Test func `a request that is not whole takes its connection with it`() throws {
        let head = request("POST", Routes.schedule, key: world.key(.live), token: "t", fields: ["Content-Length: 9"])
        for isBroken in [true, false] {
            let (bench, client) = try bench(sending: head + "123", world: world)
            isBroken ? client.breakOff() : client.end()
            #expect(try bench.store().isClosed)
            #expect(bench.leaks.isEmpty)
        }
    }

    @Test func `the rest of a whole request goes out, and its answer is read and dropped`() throws {
        let bench = Bench(world.rules)
        let client = try bench.client()
        let body = String(repeating: "b", count: 30_000)
        client.send(get)
        let store = try bench.store()
        store.send(answer())
        _ = store.take()
        store.window = 100
        client.send(request("POST", Routes.schedule, key: world.key(.live), token: "t", body: body))
        client.breakOff()
        #expect(!store.isClosed)
        store.open(window: .max)
        #expect(try store.message().text == body)
        store.send(answer(201))
        #expect(bench.exchange.reports.map(\.status) == [201])
        #expect(!bench.exchange.reports.contains { !$0.isOutcome })
        let next = try bench.client()
        next.send(get)
        #expect(bench.stores.count == 1, "the connection serves the next")
        store.send(answer(body: "mine"))
        #expect(try next.message().text == "mine")
        next.end()
        expectAllGivenBack(bench)
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 204 No\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "HTTP/1.1 500 Oops\r\nContent-Length: 2\r\n\r\nno",
    ])
    func `whatever came of the answer before, its rest is dropped and the connection used again`(text: String) throws {
        let bytes = Array(text.utf8)
        for pieces in [Pieces.whole, .bytes] {
            for cut in [0, 12, bytes.count - 1] {
                for call in [get, post] {
                    let (bench, client) = try bench(sending: call, pieces: pieces, world: world)
                    let store = try bench.store()
                    store.send(Array(bytes.prefix(cut)))
                    client.breakOff()
                    #expect(!store.isClosed && bench.exchange.clientCount == 0)
                    store.send(Array(bytes.dropFirst(cut)))
                    #expect(!store.isClosed)
                    #expect(bench.exchange.reports.count == (call == post ? 1 : 0), "at \(cut)")
                    let next = try bench.client()
                    next.send(get)
                    #expect(bench.stores.count == 1)
                    store.send(answer(body: "next"))
                    #expect(try next.message().text == "next")
                    next.end()
                    expectAllGivenBack(bench)
                }
            }
        }
    }

    @Test func `a booking whose client left has its outcome in the log, known or not`() throws {
        func outcome(_ act: (Bench, Peer) -> Void) throws -> (status: Int, what: String) {
            let (bench, client) = try bench(sending: post, world: world)
            client.breakOff()
            act(bench, try bench.store())
            let report = try #require(bench.exchange.reports.first)
            #expect(bench.exchange.reports.count == 1 && report.requestID != RequestID(high: 0, low: 0) && report.isOutcome)
            expectAllGivenBack(bench)
            return (report.status, report.what.description)
        }
        #expect(try outcome { $1.send(answer(409)) }.status == 409)
        #expect(try outcome { $1.send(answer(500)) }.status == 500)
        let unknown = "the client left, and the core store gave no answer: the outcome is unknown"
        #expect(try outcome { $1.end() } == (0, unknown))
        #expect(try outcome { $1.breakOff() } == (0, unknown))
        #expect(try outcome { $1.send("nonsense\r\n\r\n") } == (0, unknown))
        #expect(try outcome { bench, _ in bench.advance(milliseconds: Routes.firstByteMilliseconds + 200) } == (0, unknown))
    }

    @Test func `an answer that is ready and not taken is told for a booking, and for nothing else`() throws {
        for (call, count) in [(post, 1), (get, 0), (request("GET", "/none"), 0)] {
            let bench = Bench(world.rules)
            let client = try bench.client()
            client.window = 10
            client.send(call)
            bench.stores.last?.send(answer())
            client.breakOff()
            #expect(bench.exchange.reports.map(\.status) == [Int](repeating: 200, count: count))
            #expect(!bench.exchange.reports.contains { !$0.isOutcome })
        }
    }

    @Test func `a long answer and an endless one are not read to their end`() throws {
        let (bench, client) = try bench(sending: get, world: world)
        client.breakOff()
        try bench.store().send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + String(repeating: "x", count: 200_000))
        #expect(try bench.store().isClosed)
        let again = try bench.client()
        again.send(get)
        again.breakOff()
        let store = try bench.store()
        store.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        bench.advance(milliseconds: Routes.requestMilliseconds - 1_000)
        #expect(!store.isClosed)
        bench.advance(milliseconds: 1_100)
        #expect(store.isClosed)
        expectAllGivenBack(bench)
    }

    @Test func `an answer held back for a client that did not read is read on once it left`() throws {
        let (bench, client) = try bench(sending: request("GET", Routes.search, key: world.key(.live)), world: world)
        client.window = 10
        try bench.store().send("HTTP/1.1 200 OK\r\nContent-Length: 240000\r\n\r\n" + String(repeating: "x", count: 240_000))
        let store = try bench.store()
        #expect(store.waiting > 0, "it is held back")
        client.breakOff()
        #expect(bench.exchange.departed.isEmpty, "nothing waits for the request's time to end")
        expectAllGivenBack(bench)
    }

    @Test func `interim answers to a client that left are counted with those before`() throws {
        let interim = "HTTP/1.1 103 Early Hints\r\n\r\n"
        for before in [0, 5] {
            let (bench, client) = try bench(sending: get, world: world)
            for _ in 0..<before { try bench.store().send(interim) }
            client.breakOff()
            for _ in before..<Limits.interimAnswers { try bench.store().send(interim) }
            #expect(try !bench.store().isClosed)
            try bench.store().send(interim)
            #expect(try bench.store().isClosed)
            expectAllGivenBack(bench)
        }
    }

    @Test func `at the end of a drain, requests that change something and have no answer are told`() throws {
        let bench = Bench(world.rules)
        for call in [get, post, post, get] { try bench.client().send(call) }
        let isAtRest = { bench.exchange.isAtRest }
        #expect(!isAtRest())
        bench.drain()
        for client in bench.clients.dropFirst(2) { client.breakOff() }
        bench.clients[0].window = 0
        bench.exchange.noteUnfinished(at: bench.now)
        #expect(bench.exchange.reports.count == 2 && bench.exchange.reports.allSatisfy { $0.status == 0 && $0.isOutcome })
        for store in bench.stores { store.send(answer()) }
        bench.clients[1].end()
        bench.clients[0].breakOff()
        #expect(isAtRest())
    }

    @Test func `bytes after a dropped answer end the connection`() throws {
        let (bench, client) = try bench(sending: get, world: world)
        client.breakOff()
        try bench.store().send(answer() + "more")
        #expect(try bench.store().isClosed)
        expectAllGivenBack(bench)
    }

    @Test func `a client that only sends no more still gets its answer`() throws {
        let (bench, client) = try bench(sending: get, world: world)
        client.end()
        try bench.store().send(answer())
        #expect(try client.message().status == 200)
    }
}
