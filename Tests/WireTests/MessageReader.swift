import Testing
import Wire

/// Reads messages as a connection would: pieces go into a queue, a head is parsed at once and looked through again only as it grows, a body is
/// taken apart as it comes. What it saw is text, so that two ways to feed the same bytes are easily compared.
struct MessageReader {
    enum Kind {
        case requests
        case responses(answering: Wire.Method)
    }

    private let kind: Kind
    private let bodyLimit: UInt64
    private var pending = ByteQueue()
    private var request = RequestHead()
    private var response = ResponseHead()
    private var progress: HeadProgress?
    private var body: BodyDecoder?
    private var payload: [UInt8] = []
    private(set) var messages: [String] = []
    private(set) var fault: WireFault?

    init(_ kind: Kind, bodyLimit: UInt64 = 1_000) {
        self.kind = kind
        self.bodyLimit = bodyLimit
    }

    /// Whether it waits for the rest of a head or a body.
    var isInsideMessage: Bool { fault == nil && (body.map { !$0.isCompleteAtClose } ?? !pending.isEmpty) }

    /// The messages if the connection ended now: a body that ends with it is over.
    var messagesAtClose: [String] {
        guard body != nil, !payload.isEmpty, let last = messages.last else { return messages }
        return messages.dropLast() + [last + ": " + text(payload[...])]
    }

    mutating func feed(_ piece: ArraySlice<UInt8>) {
        pending.append(piece.span)
        while fault == nil, body == nil ? readHead() : readBody() {}
    }

    /// Whether there is more to do with the bytes at hand.
    private mutating func readHead() -> Bool {
        guard !pending.isEmpty else { return false }
        var mustEnd = false
        if progress != nil {
            switch scan() {
            case .incomplete: return false
            case .ended: mustEnd = true
            case .refused(let refusal):
                fault = refusal
                #expect(parse() == .refused(refusal), "a scan refused what parsing does not refuse so")
                return false
            }
        }
        switch parse() {
        case .incomplete:
            #expect(!mustEnd, "the scan saw an end that parsing does not see")
            progress = HeadProgress()
            return scanAgrees()
        case .refused(let refusal):
            fault = refusal
            return false
        case .complete(let byteCount):
            #expect(progress == nil || mustEnd)
            begin(byteCount)
            return true
        }
    }

    private mutating func scan() -> HeadScan {
        pending.withReadable { progress?.scan($0) ?? .incomplete }
    }

    /// Bytes that parsing finds incomplete must be so to a scan too.
    private mutating func scanAgrees() -> Bool {
        let verdict = scan()
        #expect(verdict == .incomplete)
        return false
    }

    private mutating func parse() -> HeadParse {
        switch kind {
        case .requests: pending.withReadable { request.parse($0) }
        case .responses(let method): pending.withReadable { response.parse($0, answering: method) }
        }
    }

    private mutating func begin(_ byteCount: Int) {
        progress = nil
        payload = []
        switch kind {
        case .requests:
            messages.append(pending.withReadable { describe(request, $0, byteCount) })
            body = BodyDecoder(request.framing, limit: bodyLimit)
        case .responses:
            messages.append(pending.withReadable { describe(response, $0, byteCount) })
            body = BodyDecoder(response.framing, limit: bodyLimit)
        }
        pending.consume(byteCount)
    }

    private mutating func readBody() -> Bool {
        var offset = 0
        while true {
            let step = pending.withReadable { body?.next($0, from: offset) }
            switch step {
            case .payload(let range):
                #expect(range.lowerBound >= offset && !range.isEmpty && range.upperBound <= pending.count)
                payload += pending.withReadable { bytes in range.map { bytes[$0] } }
                offset = range.upperBound
            case .needMore(let consumed):
                #expect(consumed == pending.count, "a decoder keeps nothing, so everything is used up")
                pending.consume(consumed)
                return false
            case .end(let consumed):
                #expect(body?.isComplete == true)
                pending.consume(consumed)
                if !payload.isEmpty { messages[messages.count - 1] += ": " + text(payload[...]) }
                body = nil
                return true
            case .refused(let refusal):
                fault = refusal
                return false
            case nil: return false
            }
        }
    }
}

/// A request's head in a line; every slice must lie inside the head.
func describe(_ head: borrowing RequestHead, _ bytes: Span<UInt8>, _ byteCount: Int) -> String {
    for slice in [head.methodSlice, head.path, head.query, head.authority, head.host] { expectInside(slice, byteCount) }
    var line = "\(text(bytes, head.methodSlice)) \(text(bytes, head.path))"
    if head.hasQuery { line += "?" + text(bytes, head.query) }
    line += " at \(text(bytes, head.authority))"
    if head.minorVersion == 0 { line += " 1.0" }
    if !head.keepAlive { line += " close" }
    if head.expectsContinue { line += " expects" }
    if let key = head.apiKey { line += " key=\(text(bytes, key))" }
    if let token = head.authorization { line += " auth=\(text(bytes, token))" }
    var names = ""
    for index in 0..<head.fieldCount {
        let field = head.field(index)
        expectInside(field.name, byteCount)
        expectInside(field.value, byteCount)
        if head.isNamedByConnection(index, bytes) { names += " hop=\(text(bytes, field.name))" }
    }
    return line + names + describe(head.framing)
}

/// A response's head in a line.
func describe(_ head: borrowing ResponseHead, _ bytes: Span<UInt8>, _ byteCount: Int) -> String {
    var line = "\(head.status)"
    if !head.keepAlive { line += " close" }
    for index in 0..<head.fieldCount {
        let field = head.field(index)
        expectInside(field.name, byteCount)
        expectInside(field.value, byteCount)
        if head.isNamedByConnection(index, bytes) { line += " hop=\(text(bytes, field.name))" }
    }
    return line + describe(head.framing)
}

private func describe(_ framing: BodyFraming) -> String {
    switch framing {
    case .none: ""
    case .length(let length): " length \(length)"
    case .chunked: " chunked"
    case .untilClose: " until close"
    }
}

private func expectInside(_ slice: Slice, _ byteCount: Int) {
    #expect(slice.start >= 0 && slice.start <= slice.end && slice.end <= byteCount)
}

/// Bytes as text for a failure message; what is not ASCII becomes the replacement character.
func text(_ bytes: Span<UInt8>, _ slice: Slice) -> String {
    var copy: [UInt8] = []
    for index in slice.range { copy.append(bytes[index]) }
    return text(copy[...])
}

func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(bytes.map { $0 < 0x80 ? Character(Unicode.Scalar($0)) : "\u{fffd}" })
}
