/// The head of a request, parsed in place: nothing but offsets into the bytes. It owns no heap, so a loop keeps one and parses into it again and again.
package struct RequestHead {
    /// The method, `other` where we do not know it.
    package private(set) var method = Method.other
    /// The method as it was sent.
    package private(set) var methodSlice = Slice()
    /// Begins with `/`, or is exactly `*` for OPTIONS. Safe to match byte by byte: it holds no empty or dot segment and no encoded slash.
    package private(set) var path = Slice()
    /// Behind the question mark; empty if there is none.
    package private(set) var query = Slice()
    /// Whether there is a question mark, even with nothing behind it.
    package private(set) var hasQuery = false
    /// Host and port: the absolute target's, else the Host field's; empty only in HTTP/1.0.
    package private(set) var authority = Slice()
    /// The Host field; empty only in HTTP/1.0.
    package private(set) var host = Slice()
    /// 1 for HTTP/1.1, 0 for HTTP/1.0.
    package private(set) var minorVersion: UInt8 = 1
    /// Never `untilClose`; `length(0)` where Content-Length said so, `none` where nothing did.
    package private(set) var framing = BodyFraming.none
    /// The client waits for 100 (Continue) before it sends the body; never set for HTTP/1.0.
    package private(set) var expectsContinue = false
    /// The one x-api-key.
    package private(set) var apiKey: Slice?
    /// The one Authorization.
    package private(set) var authorization: Slice?
    private var fields = FieldTable()
    private var framingFields = FramingFields()
    private var hasHost = false

    /// A head to parse into.
    package init() {}

    /// Field lines in the head.
    package var fieldCount: Int { fields.count }

    /// The field line at `index`, in the order sent.
    package func field(_ index: Int) -> Field {
        fields[index]
    }

    /// Whether the connection may carry another request (RFC 9112 §9.3); HTTP/1.0 never, as its keep-alive cannot be trusted through proxies.
    package var keepAlive: Bool { minorVersion == 1 && !framingFields.closes }

    /// Whether Connection lists that field's name, so that it must not be passed on (RFC 9110 §7.6.1).
    package func isNamedByConnection(_ index: Int, _ bytes: Span<UInt8>) -> Bool {
        framingFields.namesFields && fields.isNamedByConnection(index, bytes)
    }

    /// Parses the head at the front of `bytes`, in one pass. The verdict on a head does not depend on how many of the bytes behind it, or of
    /// its own, are there yet: what is refused stays refused.
    package mutating func parse(_ bytes: Span<UInt8>) -> HeadParse {
        do throws(Halt) {
            return .complete(byteCount: try read(bytes.extracting(first: Limits.headBytes)))
        } catch {
            return error.verdict(havingRead: bytes.count)
        }
    }

    private mutating func read(_ bytes: Span<UInt8>) throws(Halt) -> Int {
        var index = try RequestHead.skipEmptyLine(bytes)
        try readRequestLine(bytes, at: &index)
        fields.removeAll()
        framingFields.removeAll()
        hasHost = false
        expectsContinue = false
        apiKey = nil
        authorization = nil
        while let field = try fields.readLine(bytes, at: &index) {
            if field.known.rawValue <= KnownField.authorization.rawValue {
                try note(field, bytes)
            }
        }
        try finish(bytes)
        return index
    }

    /// Whether the first word is HEAD, whatever follows.
    package static func beginsLikeHead(_ bytes: Span<UInt8>) -> Bool {
        let start = bytes.count > 0 && bytes[0] == Byte.carriageReturn ? 2 : 0
        guard bytes.count >= start + 5 else { return false }
        return Word.load(bytes, at: start, count: 5) == 0x20_4441_4548
    }

    /// One empty line before a request is tolerated (RFC 9112 §2.2).
    @inline(__always)
    private static func skipEmptyLine(_ bytes: Span<UInt8>) throws(Halt) -> Int {
        guard bytes.count > 0 else { throw .incomplete }
        guard bytes[0] == Byte.carriageReturn else { return 0 }
        try FieldTable.expectLineFeed(bytes, at: 1)
        return 2
    }

    @inline(__always)
    private mutating func readRequestLine(_ bytes: Span<UInt8>, at index: inout Int) throws(Halt) {
        let start = index
        let window = min(bytes.count, start &+ Limits.methodBytes &+ 1)
        while index < window, Byte.kind(bytes[index]) & Byte.token != 0 { index &+= 1 }
        guard index < window else { throw index &- start > Limits.methodBytes ? .malformed("method") : .incomplete }
        guard bytes[index] == Byte.space, index > start else { throw .malformed("method") }
        methodSlice = Slice(start, index)
        method = Method(bytes, methodSlice)
        index &+= 1
        let target = try RequestTarget.read(bytes, at: &index, for: method)
        path = target.path
        query = target.query
        hasQuery = target.hasQuery
        minorVersion = try StartLine.readVersion(bytes, at: index &+ 1, followedBy: Byte.carriageReturn)
        try FieldTable.expectLineFeed(bytes, at: index &+ 10)
        authority = target.authority ?? Slice()
        index &+= 11
    }

    /// What the fields with a meaning for the message itself, and the two that name the caller, must satisfy.
    private mutating func note(_ field: Field, _ bytes: Span<UInt8>) throws(Halt) {
        switch field.known {
        case .host:
            guard !hasHost else { throw .malformed("two Host fields") }
            try Authority.check(bytes, field.value)
            hasHost = true
            host = field.value
        case .contentLength: try framingFields.readContentLength(bytes, field.value)
        case .transferEncoding: try framingFields.readTransferEncoding(bytes, field.value)
        case .connection: try framingFields.readConnection(bytes, field.value)
        case .expect:
            guard field.value.isToken(bytes, count: 12, 0x746e_6f63_2d30_3031, 0x6575_6e69_746e_6f63) else {
                throw .refused(.unknownExpectation)
            }
            expectsContinue = minorVersion == 1
        case .apiKey:
            guard apiKey == nil else { throw .malformed("two x-api-key fields") }
            apiKey = field.value
        case .authorization:
            guard authorization == nil else { throw .malformed("two Authorization fields") }
            authorization = field.value
        default: break
        }
    }

    @inline(__always)
    private mutating func finish(_ bytes: Span<UInt8>) throws(Halt) {
        guard hasHost || minorVersion == 0 else { throw .malformed("no Host") }
        if !hasHost { host = Slice() }
        if authority.isEmpty { authority = host }
        try framingFields.check(minorVersion: minorVersion)
        if framingFields.namesFields { try fields.checkNamedByConnection(bytes) }
        if framingFields.isChunked {
            framing = .chunked
        } else if let length = framingFields.contentLength {
            framing = .length(length)
        } else {
            framing = .none
        }
    }
}
