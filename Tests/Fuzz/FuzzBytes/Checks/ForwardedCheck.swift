import Registry
import Wire

/// What must hold for any bytes of an `X-Forwarded-For` or `Forwarded` field.
enum ForwardedCheck {
    /// The entries from the right are what a reading from the left finds where nothing is quoted, and whatever stands left of an entry that a
    /// proxy of ours added, that entry is read as it was written.
    static func fields(_ bytes: Span<UInt8>) {
        let bytes = bytes.array
        for form in [ForwardedEntries.Form.xForwardedFor, .forwarded] {
            let entries = entries(bytes, form)
            hold(entries.count <= bytes.count + 1, "an entry is at least a byte")
            checkAdded(behind: bytes, entries, form)
        }
        if !bytes.contains(UInt8(ascii: "\"")) {
            let elements = bytes.split(separator: UInt8(ascii: ",")).map(trimmed).filter { !$0.isEmpty }
            let expected = elements.reversed().map { element in address(element).map { ForwardedEntries.Entry.address($0) } ?? .unusable }
            hold(entries(bytes, .xForwardedFor) == expected, "another reading of X-Forwarded-For")
        }
    }

    private static func checkAdded(behind bytes: [UInt8], _ entries: [ForwardedEntries.Entry], _ form: ForwardedEntries.Form) {
        let client = Address(high: 0x2001_0DB8_0000_0000, low: UInt64(bytes.count) + 1)
        let added = String(decoding: client.text, as: UTF8.self)
        let text = form == .xForwardedFor ? ", \(added)" : ", for=\"[\(added)]:80\";proto=https"
        let longer = self.entries(bytes + Array(text.utf8), form)
        hold(longer.first == .address(client), "whatever a client wrote, what a proxy added behind it is read")
        let hasQuote = bytes.contains(UInt8(ascii: "\""))
        hold(hasQuote || Array(longer.dropFirst()) == entries, "what a proxy adds changes nothing of the rest")
    }

    private static func entries(_ bytes: [UInt8], _ form: ForwardedEntries.Form) -> [ForwardedEntries.Entry] {
        var entries = ForwardedEntries(form, in: Slice(start: 0, end: Int32(bytes.count)))
        var found: [ForwardedEntries.Entry] = []
        while true {
            let entry = entries.next(bytes.span)
            if entry == .end { return found }
            found.append(entry)
        }
    }

    private static func trimmed(_ element: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var element = element
        while let last = element.last, last == 0x20 || last == 0x09 { element.removeLast() }
        return element.drop { $0 == 0x20 || $0 == 0x09 }
    }

    /// `address`, `[address]`, and both with a port behind.
    private static func address(_ element: ArraySlice<UInt8>) -> Address? {
        if element.first == UInt8(ascii: "[") {
            guard let close = element.firstIndex(of: UInt8(ascii: "]")), isPort(element[(close + 1)...]) else { return nil }
            let inner = Array(element[(element.startIndex + 1)..<close])
            return inner.contains(UInt8(ascii: ":")) ? AddressCheck.independent(inner) : nil
        }
        if let address = AddressCheck.independent(Array(element)) { return address }
        guard let colon = element.firstIndex(of: UInt8(ascii: ":")), isPort(element[colon...]) else { return nil }
        return AddressCheck.independent(Array(element[..<colon]))
    }

    private static func isPort(_ text: ArraySlice<UInt8>) -> Bool {
        guard let colon = text.first else { return true }
        let port = text.dropFirst()
        guard colon == UInt8(ascii: ":"), !port.isEmpty else { return false }
        let isDigits = port.allSatisfy { (0x30...0x39).contains($0) }
        if port.first == UInt8(ascii: "_") {
            return port.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"\"(),/:;<=>?@[\\]{}".utf8.contains($0) }
        }
        return isDigits && port.count <= 5
    }
}
