import Registry
import Support
import Testing

@testable import Exchange

@Suite struct OpeningTests {
    let world: World
    private let certificate = Digest(1, 2, 3, 4)

    init() throws { world = try World() }

    @Test func `nothing is read of a connection that is not open, and the request then is its owner's`() throws {
        let bench = Bench(world.rules)
        let client = try #require(bench.connect(isOpening: true))
        client.send(request("GET", Routes.search))
        #expect(client.waiting > 0 && bench.stores.isEmpty)
        bench.finishOpening(client, as: 0xCB00_7105, spelt: "203.0.113.5", certificate: certificate)
        #expect(try bench.store().message()["x-forwarded-for"] == "203.0.113.5")
        #expect(bench.exchange.certificate(of: client.handle.index) == certificate)
        client.breakOff()
        #expect(bench.exchange.certificates.isEmpty)
    }

    @Test func `a connection that is not open after 10 seconds is closed without a word`() throws {
        let bench = Bench(world.rules)
        let client = try #require(bench.connect(isOpening: true))
        bench.advance(milliseconds: 9_900)
        #expect(!client.isEnded)
        bench.advance(milliseconds: 100)
        #expect(client.isClosed && client.inbox.isEmpty && bench.exchange.clientCount == 0)
    }

    @Test func `an opening that fails closes, and a slot's next client inherits nothing`() throws {
        let bench = Bench(world.rules)
        let first = try #require(bench.connect(isOpening: true))
        bench.finishOpening(first, as: 0xCB00_7105, spelt: "203.0.113.5", certificate: certificate)
        first.breakOff()
        let second = try #require(bench.connect(isOpening: true))
        bench.finishOpening(first, as: 0xCB00_7105, spelt: "203.0.113.5", certificate: certificate)
        #expect(bench.exchange.clients[second.handle.index].phase == .opening)
        second.breakOff()
        #expect(second.isClosed)
        let third = try bench.client()
        #expect(third.handle.index == first.handle.index && !bench.exchange.clients[third.handle.index].isSecure)
        #expect(bench.exchange.certificate(of: third.handle.index) == nil)
    }

    @Test func `one that opens while draining may send one request`() throws {
        let bench = Bench(world.rules)
        let client = try #require(bench.connect(isOpening: true))
        bench.drain()
        bench.finishOpening(client, as: 0xCB00_7105, spelt: "203.0.113.5", certificate: certificate)
        client.send(request("GET", "/livez"))
        #expect(try client.message()["connection"] == "close")
        client.end()
        #expect(bench.exchange.clientCount == 0)
    }

    @Test(arguments: [true, false])
    func `every answer over TLS says that TLS is to be used, whoever gave it, and no other does`(isSecure: Bool) throws {
        let bench = Bench(world.rules)
        let client = try #require(bench.connect(isOpening: true))
        bench.finishOpening(client, as: 0xCB00_7105, spelt: "203.0.113.5", certificate: isSecure ? certificate : nil)
        let expected = isSecure ? "max-age=3600" : nil
        client.send(request("GET", "/livez"))
        #expect(try client.message()["strict-transport-security"] == expected)
        client.send(request("GET", "/none"))
        #expect(try client.message()["strict-transport-security"] == expected)
        client.send(request("GET", Routes.search))
        try bench.store().send("HTTP/1.1 200 OK\r\nStrict-Transport-Security: max-age=1\r\nContent-Length: 0\r\n\r\n")
        #expect(try client.message()["strict-transport-security"] == expected)
    }
}
