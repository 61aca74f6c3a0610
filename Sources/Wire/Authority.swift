/// `host[:port]` (RFC 3986 §3.2 without user information), in a Host field or an absolute target.
enum Authority {
    /// A name, an IPv4 address or a bracketed IPv6 address, then perhaps a port from 1 to 65535.
    static func check(_ bytes: Span<UInt8>, _ authority: Slice) throws(Halt) {
        guard !authority.isEmpty, authority.count <= Limits.authorityBytes else { throw .malformed("host") }
        let end = Int(authority.end)
        var index = Int(authority.start)
        if bytes[index] == Byte.openBracket {
            index = try endOfAddress(bytes, from: index + 1, to: end)
        } else {
            while index < end, Byte.kind(bytes[index]) & Byte.host != 0 { index &+= 1 }
            guard index > Int(authority.start) else { throw .malformed("host") }
        }
        guard index < end else { return }
        guard bytes[index] == Byte.colon else { throw .malformed("host") }
        try checkPort(bytes, from: index + 1, to: end)
    }

    /// The offset behind the closing bracket of an IPv6 address; one with a zone or of a future version is refused.
    private static func endOfAddress(_ bytes: Span<UInt8>, from start: Int, to end: Int) throws(Halt) -> Int {
        var index = start
        var colons = 0
        while index < end, bytes[index] != Byte.closeBracket {
            let byte = bytes[index]
            guard byte == Byte.colon || byte == Byte.dot || Byte.kind(byte) & Byte.hexadecimal != 0 else { throw .malformed("address") }
            if byte == Byte.colon { colons += 1 }
            index += 1
        }
        // The longest is eight groups of four with a dotted end: 45 bytes, 7 colons.
        guard index < end, (2...7).contains(colons), index - start <= 45 else { throw .malformed("address") }
        return index + 1
    }

    private static func checkPort(_ bytes: Span<UInt8>, from start: Int, to end: Int) throws(Halt) {
        guard (1...5).contains(end - start) else { throw .malformed("port") }
        var port = 0
        for index in start..<end {
            let byte = bytes[index]
            guard byte >= Byte.zero, byte <= Byte.nine else { throw .malformed("port") }
            port = port * 10 + Int(byte - Byte.zero)
        }
        guard (1...65_535).contains(port) else { throw .malformed("port") }
    }
}
