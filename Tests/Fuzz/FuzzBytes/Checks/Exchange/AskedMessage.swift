import Wire

/// A request as a client's whole stream says it, read by the codec in one piece.
struct AskedMessage {
    var method: String
    var path: String
    var query: [UInt8]
    var fields: [(name: String, value: String)] = []
    var body: [UInt8] = []
    var isWhole = false

    /// All requests in the stream, up to what is refused or not whole.
    static func all(in stream: [UInt8]) -> [AskedMessage] {
        var asked: [AskedMessage] = []
        var place = 0
        while place < stream.count {
            var head = RequestHead()
            let rest = Array(stream[place...])
            guard case .complete(let headBytes) = head.parse(rest.span) else { break }
            var message = AskedMessage(head, rest)
            let bodyBytes = message.readBody(head, rest, from: headBytes)
            asked.append(message)
            guard message.isWhole, head.keepAlive else { break }
            place += bodyBytes
        }
        return asked
    }

    private init(_ head: RequestHead, _ bytes: [UInt8]) {
        func text(_ slice: Slice) -> String { String(decoding: bytes[slice.range], as: Unicode.Latin1.self) }
        method = text(head.methodSlice)
        path = text(head.path)
        query = Array(bytes[head.query.range])
        for index in 0..<head.fieldCount { fields.append((text(head.field(index).name), text(head.field(index).value))) }
    }

    private mutating func readBody(_ head: RequestHead, _ bytes: [UInt8], from start: Int) -> Int {
        var decoder = BodyDecoder(head.framing, limit: .max)
        var offset = start
        while true {
            switch decoder.next(bytes.span, from: offset) {
            case .payload(let range):
                body += bytes[range]
                offset = range.upperBound
            case .end(let consumed):
                isWhole = true
                return consumed
            case .needMore, .refused: return bytes.count
            }
        }
    }
}
