/// The head of a response, parsed in place like `RequestHead`; the reason phrase is checked and ignored.
package struct ResponseHead {
    /// 100 to 599, never 101.
    package private(set) var status = 0
    /// How the body ends; `none` in answer to HEAD and for 1xx, 204 and 304, whatever the fields say.
    package private(set) var framing = BodyFraming.none
    /// What Content-Length said, also where no body follows (HEAD, 304).
    package var declaredLength: UInt64? { framingFields.contentLength }
    /// 1 for HTTP/1.1, 0 for HTTP/1.0.
    package private(set) var minorVersion: UInt8 = 1
    /// Whether the connection may carry another exchange after this one.
    package private(set) var keepAlive = false
    private var fields = FieldTable()
    private var framingFields = FramingFields()

    /// A head to parse into.
    package init() {}

    /// Field lines in the head.
    package var fieldCount: Int { fields.count }

    /// The field line at `index`, in the order sent.
    package func field(_ index: Int) -> Field {
        fields[index]
    }

    /// Whether this is an interim response (1xx): the final one is still to come.
    package var isInterim: Bool { status < 200 }

    /// Whether Connection lists that field's name, so that it must not be passed on (RFC 9110 §7.6.1).
    package func isNamedByConnection(_ index: Int, _ bytes: Span<UInt8>) -> Bool {
        framingFields.namesFields && fields.isNamedByConnection(index, bytes)
    }

    /// Parses the head at the front of `bytes`, which answers a request with `method`; the verdict is as stable as a request's.
    package mutating func parse(_ bytes: Span<UInt8>, answering method: Method) -> HeadParse {
        do throws(Halt) {
            return .complete(byteCount: try read(bytes.extracting(first: Limits.headBytes), answering: method))
        } catch {
            return error.verdict(havingRead: bytes.count)
        }
    }

    private mutating func read(_ bytes: Span<UInt8>, answering method: Method) throws(Halt) -> Int {
        var index = 0
        try readStatusLine(bytes, at: &index)
        fields.removeAll()
        framingFields.removeAll()
        while let field = try fields.readLine(bytes, at: &index) {
            switch field.known {
            case .contentLength: try framingFields.readContentLength(bytes, field.value)
            case .transferEncoding: try framingFields.readTransferEncoding(bytes, field.value)
            case .connection: try framingFields.readConnection(bytes, field.value)
            default: break
            }
        }
        try framingFields.check(minorVersion: minorVersion)
        frame(answering: method)
        return index
    }

    private mutating func readStatusLine(_ bytes: Span<UInt8>, at index: inout Int) throws(Halt) {
        minorVersion = try StartLine.readVersion(bytes, at: 0, followedBy: Byte.space)
        var code = 0
        for position in 9..<12 {
            guard position < bytes.count else { throw .incomplete }
            let byte = bytes[position]
            guard byte >= Byte.zero, byte <= Byte.nine else { throw .malformed("status") }
            code = code * 10 + Int(byte - Byte.zero)
        }
        guard bytes.count > 12 else { throw .incomplete }
        // A server that has no reason phrase often leaves out the space too: harmless.
        guard bytes[12] == Byte.space || bytes[12] == Byte.carriageReturn else { throw .malformed("status") }
        guard (100...599).contains(code), code != 101 else { throw .malformed("status we never asked for") }
        status = code
        let stop = Word.endOfText(bytes, from: 12)
        guard stop < bytes.count else { throw .incomplete }
        guard bytes[stop] == Byte.carriageReturn else { throw .malformed("control byte in a reason phrase") }
        try FieldTable.expectLineFeed(bytes, at: stop &+ 1)
        index = stop &+ 2
    }

    /// RFC 9112 §6.3. Where no body may follow but the fields speak of one, the connection is not used again: the server may yet send it.
    private mutating func frame(answering method: Method) {
        let hasNoBody = status < 200 || status == 204
        keepAlive = minorVersion == 1 && !framingFields.closes
        if hasNoBody || status == 304 || method == .head {
            framing = .none
            if hasNoBody, framingFields.isChunked || framingFields.contentLength ?? 0 > 0 { keepAlive = false }
        } else if framingFields.isChunked {
            framing = .chunked
        } else if let length = framingFields.contentLength {
            framing = .length(length)
        } else {
            framing = .untilClose
            keepAlive = false
        }
    }
}
