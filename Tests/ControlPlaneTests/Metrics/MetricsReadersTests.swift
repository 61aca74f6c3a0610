import HTTPTypes
import Registry
import Testing

@testable import ControlPlane

/// Who may read the control plane's numbers.
struct MetricsReadersTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func ask(
        from address: String, _ readers: MetricsReaders = MetricsReaders(), forwarded: String? = nil, method: HTTPRequest.Method = .get
    ) async throws -> PlaneAnswer {
        var fields: HTTPFields = [:]
        if let forwarded { fields[try #require(HTTPField.Name("X-Forwarded-For"))] = forwarded }
        return try await AskedPlane(scratch.registry(), readBy: readers).ask(method, "/metrics", fields, from: address)
    }

    private func range(_ text: String) throws -> AddressRange { try #require(AddressText.range(text)) }

    @Test(arguments: [("127.0.0.1", 200), ("127.8.0.1", 200), ("::1", 200), ("192.0.2.1", 403), ("2001:db8::1", 403), ("10.0.0.1", 403)])
    func `only this machine reads them unless others are named`(address: String, status: Int) async throws {
        let answer = try await ask(from: address)
        #expect(answer.status == status && answer.text.contains("gateway_registry_revision") == (status == 200))
        #expect(try await ask(from: address, method: .head).status == status)
        guard status == 403 else { return }
        #expect(answer.problem == "address-not-allowed" && answer.json["errorCode"] as? String == "GWAPP0003")
    }

    @Test(arguments: [
        ("10.0.0.9", 200), ("10.0.0.8", 403), ("192.168.3.4", 200), ("192.169.3.4", 403), ("2001:db8::77", 200), ("2001:db9::77", 403),
        ("127.0.0.1", 200), ("::ffff:10.0.0.9", 200), ("::ffff:10.0.0.8", 403), ("::ffff:127.0.0.1", 200),
    ])
    func `whoever is named reads them too, and no neighbour`(address: String, status: Int) async throws {
        let readers = try MetricsReaders(from: [range("10.0.0.9"), range("192.168.0.0/16"), range("2001:db8::/32")])
        #expect(try await ask(from: address, readers).status == status)
    }

    @Test(
        arguments: [
            // Through the proxy that is believed.
            ("192.0.2.1", "10.0.0.9", 200), ("192.0.2.1", "203.0.113.5", 403), ("192.0.2.1", "10.0.0.9, 203.0.113.5", 403),
            ("192.0.2.1", "127.0.0.1", 200), ("192.0.2.1", nil, 403),
            // Through one on this machine, which is believed too.
            ("127.0.0.1", "203.0.113.5", 403), ("127.0.0.1", "10.0.0.9", 200), ("127.0.0.1", nil, 200),
            // In words that nobody can read: the proxy's own address is not who asks.
            ("127.0.0.1", "203.0.113.5:4711", 403), ("127.0.0.1", "", 403), ("127.0.0.1", "unknown", 403), ("127.0.0.1", "127.0.0.1,", 403),
            // Past the proxy: who writes the field is not believed, not even where they could read by themselves.
            ("198.51.100.7", "127.0.0.1", 403), ("198.51.100.7", "10.0.0.9", 403), ("10.0.0.9", nil, 200), ("10.0.0.9", "127.0.0.1", 403),
        ] as [(String, String?, Int)])
    func `behind a proxy it is whom the proxy names`(peer: String, forwarded: String?, status: Int) async throws {
        let readers = try MetricsReaders(from: [range("10.0.0.9")], isBehindTLSProxy: true, trustedProxies: [range("192.0.2.1")])
        #expect(try await ask(from: peer, readers, forwarded: forwarded).status == status)
    }

    @Test(arguments: ["203.0.113.5", "unknown"])
    func `a proxy on this machine that nobody spoke of does not lend its address`(forwarded: String) async throws {
        #expect(try await ask(from: "127.0.0.1", forwarded: forwarded).status == 403)
    }
}
