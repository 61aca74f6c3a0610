import Exchange
import Registry
import Support
import Testing

@Suite struct BodyTests {
    let world: World
    let post: String

    init() throws {
        world = try World()
        post = request("POST", Routes.schedule, key: world.key(.live), token: "opaque")
    }

    private func head(_ fields: String...) -> String {
        request("POST", Routes.schedule, key: world.key(.live), token: "opaque", fields: fields)
    }

    @Test func `a body with a length passes with that length`() throws {
        let (bench, client) = try bench(sending: head("Content-Length: 11"), world: world)
        client.send("hello ")
        client.send("world")
        let passed = try bench.store().message()
        #expect(passed["content-length"] == "11" && passed.text == "hello world")
    }

    @Test func `a body in chunks passes in chunks of our own, without extensions and trailers`() throws {
        let (bench, client) = try bench(sending: head("Transfer-Encoding: chunked"), world: world)
        for byte in "5;secret=1\r\nhello\r\n06\r\n world\r\n0\r\nX-Trailer: 1\r\n\r\n" { client.send(String(byte)) }
        let raw = String(decoding: try bench.store().inbox, as: UTF8.self)
        #expect(!raw.contains("secret") && !raw.contains("Trailer"))
        let passed = try bench.store().message()
        #expect(passed["transfer-encoding"] == "chunked" && passed["content-length"] == nil && passed.text == "hello world")
    }

    @Test func `a body that breaks its framing under an answer already begun ends the connection, with nothing more in the answer`() throws
    {
        let (bench, client) = try bench(sending: head("Transfer-Encoding: chunked") + "2\r\nab\r\n", world: world)
        try bench.store().send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nbegun")
        client.send("zz\r\n")
        #expect(client.isClosed && client.takeText().hasSuffix("\r\n\r\nbegun") && bench.stores.allSatisfy(\.isClosed))
    }

    @Test func `a piece of a chunk's size line alone disturbs nobody, whatever the slots`() throws {
        // The production store's connection gets slot 1 while there is one client only.
        let bench = Bench(world.rules)
        let client = try bench.client()
        client.send(request("POST", Routes.otp, key: world.key(.live, .sandbox), body: "{}"))
        try bench.store().send(answer())
        #expect(try client.message().status == 200)
        client.send(head("Transfer-Encoding: chunked"))
        client.send("5")
        client.send("\r\nhello\r\n")
        client.send("0")
        client.send("\r\n\r\n")
        #expect(try bench.store().message().text == "hello")
        try bench.store().send(answer())
        #expect(try client.message().status == 200)
    }

    @Test func `a call without a body that usually has one passes with a length of zero`() throws {
        let (bench, _) = try bench(sending: post, world: world)
        #expect(try bench.store().message()["content-length"] == "0")
    }

    @Test func `100 comes only when the request is admitted, and once`() throws {
        let (bench, client) = try bench(sending: head("Content-Length: 5", "Expect: 100-continue"), world: world)
        #expect(client.takeText() == "HTTP/1.1 100 Continue\r\n\r\n")
        client.send("he")
        client.send("llo")
        let passed = try bench.store().message()
        #expect(passed.text == "hello" && passed["expect"].map(\.count) == nil)
        try bench.store().send(answer())
        #expect(try client.message().status == 200)
        #expect(!client.isEnded)
    }

    @Test func `a request that is refused gets its final status in place of 100, and the connection ends`() throws {
        let refused = request("POST", Routes.schedule, token: "opaque", fields: ["Content-Length: 5", "Expect: 100-continue"])
        let (_, client) = try bench(sending: refused, world: world)
        let received = try client.message()
        #expect(received.status == 401 && received["connection"] == "close")
        #expect(client.isEnded)
    }

    @Test func `nobody who sends the body at once is told to continue`() throws {
        let (_, client) = try bench(sending: head("Content-Length: 5", "Expect: 100-continue") + "hello", world: world)
        #expect(client.inbox.isEmpty)
    }

    @Test func `an HTTP 1.0 caller is not told to continue`() throws {
        let old = head("Content-Length: 5", "Expect: 100-continue").replacing("HTTP/1.1", with: "HTTP/1.0")
        let (_, client) = try bench(sending: old, world: world)
        #expect(client.inbox.isEmpty)
    }

    @Test func `a refusal with the whole body present keeps the connection`() throws {
        let refused = request("POST", Routes.otp, fields: [], body: "{\"a\":1}")
        let chunked = request("POST", Routes.otp, fields: ["Transfer-Encoding: chunked"]) + "2\r\nhi\r\n0\r\n\r\n"
        let (_, client) = try bench(sending: refused + chunked + request("GET", "/livez"), world: world)
        let received = try client.messages()
        #expect(received.map(\.status) == [401, 401, 200])
        #expect(received.allSatisfy { $0.values("connection").isEmpty })
        #expect(!client.isEnded)
    }

    @Test func `a refusal with a part of the body missing ends the connection`() throws {
        for fields in ["Content-Length: 8", "Transfer-Encoding: chunked"] {
            let (_, client) = try bench(sending: request("POST", Routes.otp, fields: [fields]) + "2\r\nhi\r\n", world: world)
            let received = try client.message()
            #expect(received.status == 401 && received["connection"] == "close")
            #expect(client.isHalfClosed && !client.isClosed)
            client.send("0\r\n\r\n" + request("GET", "/livez"))
            #expect(client.inbox.isEmpty)
            client.end()
            #expect(client.isClosed)
        }
    }

    @Test func `a length over the route's is refused before anything is passed on`() throws {
        let (bench, client) = try bench(sending: head("Content-Length: \(Routes.scheduleBytes + 1)") + "hello", world: world)
        let received = try client.message()
        #expect(received.status == 413 && received["connection"] == "close")
        #expect(bench.stores.isEmpty)
    }

    @Test func `chunks that grow over the route's limit are refused and the core store's connection closed`() throws {
        let (bench, client) = try bench(sending: head("Transfer-Encoding: chunked"), world: world)
        let chunk = "10000\r\n" + String(repeating: "x", count: 65_536) + "\r\n"
        for _ in 0..<7 where !client.isEnded { client.send(chunk) }
        let received = try client.message()
        #expect(received.status == 413 && received["connection"] == "close")
        #expect(try bench.store().isClosed)
        #expect(try Message.holdsNoWhole(bench.store().take()))
    }

    @Test func `a malformed chunk is refused and the core store never sees an end`() throws {
        let (bench, client) = try bench(sending: head("Transfer-Encoding: chunked") + "5\r\nhello\r\nx", world: world)
        #expect(try client.message().status == 400)
        #expect(try bench.store().isClosed)
        #expect(try Message.holdsNoWhole(bench.store().take()))
    }
}
