import Foundation
import NIOCore
import NIOPosix

/// One answer as it came: status, fields by lower-case name, body.
struct Answer {
    let status: Int
    let fields: [String: String]
    let body: [UInt8]

    func json() throws -> JSON { try JSON(body) }

    var errorCode: String? { (try? json())?["errorCode"]?.string }
}

/// A keep-alive HTTP/1.1 client of one connection, small enough to see what it sends.
final class StoreClient {
    struct Closed: Error {}

    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var received = ByteBuffer()

    private init(_ inbound: NIOAsyncChannelInboundStream<ByteBuffer>, _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>) {
        self.inbound = inbound.makeAsyncIterator()
        self.outbound = outbound
    }

    /// Connects, hands over the client, closes.
    static func connected<Value>(to port: Int, _ use: (StoreClient) async throws -> Value) async throws -> Value {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture { try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel) }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await use(StoreClient(inbound, outbound))
        }
    }

    func send(_ text: String) async throws { try await outbound.write(ByteBuffer(string: text)) }

    func get(_ path: String, _ fields: [String: String] = [:]) async throws -> Answer {
        try await send("GET \(path) HTTP/1.1\r\nHost: store\r\n\(Self.lines(fields))\r\n")
        return try await answer()
    }

    func post(_ path: String, _ body: String, _ fields: [String: String] = [:]) async throws -> Answer {
        let length = "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n"
        try await send("POST \(path) HTTP/1.1\r\nHost: store\r\n\(Self.lines(fields))\(length)\r\n\(body)")
        return try await answer()
    }

    /// Reads one answer; every answer of the store says its length or has none.
    func answer() async throws -> Answer { try await answer(hasBody: true) }

    /// The answer to a HEAD, whose length speaks of a body that does not come.
    func headAnswer() async throws -> Answer { try await answer(hasBody: false) }

    private func answer(hasBody: Bool) async throws -> Answer {
        var head: String?
        while head == nil {
            let text = String(buffer: received)
            if let end = text.range(of: "\r\n\r\n") {
                head = String(text[..<end.lowerBound])
                received.moveReaderIndex(forwardBy: text[..<end.upperBound].utf8.count)
            } else {
                try await readMore()
            }
        }
        let lines = (head ?? "").components(separatedBy: "\r\n")
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            fields[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        let length = hasBody ? Int(fields["content-length"] ?? "0") ?? 0 : 0
        while received.readableBytes < length { try await readMore() }
        let body = received.readBytes(length: length) ?? []
        return Answer(status: Int(lines[0].split(separator: " ")[1]) ?? 0, fields: fields, body: body)
    }

    private func readMore() async throws {
        guard var more = try await inbound.next(isolation: #isolation) else { throw Closed() }
        received.discardReadBytes()
        received.writeBuffer(&more)
    }

    private static func lines(_ fields: [String: String]) -> String {
        fields.map { "\($0.key): \($0.value)\r\n" }.joined()
    }
}
