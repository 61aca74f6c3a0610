import Exchange
import Registry
import Support
import Testing

@Suite struct KeepAliveTests {
    let world: World

    init() throws { world = try World() }

    @Test func `a connection carries one request after another, on one connection to the core store`() throws {
        let bench = Bench(world.rules)
        let client = try bench.client()
        for turn in 0..<5 {
            client.send(request("GET", Routes.search))
            let store = try bench.store()
            #expect(try store.message().startLine == "GET /api/v2/public/findByDistrict?date=08-06-2021&district_id=391 HTTP/1.1")
            store.send(answer(body: "turn \(turn)"))
            let received = try client.message()
            #expect(received.status == 200 && received.text == "turn \(turn)")
            #expect(received.values("connection").isEmpty)
        }
        #expect(bench.stores.count == 1)
        #expect(!client.isEnded)
    }

    @Test func `pipelined requests are passed on one by one and answered in order, each once`() throws {
        let bench = Bench(world.rules)
        let client = try bench.client()
        client.send((0..<20).map { request("GET", Routes.districts + "\($0)") }.joined() + request("GET", "/livez"))
        for turn in 0..<20 {
            let store = try bench.store()
            #expect(try store.message().startLine == "GET \(Routes.districts)\(turn) HTTP/1.1")
            store.send(answer(body: "turn \(turn)"))
        }
        let received = try client.messages()
        #expect(received.map(\.text) == (0..<20).map { "turn \($0)" } + ["ok\n"])
    }

    @Test func `pipelined refusals are answered in order`() throws {
        let (_, client) = try bench(
            sending: (0..<50).map { request("GET", "/none/\($0)") }.joined() + request("GET", "/livez"), world: world)
        #expect(try client.messages().map(\.status) == [Int](repeating: 404, count: 50) + [200])
    }

    @Test func `requests that came before the client's half close are all answered, then the connection closes`() throws {
        let bench = Bench(world.rules)
        let client = try bench.client()
        client.post((0..<3).map { request("GET", Routes.districts + "\($0)") }.joined())
        client.end()
        for turn in 0..<3 { try bench.store().send(answer(body: "turn \(turn)")) }
        #expect(try client.messages().map(\.text) == ["turn 0", "turn 1", "turn 2"])
        #expect(client.isClosed)
    }

    @Test(arguments: 0..<40)
    func `however the bytes are cut, both sides receive the same`(seed: UInt64) throws {
        let whole = try talk(.whole)
        let bytes = try talk(.bytes)
        let random = try talk(.random(SplitMix64(seed: seed)))
        #expect(bytes == whole)
        #expect(random == whole)
    }

    /// A GET, a POST with a length, one in chunks, a refusal and a page, pipelined: what the client and the core store received.
    private func talk(_ pieces: Pieces) throws -> [String] {
        let world = try World()
        let bench = Bench(world.rules, pieces: pieces)
        let key = world.key(.live)
        bench.onArrival = { store in
            var bytes = store.inbox[...]
            guard let message = Message.read(&bytes) else { return }
            store.log += store.inbox
            store.inbox = []
            store.post(
                message.startLine.hasPrefix("POST")
                    ? "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nDate: x\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n"
                        + "3\r\nyou\r\n0\r\nT: v\r\n\r\n"
                    : "HTTP/1.1 200 OK\r\nDate: x\r\nContent-Length: 9000\r\n\r\n" + String(repeating: "x", count: 9_000))
        }
        let client = try bench.client()
        client.send(
            request("GET", Routes.search) + request("POST", Routes.otp, key: key, body: "{\"mobile\": 1}")
                + request("POST", Routes.otp, key: key, fields: ["Transfer-Encoding: chunked"])
                + "4\r\nwiki\r\n5;q=\"x\"\r\npedia\r\n0\r\n\r\n"
                + request("GET", "/nowhere") + request("GET", "/problems/bad-parameter"))
        let passed = try bench.stores.flatMap { try #require(Message.readAll($0.log)) }
        #expect(passed.map(\.text) == ["", "{\"mobile\": 1}", "wikipedia"])
        let received = try client.messages()
        #expect(received.map(\.status) == [200, 200, 200, 404, 200])
        return passed.map { "\($0.startLine) \($0.fields) \($0.text)" } + received.map { "\($0.startLine) \($0.fields) \($0.text)" }
    }
}
