/// Addresses as text, both ways. Reading is strict: what two readers could take for two addresses is none (RFC 4291 §2.2, no zones).
extension Address {
    /// The longest spelling: eight groups of which the last two are an IPv4 address.
    private static let longestText = 45

    /// The address of `192.0.2.1`, `2001:db8::1` or `::ffff:192.0.2.1`; nil if out of form.
    package init?(reading text: Span<UInt8>) {
        guard text.count <= Address.longestText else { return nil }
        for index in 0..<text.count where text[index] == 0x3A {
            guard let address = Address.readGroups(text) else { return nil }
            self = address
            return
        }
        guard let ipv4 = Address.readIPv4(text) else { return nil }
        self.init(ipv4: ipv4)
    }

    /// The spelling that X-Forwarded-For carries: an IPv6 address has all its eight groups.
    package var text: [UInt8] {
        if let ipv4 { return Array("\(ipv4 >> 24).\(ipv4 >> 16 & 255).\(ipv4 >> 8 & 255).\(ipv4 & 255)".utf8) }
        let groups = [high, low].flatMap { half in stride(from: 48, through: 0, by: -16).map { half >> UInt64($0) & 0xFFFF } }
        return Array(groups.map { String($0, radix: 16) }.joined(separator: ":").utf8)
    }

    /// Four numbers of at most 255, without leading zeros: some read those as octal.
    private static func readIPv4(_ text: Span<UInt8>) -> UInt32? {
        var (value, part): (UInt32, UInt32) = (0, 0)
        var (digits, parts) = (0, 0)
        for index in 0...text.count {
            if index == text.count || text[index] == 0x2E {
                guard digits > 0, parts < 4 else { return nil }
                value = value << 8 | part
                parts += 1
                (part, digits) = (0, 0)
                continue
            }
            let digit = UInt32(text[index] &- 0x30)
            guard digit <= 9, digits < 3, digits == 0 || part > 0 else { return nil }
            part = part * 10 + digit
            digits += 1
            guard part <= 255 else { return nil }
        }
        return parts == 4 ? value : nil
    }

    private static func readGroups(_ text: Span<UInt8>) -> Address? {
        var groups: InlineArray<8, UInt64> = InlineArray(repeating: 0)
        var (count, gap, index) = (0, -1, 0)
        if text.count >= 2, text[0] == 0x3A, text[1] == 0x3A { (gap, index) = (0, 2) }
        while index < text.count {
            let start = index
            var value: UInt64 = 0
            while index < text.count, index - start < 4, let digit = hexDigit(text[index]) {
                value = value << 4 | digit
                index += 1
            }
            if index < text.count, text[index] == 0x2E {
                guard count <= 6, let ipv4 = readIPv4(text.extracting(start...)) else { return nil }
                groups[count] = UInt64(ipv4 >> 16)
                groups[count + 1] = UInt64(ipv4 & 0xFFFF)
                count += 2
                break
            }
            guard index > start, count < 8 else { return nil }
            groups[count] = value
            count += 1
            guard index < text.count else { break }
            guard text[index] == 0x3A, index + 1 < text.count else { return nil }
            index += 1
            if text[index] == 0x3A {
                guard gap < 0 else { return nil }
                gap = count
                index += 1
            }
        }
        return joined(groups, count: count, gap: gap)
    }

    /// The groups with those that `::` stands for, at least one (RFC 5952 §4.2.2 warns of none).
    private static func joined(_ groups: InlineArray<8, UInt64>, count: Int, gap: Int) -> Address? {
        guard gap < 0 ? count == 8 : count <= 7 else { return nil }
        var (high, low): (UInt64, UInt64) = (0, 0)
        for place in 0..<8 {
            let missing = 8 - count
            let group = gap < 0 || place < gap ? groups[place] : place < gap + missing ? 0 : groups[place - missing]
            if place < 4 { high = high << 16 | group } else { low = low << 16 | group }
        }
        return Address(high: high, low: low)
    }

    private static func hexDigit(_ byte: UInt8) -> UInt64? {
        switch byte {
        case 0x30...0x39: UInt64(byte - 0x30)
        case 0x41...0x46: UInt64(byte - 0x37)
        case 0x61...0x66: UInt64(byte - 0x57)
        default: nil
        }
    }
}

extension AddressRange {
    /// The block of `203.0.113.0/24`, `2001:db8::/32`, or of a single address; nil if out of form or with bits set beyond the prefix.
    package init?(reading text: Span<UInt8>) {
        var slash = text.count
        for index in 0..<text.count where text[index] == 0x2F && slash == text.count { slash = index }
        guard let address = Address(reading: text.extracting(..<slash)) else { return nil }
        var isIPv4 = true
        for index in 0..<slash where text[index] == 0x3A { isIPv4 = false }
        let widest = isIPv4 ? 32 : 128
        var bits = widest
        if slash < text.count {
            let digits = text.extracting((slash + 1)...)
            guard (1...3).contains(digits.count), digits.count == 1 || digits[0] != 0x30 else { return nil }
            bits = 0
            for index in 0..<digits.count {
                guard (0x30...0x39).contains(digits[index]) else { return nil }
                bits = bits * 10 + Int(digits[index] - 0x30)
            }
            guard bits <= widest else { return nil }
        }
        let range = AddressRange(base: address, prefixLength: isIPv4 ? 96 + bits : bits)
        guard range.base == address else { return nil }
        self = range
    }
}
