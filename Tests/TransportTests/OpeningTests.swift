import Admission
import Exchange
import Registry
import Support
import Testing
import Transport

/// Connections through real sockets that begin with a PROXY header, end half, or are too many.
@Suite(.serialized) struct OpeningTests {
    private static let loopback = AddressRange(base: Address(ipv4: 0x7F00_0000), prefixLength: 104)
    /// TCP over IPv4 from 203.0.113.5, with one extra behind the addresses.
    private static let header: [UInt8] =
        [0x0D, 0x0A, 0x0D, 0x0A, 0, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A, 0x21, 0x11, 0, 16]
        + [203, 0, 113, 5, 127, 0, 0, 1, 0x30, 0x39, 0, 80, 4, 0, 1, 7]

    private func proxied() throws -> PlainLoop {
        try PlainLoop(trust: ProxyTrust(proxies: [OpeningTests.loopback]), requiresProxyHeader: true)
    }

    @Test func `a header byte by byte names the client, and the request behind it is answered`() throws {
        let running = try proxied()
        defer { running.end() }
        let client = try running.connect()
        for byte in OpeningTests.header { client.send([byte]) }
        client.send(Sample.get(districtID: 10))
        #expect(client.receiveMessage()?.body == SmallStore.pattern(10))
        let other = try running.connect()
        other.send(OpeningTests.header + Array(Sample.get(districtID: 11).utf8))
        #expect(other.receiveMessage()?.body == SmallStore.pattern(11))
        #expect(running.connections.addressCount == 1 && running.connections.current == 2)
    }

    @Test(arguments: ["PROXY TCP4 203.0.113.5 127.0.0.1 1 2\r\n", "GET /livez HTTP/1.1\r\nHost: a\r\n\r\n"])
    func `without the header a connection closes without a word`(text: String) throws {
        let running = try proxied()
        defer { running.end() }
        let client = try running.connect()
        client.send(text)
        #expect(client.receive(1) == nil)
    }

    @Test func `a header cut off by the client's end closes`() throws {
        let running = try proxied()
        defer { running.end() }
        let client = try running.connect()
        client.send(Array(OpeningTests.header.prefix(20)))
        client.finishSending()
        #expect(client.receive(1) == nil)
    }

    @Test func `a header from whoever is not trusted closes`() throws {
        let elsewhere = AddressRange(base: Address(ipv4: 0x0A00_0000), prefixLength: 104)
        let running = try PlainLoop(trust: ProxyTrust(proxies: [elsewhere]), requiresProxyHeader: true)
        defer { running.end() }
        let client = try running.connect()
        client.send(OpeningTests.header + Array(Sample.get(districtID: 10).utf8))
        #expect(client.receive(1) == nil)
    }

    @Test func `a client that ends its side still gets its answers`() throws {
        let running = try PlainLoop()
        defer { running.end() }
        let client = try running.connect()
        client.send(Sample.get(districtID: 10) + Sample.get(districtID: 11))
        client.finishSending()
        #expect(client.receiveMessage()?.body == SmallStore.pattern(10))
        #expect(client.receiveMessage()?.body == SmallStore.pattern(11))
        #expect(client.receive(1) == nil)
    }

    @Test func `an address has so many connections; the next closes at once, and there is room again after one left`() async throws {
        let running = try PlainLoop(connections: ConnectionCounts(maximum: 100, maximumPerAddress: 3))
        defer { running.end() }
        var clients = try (0..<3).map { _ in try running.connect() }
        for client in clients {
            client.send(Sample.get(districtID: 10))
            #expect(client.receiveMessage() != nil)
        }
        let refused = try running.connect()
        #expect(refused.receive(1) == nil)
        clients.removeLast()
        #expect(await eventually { running.connections.current == 2 })
        let next = try running.connect()
        next.send(Sample.get(districtID: 12))
        #expect(next.receiveMessage()?.body == SmallStore.pattern(12))
    }
}
