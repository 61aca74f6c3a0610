package import Registry

/// The entries of an `X-Forwarded-For` or `Forwarded` (RFC 7239) field, from the right: each proxy adds its client at the end, so that all
/// that is left of an entry may be anyone's invention. The line is cut from the right too: a quote left open further left changes nothing.
package struct ForwardedEntries: Sendable {
    /// Which field it is.
    package enum Form: Sendable {
        /// Addresses with commas between.
        case xForwardedFor
        /// Elements of pairs, of which `for` names the client.
        case forwarded
    }

    /// One entry.
    package enum Entry: Equatable, Sendable {
        /// There is none left.
        case end
        /// It names nobody: unknown, hidden, or out of form.
        case unusable
        /// The client it names.
        case address(Address)
    }

    private let form: Form
    private let start: Int
    private var end: Int

    /// The entries of this field's value.
    package init(_ form: Form, in value: Slice) {
        self.form = form
        start = Int(value.start)
        end = Int(value.end)
    }

    /// The next entry to the left; empty ones are passed over (RFC 9110 §5.6.1).
    package mutating func next(_ bytes: Span<UInt8>) -> Entry {
        while end > start {
            let element = takeLast(bytes)
            guard !element.isEmpty else { continue }
            switch form {
            case .xForwardedFor: return ForwardedEntries.entry(bytes.extracting(element.range))
            case .forwarded:
                guard let node = ForwardedEntries.node(of: element, bytes) else { return .unusable }
                return ForwardedEntries.entry(bytes.extracting(node.range))
            }
        }
        return .end
    }

    /// Takes what is right of the last comma that no quotes enclose.
    private mutating func takeLast(_ bytes: Span<UInt8>) -> Slice {
        var index = end
        var isQuoted = false
        while index > start {
            let byte = bytes[index - 1]
            if byte == 0x22, form == .forwarded, !(isQuoted && isEscaped(index - 1, bytes)) { isQuoted.toggle() }
            if byte == Byte.comma, !isQuoted { break }
            index -= 1
        }
        var (first, last) = (index, end)
        while first < last, Byte.isBlank(bytes[first]) { first += 1 }
        while last > first, Byte.isBlank(bytes[last - 1]) { last -= 1 }
        end = index > start ? index - 1 : start
        return Slice(first, last)
    }

    /// Whether an odd number of backslashes stands before the byte.
    private func isEscaped(_ index: Int, _ bytes: Span<UInt8>) -> Bool {
        var first = index
        while first > start, bytes[first - 1] == 0x5C { first -= 1 }
        return (index - first) % 2 == 1
    }

    /// The value of an element's one `for`, without its quotes; nil where there is none, two, or an element out of form.
    private static func node(of element: Slice, _ bytes: Span<UInt8>) -> Slice? {
        var index = Int(element.start)
        let end = Int(element.end)
        var node: Slice?
        while true {
            while index < end, bytes[index] == 0x3B || Byte.isBlank(bytes[index]) { index += 1 }
            guard index < end else { return node }
            let name = index
            while index < end, Byte.kind(bytes[index]) & Byte.token != 0 { index += 1 }
            guard index > name, index < end, bytes[index] == 0x3D else { return nil }
            let isNode = Slice(name, index).isToken(bytes, 0x72_6F66)
            guard let value = takeValue(&index, end, bytes) else { return nil }
            while index < end, Byte.isBlank(bytes[index]) { index += 1 }
            guard index == end || bytes[index] == 0x3B, !(isNode && node != nil) else { return nil }
            if isNode { node = value }
        }
    }

    /// The value behind the `=` at `index`, which moves behind it.
    private static func takeValue(_ index: inout Int, _ end: Int, _ bytes: Span<UInt8>) -> Slice? {
        index += 1
        guard index < end, bytes[index] == 0x22 else {
            let first = index
            while index < end, bytes[index] != 0x3B, !Byte.isBlank(bytes[index]), bytes[index] != 0x22 { index += 1 }
            return index > first ? Slice(first, index) : nil
        }
        let first = index + 1
        index = first
        while index < end, bytes[index] != 0x22 { index += bytes[index] == 0x5C ? 2 : 1 }
        guard index < end else { return nil }
        index += 1
        return Slice(first, index - 1)
    }

    /// An address alone, or with a port: `192.0.2.1:80`, `[2001:db8::1]`, `[2001:db8::1]:80`.
    private static func entry(_ text: Span<UInt8>) -> Entry {
        if text.count > 0, text[0] == 0x5B {
            var close = 1
            while close < text.count, text[close] != 0x5D { close += 1 }
            guard close < text.count, isPort(text.extracting((close + 1)...)) else { return .unusable }
            let inner = text.extracting(1..<close)
            guard let address = Address(reading: inner), holdsColon(inner) else { return .unusable }
            return .address(address)
        }
        if let address = Address(reading: text) { return .address(address) }
        var colon = 0
        while colon < text.count, text[colon] != 0x3A { colon += 1 }
        guard colon < text.count, isPort(text.extracting(colon...)), let address = Address(reading: text.extracting(..<colon)) else {
            return .unusable
        }
        return .address(address)
    }

    private static func holdsColon(_ text: Span<UInt8>) -> Bool {
        for index in 0..<text.count where text[index] == 0x3A { return true }
        return false
    }

    /// Nothing, or a colon and a port: a number, or a hidden one (RFC 7239 §6).
    private static func isPort(_ text: Span<UInt8>) -> Bool {
        guard text.count > 0 else { return true }
        guard text[0] == 0x3A, text.count > 1 else { return false }
        let isHidden = text[1] == 0x5F
        guard isHidden || text.count <= 6 else { return false }
        for index in 1..<text.count {
            let isDigit = (0x30...0x39).contains(text[index])
            guard isDigit || isHidden && Byte.kind(text[index]) & Byte.token != 0 else { return false }
        }
        return true
    }
}
