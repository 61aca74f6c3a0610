package import Registry

/// CIDR blocks as text, both ways.
package enum AddressText {
    /// The block of `203.0.113.0/24`, `2001:db8::/32`, or of a single address; nil if out of form or with bits set beyond the prefix.
    package static func range(_ text: String) -> AddressRange? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = address(String(parts[0])) else { return nil }
        let widest = address.ipv4 != nil && !parts[0].contains(":") ? 32 : 128
        var prefix = widest
        if parts.count == 2 {
            guard (1...3).contains(parts[1].count), parts[1].allSatisfy({ ("0"..."9").contains($0) }) else { return nil }
            guard parts[1] == "0" || parts[1].first != "0", let bits = Int(parts[1]), bits <= widest else { return nil }
            prefix = bits
        }
        let range = AddressRange(base: address, prefixLength: widest == 32 ? 96 + prefix : prefix)
        return range.base == address ? range : nil
    }

    /// The spelling of a block; an IPv6 one without `::`.
    package static func text(_ range: AddressRange) -> String {
        if let ipv4 = range.base.ipv4, range.prefixLength >= 96 {
            let bytes = [24, 16, 8, 0].map { String((ipv4 >> UInt32($0)) & 0xFF) }
            return bytes.joined(separator: ".") + "/\(range.prefixLength - 96)"
        }
        let groups = [range.base.high, range.base.low].flatMap { half in
            [48, 32, 16, 0].map { String((half >> UInt64($0)) & 0xFFFF, radix: 16) }
        }
        return groups.joined(separator: ":") + "/\(range.prefixLength)"
    }

    /// The address of `192.0.2.1` or `2001:db8::1` (RFC 4291 §2.2, forms 1 and 2), or nil.
    package static func address(_ text: String) -> Address? {
        text.contains(":") ? ipv6(text) : ipv4(text).map(Address.init(ipv4:))
    }

    /// Whether only this machine can reach an address (127.0.0.0/8, ::1).
    package static func isLoopback(_ text: String) -> Bool {
        guard let address = address(text) else { return false }
        return address.ipv4.map { $0 >> 24 == 127 } ?? (address.high == 0 && address.low == 1)
    }

    private static func ipv4(_ text: String) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.count), part.allSatisfy({ ("0"..."9").contains($0) }) else { return nil }
            guard part == "0" || part.first != "0", let byte = UInt8(part) else { return nil }
            value = value << 8 | UInt32(byte)
        }
        return value
    }

    private static func ipv6(_ text: String) -> Address? {
        func groups(_ part: Substring) -> [UInt64]? {
            guard !part.isEmpty else { return [] }
            var values: [UInt64] = []
            for group in part.split(separator: ":", omittingEmptySubsequences: false) {
                guard (1...4).contains(group.count), group.allSatisfy(\.isHexDigit), let value = UInt64(group, radix: 16) else {
                    return nil
                }
                values.append(value)
            }
            return values
        }
        let all: [UInt64]
        if let gap = text.firstRange(of: "::") {
            guard let head = groups(text[..<gap.lowerBound]), let tail = groups(text[gap.upperBound...]) else { return nil }
            guard head.count + tail.count <= 7 else { return nil }
            all = head + [UInt64](repeating: 0, count: 8 - head.count - tail.count) + tail
        } else {
            guard let plain = groups(text[...]), plain.count == 8 else { return nil }
            all = plain
        }
        return Address(high: all[0..<4].reduce(0) { $0 << 16 | $1 }, low: all[4..<8].reduce(0) { $0 << 16 | $1 })
    }
}
