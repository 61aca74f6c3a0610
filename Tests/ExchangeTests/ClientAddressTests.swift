import Registry
import Support
import Testing

@testable import Exchange

@Suite struct ClientAddressTests {
    let world: World
    /// 10.0.0.0/8 and 2001:db8::/32.
    private static let proxies = [
        AddressRange(base: Address(ipv4: 0x0A00_0000), prefixLength: 104),
        AddressRange(base: Address(high: 0x2001_0DB8_0000_0000, low: 0), prefixLength: 32),
    ]

    init() throws { world = try World() }

    /// The X-Forwarded-For that the core store sees of a request with these lines from 10.0.0.1.
    private func seen(_ source: ClientAddressSource, _ lines: [String], from address: UInt32 = 0x0A00_0001) throws -> [String] {
        let bench = Bench(world.rules, trust: ProxyTrust(proxies: ClientAddressTests.proxies, source: source))
        let text = String(decoding: Address(ipv4: address).text, as: UTF8.self)
        let client = try #require(bench.connect(from: Address(ipv4: address), spelt: text))
        client.send(request("GET", Routes.search, fields: lines))
        let received = try bench.store().message()
        #expect(received["forwarded"] == nil)
        return received.values("x-forwarded-for")
    }

    @Test(arguments: [
        (["X-Forwarded-For: 203.0.113.5"], "203.0.113.5"),
        (["X-Forwarded-For: 198.51.100.1, 203.0.113.5, 10.0.0.7"], "203.0.113.5"),
        (["X-Forwarded-For: 198.51.100.1", "x-forwarded-for: 203.0.113.5", "X-FORWARDED-FOR: 10.0.0.7, 10.0.0.8"], "203.0.113.5"),
        (["X-Forwarded-For: 198.51.100.1, 203.0.113.5, 2001:db8::7"], "203.0.113.5"),
        (["X-Forwarded-For: 203.0.113.5, nonsense, 10.0.0.7"], "10.0.0.7"),
        (["X-Forwarded-For: 203.0.113.5, unknown"], "10.0.0.1"),
        (["X-Forwarded-For: 10.0.0.9, 10.0.0.8"], "10.0.0.9"),
        (["X-Forwarded-For:"], "10.0.0.1"), ([], "10.0.0.1"),
        (["X-Forwarded-For: [2001:db9::1]:443"], "2001:db9:0:0:0:0:0:1"),
        (["X-Forwarded-Host: 203.0.113.5", "Forwarded: for=203.0.113.5", "X_Forwarded_For: 203.0.113.5"], "10.0.0.1"),
    ]) func `X-Forwarded-For of a trusted proxy names the client`(lines: [String], expected: String) throws {
        #expect(try seen(.xForwardedFor, lines) == [expected])
    }

    @Test(arguments: [
        (["Forwarded: for=203.0.113.5;proto=https"], "203.0.113.5"),
        (["Forwarded: for=198.51.100.1, for=203.0.113.5, for=\"[2001:db8::9]:80\""], "203.0.113.5"),
        (["Forwarded: for=198.51.100.1", "Forwarded: for=203.0.113.5", "Forwarded: for=10.0.0.3"], "203.0.113.5"),
        (["Forwarded: for=203.0.113.5, for=_hidden, for=10.0.0.3"], "10.0.0.3"),
        (["Forwarded: for=\"", "Forwarded: for=203.0.113.5"], "203.0.113.5"),
        (["X-Forwarded-For: 203.0.113.5"], "10.0.0.1"),
    ]) func `Forwarded of a trusted proxy names the client`(lines: [String], expected: String) throws {
        #expect(try seen(.forwarded, lines) == [expected])
    }

    @Test func `nobody else is believed, and nobody by default`() throws {
        let lines = ["X-Forwarded-For: 203.0.113.5", "Forwarded: for=203.0.113.5"]
        #expect(try seen(.xForwardedFor, lines, from: 0xC633_6401) == ["198.51.100.1"])
        #expect(try seen(.forwarded, lines, from: 0xC633_6401) == ["198.51.100.1"])
        #expect(try seen(.peer, lines) == ["10.0.0.1"])
    }

    @Test func `a list longer than 32 proxies is read no further`() throws {
        let hops = (1...40).map { "10.0.1.\($0)" }.joined(separator: ", ")
        #expect(try seen(.xForwardedFor, ["X-Forwarded-For: 203.0.113.5, \(hops)"]) == ["10.0.1.9"])
    }

    @Test func `each request on a proxy's connection has its own client, whose allow-list counts`() throws {
        let bench = Bench(
            world.rules,
            trust: ProxyTrust(proxies: [AddressRange(base: Address(ipv4: 0xCB00_7100), prefixLength: 120)], source: .xForwardedFor))
        let client = try #require(bench.connect(from: Address(ipv4: 0xCB00_7101), spelt: "203.0.113.1"))
        let key = world.key(.walled)
        for (line, status) in [("10.1.2.3", 200), ("192.0.2.9", 403), ("10.1.2.4", 200)] {
            client.send(request("GET", Routes.pin, key: key, fields: ["X-Forwarded-For: \(line)"]))
            if status == 200 {
                #expect(try bench.store().message()["x-forwarded-for"] == line)
                try bench.store().send(answer())
            }
            #expect(try client.message().status == status)
        }
        client.send(request("GET", Routes.pin, key: key))
        #expect(try client.message().status == 403)
        client.breakOff()
        #expect(bench.exchange.proxies.isEmpty)
    }
}
