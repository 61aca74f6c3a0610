package import Registry

/// The PROXY protocol's header, version 2, as a load balancer puts it before a connection's first byte. Version 1, which is text, is refused:
/// its end has to be searched for, and every balancer that writes it can write this one.
package enum ProxyHeader: Equatable, Sendable {
    /// Good so far.
    case incomplete
    /// Not such a header, or not one for a TCP connection.
    case refused
    /// So many bytes that name nobody: the balancer itself speaks (LOCAL), or its client has no IP address. The peer's own address counts.
    case own(byteCount: Int)
    /// So many bytes that name the client.
    case client(Address, byteCount: Int)

    /// Bytes before the addresses.
    package static let fixedBytes = 16
    /// `\r\n\r\n\0\r\nQUIT\n`: no line of HTTP, and no TLS record, begins like this.
    private static let signature: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A]

    /// Reads the header at the front of the bytes. What is refused stays refused, and what is read stays so, whatever follows.
    package static func read(_ bytes: Span<UInt8>) -> ProxyHeader {
        for index in 0..<min(bytes.count, signature.count) where bytes[index] != signature[index] { return .refused }
        guard bytes.count > 12 else { return .incomplete }
        guard bytes[12] == 0x20 || bytes[12] == 0x21 else { return .refused }
        guard bytes.count >= fixedBytes else { return .incomplete }
        let addressBytes = Int(bytes[14]) << 8 | Int(bytes[15])
        let byteCount = fixedBytes + addressBytes
        guard byteCount <= Limits.proxyHeaderBytes else { return .refused }
        // The balancer's own connection, such as its health check: what it says of addresses is to be ignored.
        let isLocal = bytes[12] == 0x20
        guard isLocal || addressBytes >= leastAddressBytes(family: bytes[13]) else { return .refused }
        guard bytes.count >= byteCount else { return .incomplete }
        guard !isLocal else { return .own(byteCount: byteCount) }
        switch bytes[13] {
        case 0x11: return .client(Address(ipv4: UInt32(truncatingIfNeeded: word(bytes, at: 16, count: 4))), byteCount: byteCount)
        case 0x21:
            return .client(Address(high: word(bytes, at: 16, count: 8), low: word(bytes, at: 24, count: 8)), byteCount: byteCount)
        default: return .own(byteCount: byteCount)
        }
    }

    /// What a family's two addresses take; more than any length where the family is none that a TCP connection can have.
    private static func leastAddressBytes(family: UInt8) -> Int {
        switch family {
        case 0x00: 0
        case 0x11: 12
        case 0x21: 36
        case 0x31: 216
        default: .max
        }
    }

    private static func word(_ bytes: Span<UInt8>, at start: Int, count: Int) -> UInt64 {
        var word: UInt64 = 0
        for index in start..<start + count { word = word << 8 | UInt64(bytes[index]) }
        return word
    }
}
