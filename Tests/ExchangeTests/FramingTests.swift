import Testing

/// What a client and a core store must see alike, where the heads' grammar alone does not decide it.
struct FramingTests {
    let world: World

    init() throws { world = try World() }

    @Test func `a body that breaks after an early answer has begun ends the connection and gives no second answer`() throws {
        let head = request("POST", Routes.otp, key: world.key(.live), fields: ["Transfer-Encoding: chunked"])
        let (bench, client) = try bench(sending: head + "3\r\nabc\r\n", world: world)
        try bench.store().send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nearly")
        client.send("not a chunk\r\n")
        let received = client.takeText()
        #expect(received.hasSuffix("\r\n\r\nearly") && client.isClosed)
        #expect(try bench.store().isClosed)
    }

    @Test(arguments: ["GET", "HEAD"])
    func `chunks do not pass where no body is expected, not even empty ones`(method: String) throws {
        let (bench, client) = try bench(
            sending: request(method, Routes.search, fields: ["Transfer-Encoding: chunked"]) + "0\r\n\r\n", world: world)
        let received = try client.message(isAnswerToHead: method == "HEAD")
        #expect(received.status == 413 && bench.stores.isEmpty && !client.isEnded)
    }

    @Test(arguments: ["Host", "content-length", "Transfer-Encoding", "X-API-KEY", "authorization"])
    func `Connection may not name what a request is judged by`(name: String) throws {
        let fields = ["Connection: keep-alive, \(name)", name == "Transfer-Encoding" ? "Transfer-Encoding: chunked" : "Content-Length: 0"]
        let (bench, client) = try bench(
            sending: request("POST", Routes.otp, key: world.key(.live), token: "t", fields: fields) + "0\r\n\r\n", world: world)
        let received = try client.message()
        #expect(received.status == 400 && bench.stores.isEmpty && client.isEnded)
    }

    @Test(arguments: ["X_Partner_Id", "X.Partner.Id", "X~Partner-Id", "X!Api-Key"])
    func `a name that some servers read as another does not pass`(name: String) throws {
        let (bench, _) = try bench(sending: request("GET", Routes.search, fields: ["\(name): mine", "X-Mine: 1"]), world: world)
        let message = try bench.store().message()
        #expect(message[name.lowercased()] == nil && message["x-mine"] == "1")
    }

    @Test func `Via names the version in which each message came`() throws {
        let old = request("GET", Routes.search).replacing("HTTP/1.1", with: "HTTP/1.0")
        let (bench, client) = try bench(sending: old, world: world)
        #expect(try bench.store().message()["via"] == "1.0 partner-gateway")
        try bench.store().send("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n")
        #expect(try client.message()["via"] == "1.0 partner-gateway")
    }

    @Test func `a tracestate passes only with the trace it came with`() throws {
        let good = "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        for (fields, expected) in [
            (["tracestate: a=b", good, "Tracestate:  c=d "], ["a=b", "c=d"]), (["tracestate: a=b"], []),
            (["traceparent: 00-x", "tracestate: a=b"], []), ([good, "tracestate: a=b", "Connection: tracestate"], []),
        ] {
            let (bench, _) = try bench(sending: request("GET", Routes.search, fields: fields), world: world)
            #expect(try bench.store().message().values("tracestate") == expected)
        }
    }
}
