import Registry
import Support
import Testing

@testable import Wire

@Suite struct ProxyHeaderTests {
    private static let signature: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A, 0, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A]
    private static let ipv4: [UInt8] = [192, 0, 2, 1, 198, 51, 100, 1, 0x30, 0x39, 0, 80]
    private static let ipv6: [UInt8] =
        [0x20, 1, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [7] + [UInt8](repeating: 9, count: 16) + [0, 1, 0, 2]

    private static func header(_ command: UInt8, _ family: UInt8, _ addresses: [UInt8], length: Int? = nil) -> [UInt8] {
        let length = length ?? addresses.count
        return signature + [command, family, UInt8(length >> 8), UInt8(length & 255)] + addresses
    }

    private static let rows: [(name: String, bytes: [UInt8], expected: ProxyHeader)] = [
        ("TCP over IPv4", header(0x21, 0x11, ipv4), .client(Address(ipv4: 0xC000_0201), byteCount: 28)),
        ("TCP over IPv6", header(0x21, 0x21, ipv6), .client(Address(high: 0x2001_0DB8_0000_0000, low: 7), byteCount: 52)),
        (
            "with more behind the addresses", header(0x21, 0x11, ipv4 + [3, 0, 4, 1, 2, 3, 4]),
            .client(Address(ipv4: 0xC000_0201), byteCount: 35)
        ),
        (
            "an IPv4 address mapped",
            header(0x21, 0x21, [UInt8](repeating: 0, count: 10) + [255, 255, 10, 0, 0, 1] + [UInt8](repeating: 0, count: 20)),
            .client(Address(ipv4: 0x0A00_0001), byteCount: 52)
        ),
        ("LOCAL", header(0x20, 0x00, []), .own(byteCount: 16)),
        ("LOCAL with addresses", header(0x20, 0x11, ipv4), .own(byteCount: 28)),
        ("LOCAL with nonsense", header(0x20, 0xFF, [1]), .own(byteCount: 17)),
        ("no family", header(0x21, 0x00, []), .own(byteCount: 16)),
        ("no family with more", header(0x21, 0x00, [1, 2, 3]), .own(byteCount: 19)),
        ("a UNIX socket", header(0x21, 0x31, [UInt8](repeating: 1, count: 216)), .own(byteCount: 232)),
        ("the longest", header(0x21, 0x11, ipv4 + [UInt8](repeating: 0, count: 508)), .client(Address(ipv4: 0xC000_0201), byteCount: 536)),
        ("too long", header(0x21, 0x11, ipv4, length: 521), .refused),
        ("too short for IPv4", header(0x21, 0x11, Array(ipv4.dropLast())), .refused),
        ("too short for IPv6", header(0x21, 0x21, Array(ipv6.dropLast())), .refused),
        ("too short for UNIX", header(0x21, 0x31, [1]), .refused),
        ("UDP", header(0x21, 0x12, ipv4), .refused),
        ("UDP over IPv6", header(0x21, 0x22, ipv6), .refused),
        ("an unknown family", header(0x21, 0x41, ipv6), .refused),
        ("version 1 in its first byte", header(0x11, 0x11, ipv4), .refused),
        ("an unknown command", header(0x22, 0x11, ipv4), .refused),
        ("version 1, text", Array("PROXY TCP4 192.0.2.1 198.51.100.1 12345 80\r\n".utf8), .refused),
        ("a request", Array("GET / HTTP/1.1\r\n".utf8), .refused),
        ("a TLS hello", [0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3, 0, 0, 0, 0, 0, 0], .refused),
        ("empty lines", Array("\r\n\r\n\r\n\r\n".utf8), .refused),
    ]

    private func verdict(on bytes: [UInt8]) -> ProxyHeader { ProxyHeader.read(bytes.span) }

    @Test(arguments: rows.map(\.name)) func `a header is read whole, in pieces and with anything behind it, to one verdict`(name: String)
        throws
    {
        let row = try #require(ProxyHeaderTests.rows.first { $0.name == name })
        var length: Int?
        for count in 0...row.bytes.count {
            let verdict = verdict(on: Array(row.bytes.prefix(count)))
            guard verdict == row.expected else {
                #expect(verdict == .incomplete && length == nil, "after \(count) bytes")
                continue
            }
            length = length ?? count
        }
        #expect(length != nil)
        if case .client(_, let byteCount) = row.expected { #expect(length == byteCount) }
        if case .own(let byteCount) = row.expected { #expect(length == byteCount) }
        #expect(verdict(on: row.bytes + Array("GET / HTTP/1.1\r\n\r\n".utf8)) == row.expected)
    }

    @Test func `whatever the bytes, a header never takes more than there are`() {
        var generator = SplitMix64(seed: 27)
        for _ in 0..<Soak.count(100_000) {
            var bytes = ProxyHeaderTests.rows[Int.random(in: 0..<12, using: &generator)].bytes
            for _ in 0..<Int.random(in: 0...3, using: &generator) {
                let place = Int.random(in: 12..<min(bytes.count, 20), using: &generator)
                bytes[place] = UInt8.random(in: 0...255, using: &generator)
            }
            let cut = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &generator)))
            switch verdict(on: cut) {
            case .incomplete: #expect(cut.count < 536)
            case .refused: #expect(verdict(on: bytes) == .refused)
            case .own(let count), .client(_, let count): #expect((16...cut.count).contains(count))
            }
        }
    }
}
