import Exchange
import Registry
import Support
import Testing

@Suite struct TimeoutTests {
    let world: World

    init() throws { world = try World() }

    private var booking: String {
        request("POST", Routes.schedule, key: world.key(.live), token: "t", fields: ["Content-Length: 10"])
    }

    @Test func `a connection without a request is closed after 75 seconds`() throws {
        let bench = Bench(world.rules)
        let client = try bench.client()
        bench.advance(milliseconds: 74_900)
        #expect(!client.isEnded)
        bench.advance(milliseconds: 200)
        #expect(client.isClosed && client.inbox.isEmpty)
    }

    @Test func `a head that is not whole after 10 seconds is 408, however it trickles`() throws {
        let bench = Bench(world.rules)
        let client = try bench.client()
        for byte in "GET /livez HTTP/1.1\r\nX: " {
            client.send(String(byte))
            bench.advance(milliseconds: 400)
            if client.isEnded { break }
        }
        bench.advance(milliseconds: 1_000)
        let received = try client.message()
        #expect(received.status == 408 && received["connection"] == "close" && client.isEnded)
    }

    @Test func `a head that stalls is answered without a body where it begins like HEAD, else with one`() throws {
        for (text, isHead) in [("HEAD /livez HTTP/1.1\r\nX", true), ("HEAD ", true), ("HEA", false), ("HEADER ", false)] {
            let (bench, client) = try bench(sending: text, world: world)
            bench.advance(milliseconds: 10_100)
            let received = try client.message(isAnswerToHead: isHead)
            #expect(received.status == 408 && received["content-length"].flatMap { Int($0) } ?? 0 > 0)
            #expect(received.body.isEmpty == isHead)
        }
    }

    @Test func `a body that stalls for 15 seconds is 408, and the core store's connection is closed`() throws {
        let (bench, client) = try bench(sending: booking + "123", world: world)
        bench.advance(milliseconds: 14_000)
        client.send("4")
        bench.advance(milliseconds: 900)
        #expect(client.inbox.isEmpty)
        bench.advance(milliseconds: 200)
        let received = try client.message()
        #expect(received.status == 408 && received["connection"] == "close")
        #expect(try bench.store().isClosed)
    }

    @Test func `a body that stalls because the core store does not read is not the client's fault`() throws {
        let bench = Bench(world.rules)
        let client = try bench.client()
        client.send(request("POST", Routes.schedule, key: world.key(.live), token: "t", fields: ["Content-Length: 300000"]))
        let store = try bench.store()
        store.window = 0
        client.send([UInt8](repeating: 0x78, count: 300_000))
        bench.advance(milliseconds: Routes.requestMilliseconds)
        let received = try client.message()
        #expect(received.status == 504 && received.text.contains("outcome-unknown"))
        #expect(store.isClosed)
    }

    @Test func `a connection to the core store that is not open after 2 seconds is 503`() throws {
        let bench = Bench(world.rules)
        bench.door = .silent
        let client = try bench.client()
        client.send(request("GET", Routes.search))
        bench.advance(milliseconds: 1_900)
        #expect(client.inbox.isEmpty)
        bench.advance(milliseconds: 200)
        #expect(try client.message().status == 503)
        #expect(try bench.store().isClosed)
    }

    @Test func `an answer whose head trickles does not outlive the first byte's time`() throws {
        let (bench, client) = try bench(sending: request("GET", Routes.search), world: world)
        for byte in "HTTP/1.1 200 OK\r\n" {
            if try !bench.store().isClosed { try bench.store().send(String(byte)) }
            bench.advance(milliseconds: 400)
        }
        #expect(try client.message().status == 504)
    }

    @Test func `an answer that stalls for 15 seconds ends the connection`() throws {
        let (bench, client) = try bench(sending: request("GET", Routes.search), world: world)
        try bench.store().send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345")
        bench.advance(milliseconds: 14_900)
        #expect(!client.isEnded)
        bench.advance(milliseconds: 200)
        #expect(client.isClosed)
        #expect(try bench.store().isClosed)
    }

    @Test func `a whole request has its time, however lively it is`() throws {
        let (bench, client) = try bench(sending: request("GET", Routes.search), world: world)
        try bench.store().send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in 0..<50 where !client.isEnded {
            try bench.store().send("x")
            bench.advance(milliseconds: 1_000)
        }
        #expect(client.isClosed)
        #expect(try bench.store().isClosed)
    }

    @Test func `a client that does not read its answer is closed`() throws {
        let bench = Bench(world.rules)
        let client = try bench.client()
        client.window = 10
        client.send(request("GET", "/livez"))
        bench.advance(milliseconds: 20_100)
        #expect(client.isClosed)
    }

    @Test func `a client that does not close after our last answer is closed after 2 seconds`() throws {
        let (bench, client) = try bench(sending: request("GET", "/livez", fields: ["Connection: close"]), world: world)
        #expect(client.isHalfClosed && !client.isClosed)
        bench.advance(milliseconds: 2_100)
        #expect(client.isClosed)
    }

    @Test func `a client that sends on after our last answer is read for a while and then closed`() throws {
        let (_, client) = try bench(sending: "nonsense\r\n\r\n", world: world)
        #expect(try client.message().status == 400)
        for _ in 0..<5 where !client.isClosed { client.send([UInt8](repeating: 0x78, count: 65_536)) }
        #expect(client.isClosed)
    }

    @Test func `an unused connection to the core store is closed after 30 seconds`() throws {
        let (bench, client) = try bench(sending: request("GET", Routes.search), world: world)
        try bench.store().send(answer())
        _ = try client.message()
        bench.advance(milliseconds: 29_900)
        #expect(try !bench.store().isClosed)
        bench.advance(milliseconds: 200)
        #expect(try bench.store().isClosed)
        #expect(!client.isEnded)
    }

    @Test func `draining answers what is under way, and closes with that`() throws {
        let bench = Bench(world.rules)
        let busy = try bench.client()
        let late = try bench.client()
        busy.send(request("GET", Routes.search))
        late.send("GET /livez HT")
        bench.drain()
        #expect(!busy.isEnded)
        #expect(bench.connect() == nil)
        try bench.store().send(answer())
        #expect(try busy.message()["connection"] == "close")
        #expect(busy.isHalfClosed)
        #expect(try bench.store().isClosed)
        late.send("TP/1.1\r\nHost: a\r\n\r\n")
        #expect(try late.message()["connection"] == "close")
        for client in [busy, late] { client.end() }
        #expect(bench.exchange.clientCount == 0)
    }

    @Test func `while draining a kept connection gets one more answer, which says that it is the last`() throws {
        let bench = Bench(world.rules)
        let kept = try bench.client()
        bench.drain()
        #expect(!kept.isHalfClosed)
        bench.advance(milliseconds: 900)
        kept.send(request("GET", Routes.search))
        try bench.store().send(answer())
        let message = try kept.message()
        #expect(message.status == 200 && message["connection"] == "close" && kept.isHalfClosed)
    }

    @Test func `while draining a connection nobody calls on is closed after a second`() throws {
        let bench = Bench(world.rules)
        let idle = try bench.client()
        bench.drain()
        bench.advance(milliseconds: 900)
        #expect(!idle.isHalfClosed)
        bench.advance(milliseconds: 200)
        #expect(idle.isHalfClosed)
        idle.end()
        #expect(bench.exchange.clientCount == 0)
    }

    @Test func `a connection promised to be kept is kept while draining, until its next request`() throws {
        let bench = Bench(world.rules)
        let client = try bench.client()
        client.send(request("GET", Routes.search))
        try bench.store().send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab")
        bench.drain()
        try bench.store().send("cd")
        #expect(try client.message()["connection"] == nil)
        #expect(!client.isHalfClosed)
        client.send("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.message()["connection"] == "close")
        #expect(client.isHalfClosed)
    }

    @Test func `while draining it is alive and not ready`() throws {
        let bench = Bench(world.rules)
        let (first, second) = (try bench.client(), try bench.client())
        bench.drain()
        first.send("GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n")
        second.send("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try first.message().status == 503)
        #expect(try second.message().status == 200)
    }
}
