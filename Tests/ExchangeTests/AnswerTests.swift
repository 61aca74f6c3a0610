import Exchange
import Registry
import Support
import Testing

@Suite struct AnswerTests {
    let world: World

    init() throws { world = try World() }

    private func ask(_ text: String = request("GET", Routes.search)) throws -> (Bench, Peer, Peer) {
        let (bench, client) = try bench(sending: text, world: world)
        return (bench, client, try bench.store())
    }

    @Test func `the answer to HEAD has the length and no body`() throws {
        let (bench, client, store) = try ask(request("HEAD", Routes.search))
        #expect(try store.message().startLine.hasPrefix("HEAD "))
        store.send("HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n")
        let received = try client.message(isAnswerToHead: true)
        #expect(received.status == 200 && received["content-length"] == "1234")
        client.send(request("GET", Routes.search))
        #expect(bench.stores.count == 1)
    }

    @Test func `HEAD of our own pages and refusals has no body`() throws {
        for target in ["/livez", "/problems/", "/none"] {
            let (_, client) = try bench(sending: request("HEAD", target) + request("HEAD", "/livez"), world: world)
            let received = try client.messages(isAnswerToHead: true)
            #expect(received.count == 2 && received.allSatisfy { ($0["content-length"].flatMap { Int($0) } ?? 0) > 0 })
        }
    }

    @Test(arguments: [204, 304])
    func `an answer that has no body by its status has none`(status: Int) throws {
        let (bench, client, store) = try ask()
        store.send("HTTP/1.1 \(status) Word\r\nETag: \"a\"\r\n\r\n")
        let received = try client.message()
        #expect(received.status == status && received["transfer-encoding"] == nil && received["etag"] == "\"a\"")
        client.send(request("GET", Routes.search))
        #expect(bench.stores.count == 1)
    }

    @Test func `a 304 keeps the length of what was not sent`() throws {
        let (_, client, store) = try ask()
        store.send("HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n")
        #expect(try client.message()["content-length"] == "99")
    }

    @Test func `interim answers are swallowed`() throws {
        let (_, client, store) = try ask()
        for _ in 0..<4 { store.send("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n") }
        #expect(client.inbox.isEmpty)
        store.send(answer())
        #expect(try client.message().text == "hello")
    }

    @Test func `a core store that sends interim answers only is given up`() throws {
        let (bench, client, store) = try ask()
        for _ in 0..<9 { store.send("HTTP/1.1 102 Processing\r\n\r\n") }
        #expect(try client.message().status == 502)
        #expect(store.isClosed && bench.exchange.reports.count == 1)
    }

    @Test func `an answer until the connection's end reaches the client in chunks`() throws {
        let (bench, client, store) = try ask()
        store.send("HTTP/1.1 200 OK\r\n\r\nhello ")
        store.send("world")
        store.end()
        let received = try client.message()
        #expect(received["transfer-encoding"] == "chunked" && received.text == "hello world")
        #expect(!client.isEnded && store.isClosed)
        client.send(request("GET", "/livez"))
        #expect(try client.message().status == 200)
        #expect(bench.stores.count == 1)
    }

    @Test func `an HTTP 1.0 caller gets no chunks, and its answer ends with the connection`() throws {
        for body in ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", answer()] {
            let (_, client, store) = try ask(request("GET", Routes.search).replacing("HTTP/1.1", with: "HTTP/1.0"))
            store.send(body)
            let received = try client.message()
            #expect(received["transfer-encoding"] == nil && received["connection"] == "close" && received.text == "hello")
            #expect(client.isHalfClosed)
        }
    }

    @Test func `Connection close of the core store closes its connection, not the client's`() throws {
        let (_, client, store) = try ask()
        store.send(answer(fields: ["Connection: close"]))
        #expect(try client.message()["connection"] == nil)
        #expect(store.isClosed && !client.isEnded)
    }

    @Test func `Connection close of the client is answered, said back and kept`() throws {
        let (_, client, store) = try ask(request("GET", Routes.search, fields: ["Connection: close"]) + request("GET", "/livez"))
        store.send(answer())
        #expect(try client.message()["connection"] == "close")
        #expect(client.isHalfClosed && !store.isClosed)
    }

    @Test func `bytes behind an answer make the connection unfit for another request`() throws {
        let (bench, client, store) = try ask()
        store.send(answer() + answer(body: "twice"))
        #expect(try client.message().text == "hello")
        #expect(store.isClosed)
        client.send(request("GET", Routes.search))
        #expect(bench.stores.count == 2)
        try bench.store().send(answer(body: "new"))
        #expect(try client.message().text == "new")
    }

    @Test func `an unasked answer on a connection that waits closes it`() throws {
        let (_, client, store) = try ask()
        store.send(answer())
        store.send(answer(body: "unasked"))
        #expect(store.isClosed)
        #expect(try client.message().text == "hello")
    }

    @Test func `an answer that comes before the body is whole passes, and both connections close`() throws {
        let post = request("POST", Routes.schedule, key: world.key(.live), token: "t", fields: ["Content-Length: 100"]) + "some"
        let (_, client, store) = try ask(post)
        store.send(answer(409))
        let received = try client.message()
        #expect(received.status == 409 && received["connection"] == "close")
        #expect(client.isHalfClosed && store.isClosed)
    }

    @Test func `a core store that answers as it reads gets the rest of the body`() throws {
        let post = request("POST", Routes.schedule, key: world.key(.live), token: "t", fields: ["Content-Length: 10"]) + "12345"
        let (_, client, store) = try ask(post)
        store.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345")
        client.send("67890")
        #expect(try store.message().text == "1234567890")
        store.send("67890")
        #expect(try client.message().text == "1234567890")
    }

    @Test func `a large answer comes whole, in whatever pieces it is read and sent`() throws {
        for seed in 0..<UInt64(Soak.count(50)) {
            let body = String((0..<200_000).map { Character(UnicodeScalar(UInt8(97 + $0 % 26))) })
            for head in ["Content-Length: \(body.utf8.count)\r\n\r\n", "\r\n"] {
                let bench = Bench(world.rules, pieces: .random(SplitMix64(seed: seed)))
                let client = try bench.client()
                client.send(request("GET", Routes.search))
                let store = try bench.store()
                store.send("HTTP/1.1 200 OK\r\n" + head + body)
                if head == "\r\n" { store.end() }
                #expect(try client.message().text == body)
            }
        }
    }

    @Test func `a large body behind a head that came in pieces, or behind an interim answer, is that body`() throws {
        let body = String((0..<20_000).map { Character(UnicodeScalar(UInt8(97 + $0 % 23))) })
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n"
        for (first, second) in [("HTTP/1.1 2", head.dropFirst(10) + body), ("", "HTTP/1.1 103 Early Hints\r\n\r\n" + head + body)] {
            let (_, client, store) = try ask()
            store.send(first)
            store.send(String(second))
            #expect(try client.message().text == body)
        }
    }
}
