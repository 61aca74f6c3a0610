import Registry
import Testing
import Transport

@Suite struct SocketAddressTests {
    @Test(arguments: [
        ("127.0.0.1:8080", "127.0.0.1", 8_080), ("[::1]:65535", "0:0:0:0:0:0:0:1", 65_535), ("10.1.2.3:1", "10.1.2.3", 1),
        ("[2001:db8::a]:80", "2001:db8:0:0:0:0:0:a", 80),
    ])
    func `an address with its port is read`(text: String, host: String, port: Int) throws {
        let address = try SocketAddress.resolve(text)
        #expect(String(decoding: address.hostText, as: UTF8.self) == host && Int(address.port) == port)
    }

    @Test func `an IPv4 address has one form wherever it comes from`() throws {
        #expect(try SocketAddress.resolve("192.0.2.1:80").address == Address(ipv4: 0xC000_0201))
    }

    @Test(arguments: ["", "localhost", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:x", ":::", "no such host:80"])
    func `what is no address is refused in words`(text: String) throws {
        let fault = try #require(throws: SystemFault.self) { try SocketAddress.resolve(text) }
        #expect(!fault.description.isEmpty)
    }
}
