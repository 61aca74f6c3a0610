import Foundation
import NIOCore
import NIOPosix

/// A keep-alive HTTP/1.1 client of one connection, small enough to see what it sends.
package final class KeepAliveClient {
    /// One answer as it came.
    package struct Answer: Sendable {
        /// The status code.
        package let status: Int
        /// Field values by lower-case name.
        package let fields: [String: String]
        /// The body's bytes.
        package let body: [UInt8]
    }

    /// The other side closed.
    package struct Closed: Error {}

    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var received = ByteBuffer()

    private init(_ inbound: NIOAsyncChannelInboundStream<ByteBuffer>, _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>) {
        self.inbound = inbound.makeAsyncIterator()
        self.outbound = outbound
    }

    /// Connects, hands over the client, closes.
    package static func connected<Value>(
        to port: Int, _ use: (KeepAliveClient) async throws -> Value
    ) async throws -> Value {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture { try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel) }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await use(KeepAliveClient(inbound, outbound))
        }
    }

    /// GET of a target with these fields.
    package func get(_ target: String, _ fields: [String: String] = [:]) async throws -> Answer {
        let lines = fields.map { "\($0.key): \($0.value)\r\n" }.joined()
        try await outbound.write(ByteBuffer(string: "GET \(target) HTTP/1.1\r\nHost: gateway\r\n\(lines)\r\n"))
        return try await answer()
    }

    /// Reads one answer, whose length its head says.
    private func answer() async throws -> Answer {
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
        let length = Int(fields["content-length"] ?? "0") ?? 0
        while received.readableBytes < length { try await readMore() }
        let body = received.readBytes(length: length) ?? []
        return Answer(status: Int(lines[0].split(separator: " ")[1]) ?? 0, fields: fields, body: body)
    }

    private func readMore() async throws {
        guard var more = try await inbound.next(isolation: #isolation) else { throw Closed() }
        received.discardReadBytes()
        received.writeBuffer(&more)
    }
}
