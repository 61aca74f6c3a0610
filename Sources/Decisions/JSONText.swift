/// JSON written from its beginning to its end (RFC 8259): no blanks, members in the order they are given, texts escaped.
package struct JSONText {
    /// What is written so far, in UTF-8.
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false

    /// Nothing written.
    package init() {}

    /// An object: its members are written in the body.
    package mutating func object(_ members: (inout JSONText) -> Void) {
        open("{")
        members(&self)
        close("}")
    }

    /// A list of values that are JSON already.
    package mutating func list(_ values: [[UInt8]]) {
        open("[")
        for value in values {
            separate()
            bytes += value
        }
        close("]")
    }

    /// A member that is an object, or null where there is nothing to say.
    package mutating func member(_ name: String, isPresent: Bool = true, object members: (inout JSONText) -> Void) {
        begin(name)
        if isPresent { object(members) } else { literal("null") }
    }

    /// A member that is a list of values that are JSON already.
    package mutating func member(_ name: String, list values: [[UInt8]]) {
        begin(name)
        list(values)
    }

    /// A text, or null.
    package mutating func member(_ name: String, _ value: String?) {
        begin(name)
        if let value { text(value) } else { literal("null") }
        needsComma = true
    }

    /// A list of texts.
    package mutating func member(_ name: String, texts: [String]) {
        begin(name)
        open("[")
        for value in texts {
            separate()
            text(value)
        }
        close("]")
    }

    /// A whole number, or null.
    package mutating func member(_ name: String, _ value: Int64?) {
        begin(name)
        literal(value.map { String($0) } ?? "null")
    }

    /// True or false.
    package mutating func member(_ name: String, _ value: Bool) {
        begin(name)
        literal(value ? "true" : "false")
    }

    private mutating func begin(_ name: String) {
        separate()
        text(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func open(_ bracket: Unicode.Scalar) {
        bytes.append(UInt8(ascii: bracket))
        needsComma = false
    }

    private mutating func close(_ bracket: Unicode.Scalar) {
        bytes.append(UInt8(ascii: bracket))
        needsComma = true
    }

    private mutating func literal(_ word: String) {
        bytes += word.utf8
        needsComma = true
    }

    /// Quotes, backslashes and control characters are escaped (§7); all else is UTF-8 as it is.
    private mutating func text(_ value: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0..<0x20:
                bytes += "\\u00".utf8
                bytes += [byte >> 4, byte & 15].map { $0 < 10 ? 0x30 + $0 : 0x57 + $0 }
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
