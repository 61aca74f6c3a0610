/// What the fields of one head say about its body's length and the connection's life; the same rules for requests and responses.
struct FramingFields {
    private(set) var contentLength: UInt64?
    private(set) var isChunked = false
    private(set) var closes = false
    /// Connection lists something other than `close` and `keep-alive`: fields that must not be passed on.
    private(set) var namesFields = false

    @inline(__always)
    mutating func removeAll() {
        self = FramingFields()
    }

    /// Content-Length: one field, one number (RFC 9112 §6.3 allows a list of equal ones to be mended; we refuse to mend).
    mutating func readContentLength(_ bytes: Span<UInt8>, _ value: Slice) throws(Halt) {
        guard contentLength == nil else { throw .malformed("two Content-Length fields") }
        guard (1...19).contains(value.count) else { throw .malformed("Content-Length is no number") }
        var length: UInt64 = 0
        for index in value.range {
            let byte = bytes[index]
            guard byte >= Byte.zero, byte <= Byte.nine else { throw .malformed("Content-Length is no number") }
            length = length &* 10 &+ UInt64(byte &- Byte.zero)
        }
        guard length <= UInt64(Int64.max) else { throw .malformed("Content-Length over 63 bits") }
        contentLength = length
    }

    /// Transfer-Encoding: once, and `chunked` alone.
    mutating func readTransferEncoding(_ bytes: Span<UInt8>, _ value: Slice) throws(Halt) {
        guard !isChunked else { throw .malformed("two Transfer-Encoding fields") }
        guard !value.isEmpty else { throw .malformed("empty Transfer-Encoding") }
        for index in value.range where Byte.kind(bytes[index]) & Byte.token == 0 {
            throw .malformed("several transfer codings, or a parameter")
        }
        guard value.isToken(bytes, 0x64_656b_6e75_6863) else { throw .refused(.codingNotImplemented) }
        isChunked = true
    }

    /// Connection: a list of options, in one or several fields.
    mutating func readConnection(_ bytes: Span<UInt8>, _ value: Slice) throws(Halt) {
        if value.isToken(bytes, count: 10, 0x696c_612d_7065_656b, 0x6576_696c_612d_7065) { return }
        var options = ListElements(of: value)
        while let option = try options.next(bytes) {
            if option.isToken(bytes, 0x65_736f_6c63) {
                closes = true
            } else if !option.isToken(bytes, count: 10, 0x696c_612d_7065_656b, 0x6576_696c_612d_7065) {
                namesFields = true
            }
        }
    }

    /// What must hold once all fields are read: a length in two ways is how requests are smuggled, and HTTP/1.0 knows no chunks.
    @inline(__always)
    func check(minorVersion: UInt8) throws(Halt) {
        guard isChunked else { return }
        guard contentLength == nil else { throw .malformed("Content-Length with Transfer-Encoding") }
        guard minorVersion > 0 else { throw .malformed("Transfer-Encoding in HTTP/1.0") }
    }
}

extension FieldTable {
    /// Connection may not name what we judge a request by: whoever reads it behind us would miss it (RFC 9110 §7.6.1).
    @inline(never)
    func checkNamedByConnection(_ bytes: Span<UInt8>) throws(Halt) {
        for index in 0..<count where self[index].known.isJudged && isNamedByConnection(index, bytes) {
            throw .malformed("Connection names a field that is not the connection's")
        }
    }

    /// Whether an option of some Connection field is the name of the field at `index`.
    func isNamedByConnection(_ index: Int, _ bytes: Span<UInt8>) -> Bool {
        let name = self[index].name
        for position in 0..<count where self[position].known == .connection {
            var options = ListElements(of: self[position].value)
            while let option = try? options.next(bytes) {
                if option.isSameToken(bytes, as: name) { return true }
            }
        }
        return false
    }
}

extension KnownField {
    /// Whether it frames a request or says who calls.
    fileprivate var isJudged: Bool {
        switch self {
        case .host, .contentLength, .transferEncoding, .apiKey, .authorization: true
        default: false
        }
    }
}
