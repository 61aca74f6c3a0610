import NIOCore
import NIOPosix

/// Asks a server on this machine one question, to learn whether the gateway answers.
struct HTTPProbe {
    /// Longer than any healthy answer takes.
    private static let seconds: Int64 = 5
    /// More than any answer asked for here has.
    private static let maximumBytes = 1_048_576

    let endpoint: Endpoint

    /// An answer's status and everything after its head, chunk sizes and all.
    struct Answer {
        let status: Int
        let body: String
    }

    /// Makes one GET on a connection of its own; throws if there is no answer in time.
    func get(_ target: String, key: String? = nil) async throws -> Answer {
        let request =
            "GET \(target) HTTP/1.1\r\nHost: \(endpoint)\r\nConnection: close\r\n" + (key.map { "x-api-key: \($0)\r\n" } ?? "") + "\r\n"
        return try await withThrowingTaskGroup(of: Answer?.self) { group in
            group.addTask { try await exchange(request) }
            group.addTask {
                try await Task.sleep(for: .seconds(HTTPProbe.seconds))
                return nil
            }
            defer { group.cancelAll() }
            guard let answer = try await group.next() ?? nil else { throw Failure("no answer from \(endpoint) in \(HTTPProbe.seconds) s") }
            return answer
        }
    }

    private func exchange(_ request: String) async throws -> Answer {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connectTimeout(.seconds(HTTPProbe.seconds))
            .connect(host: endpoint.host, port: endpoint.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: request))
            var received = ByteBuffer()
            for try await piece in inbound where received.readableBytes < HTTPProbe.maximumBytes { received.writeImmutableBuffer(piece) }
            return try HTTPProbe.read(String(buffer: received))
        }
    }

    /// Status and body of a whole answer.
    static func read(_ text: String) throws -> Answer {
        let words = text.prefix { $0 != "\r\n" }.split(separator: " ")
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else { throw Failure("not an answer in HTTP") }
        let parts = text.split(separator: "\r\n\r\n", maxSplits: 1)
        return Answer(status: status, body: parts.count == 2 ? String(parts[1]) : "")
    }
}
