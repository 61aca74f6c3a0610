import NIOCore

/// Writes one JSON text straight into the buffer that is sent: a large district's calendar is 200 KB, and a general encoder
/// would box every field of it.
struct JSONText {
    private(set) var buffer: ByteBuffer
    private var needsComma = false

    init(capacity: Int = 512) { buffer = ByteBufferAllocator().buffer(capacity: capacity) }

    /// A text that is one object.
    static func object(capacity: Int = 512, _ fields: (inout JSONText) throws -> Void) rethrows -> ByteBuffer {
        var text = JSONText(capacity: capacity)
        try text.object(fields)
        return text.buffer
    }

    mutating func object(_ fields: (inout JSONText) throws -> Void) rethrows {
        try nest("{", "}", fields)
    }

    mutating func array(_ name: String, _ elements: (inout JSONText) throws -> Void) rethrows {
        key(name)
        needsComma = false
        try nest("[", "]", elements)
    }

    mutating func object(_ name: String, _ fields: (inout JSONText) throws -> Void) rethrows {
        key(name)
        needsComma = false
        try nest("{", "}", fields)
    }

    mutating func field(_ name: String, _ value: Int) {
        key(name)
        buffer.writeString(String(value))
    }

    /// Swift writes the shortest decimal that reads back as the same number, and never NaN here: columns are checked.
    mutating func field(_ name: String, _ value: Double) {
        key(name)
        buffer.writeString(value.description)
    }

    mutating func field(_ name: String, _ value: String) {
        key(name)
        quoted(value)
    }

    /// A field whose value is already JSON, as the database keeps it.
    mutating func field(_ name: String, json: String) {
        key(name)
        buffer.writeString(json)
    }

    private mutating func nest(_ open: String, _ close: String, _ content: (inout JSONText) throws -> Void) rethrows {
        comma()
        buffer.writeString(open)
        needsComma = false
        try content(&self)
        buffer.writeString(close)
        needsComma = true
    }

    private mutating func comma() {
        if needsComma { buffer.writeInteger(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func key(_ name: String) {
        comma()
        buffer.writeInteger(UInt8(ascii: "\""))
        buffer.writeString(name)
        buffer.writeString("\":")
    }

    /// RFC 8259 §7: the quote, the backslash and control characters are escaped, all else is UTF-8 as it is.
    private mutating func quoted(_ text: String) {
        let quote = UInt8(ascii: "\"")
        let backslash = UInt8(ascii: "\\")
        buffer.writeInteger(quote)
        if text.utf8.contains(where: { $0 < 0x20 || $0 == quote || $0 == backslash }) {
            for byte in text.utf8 {
                switch byte {
                case quote, backslash: buffer.writeBytes([backslash, byte])
                case ..<0x20: buffer.writeString("\\u00\(byte < 0x10 ? "0" : "")\(String(byte, radix: 16))")
                default: buffer.writeInteger(byte)
                }
            }
        } else {
            buffer.writeString(text)
        }
        buffer.writeInteger(quote)
    }
}
