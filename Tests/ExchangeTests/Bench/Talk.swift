import Registry
import Testing

/// A request as a client writes it.
func request(
    _ method: String, _ target: String, key: String? = nil, token: String? = nil, fields: [String] = [], body: String? = nil
) -> String {
    var lines = ["\(method) \(target) HTTP/1.1", "Host: gateway"]
    if let key { lines.append("x-api-key: \(key)") }
    if let token { lines.append("Authorization: Bearer \(token)") }
    lines += fields
    if let body { lines.append("Content-Length: \(body.utf8.count)") }
    return lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? "")
}

/// An answer as a core store writes it.
func answer(_ status: Int = 200, fields: [String] = [], body: String = "hello") -> String {
    (["HTTP/1.1 \(status) Word"] + fields + ["Content-Length: \(body.utf8.count)"]).joined(separator: "\r\n") + "\r\n\r\n" + body
}

extension Peer {
    /// The messages that came in since the last call; fails where bytes are left over.
    func messages(isAnswerToHead: Bool = false, location: SourceLocation = #_sourceLocation) throws -> [Message] {
        let bytes = take()
        let text = String(decoding: bytes, as: UTF8.self)
        return try #require(
            Message.readAll(bytes, isAnswerToHead: isAnswerToHead, atEnd: isClosed || isHalfClosed), "\(text)", sourceLocation: location)
    }

    /// The one message that came in since the last call.
    func message(isAnswerToHead: Bool = false, location: SourceLocation = #_sourceLocation) throws -> Message {
        let messages = try messages(isAnswerToHead: isAnswerToHead, location: location)
        #expect(messages.count == 1, sourceLocation: location)
        return try #require(messages.first, sourceLocation: location)
    }

    /// Whether the gateway has ended the connection, or its side of it.
    var isEnded: Bool { isClosed || isHalfClosed }
}

extension Bench {
    func client() throws -> Peer { try #require(connect()) }

    /// The newest connection to a core store.
    func store(_ location: SourceLocation = #_sourceLocation) throws -> Peer { try #require(stores.last, sourceLocation: location) }
}

/// A bench with a client that has sent this, whole.
func bench(sending text: String, pieces: Pieces = .whole, world: World) throws -> (Bench, Peer) {
    let bench = Bench(world.rules, pieces: pieces)
    let client = try bench.client()
    client.send(text)
    return (bench, client)
}
