import NIOCore
import NIOPosix

/// Why a local page could not be read.
enum LocalPageFault: Error {
    case notAnAnswer, tooLong
}

/// Reads a page of a process of this machine at its local socket, whole, by HTTP/1.0; throws where nobody is there.
func readLocalPage(_ path: String, accepting type: String) async throws -> ByteBuffer {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .connectTimeout(.seconds(Limits.localPageSeconds))
        .connect(unixDomainSocketPath: path) { channel in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
            }
        }
    // Whoever answers nothing is left alone after a while: the channel closes, and with it what comes in ends.
    let patience = channel.channel.eventLoop.scheduleTask(in: .seconds(Limits.localPageSeconds)) {
        channel.channel.close(promise: nil)
    }
    defer { patience.cancel() }
    var answer = try await channel.executeThenClose { inbound, outbound in
        try await outbound.write(ByteBuffer(string: "GET /metrics HTTP/1.0\r\nHost: localhost\r\nAccept: \(type)\r\n\r\n"))
        var all = ByteBuffer()
        for try await piece in inbound {
            all.writeImmutableBuffer(piece)
            guard all.readableBytes <= Limits.localPageBytes else { throw LocalPageFault.tooLong }
        }
        return all
    }
    let bytes = answer.readableBytesView
    let end = Array("\r\n\r\n".utf8)
    guard
        String(buffer: answer.getSlice(at: answer.readerIndex, length: min(15, answer.readableBytes)) ?? ByteBuffer()) == "HTTP/1.0 200 OK",
        let head = bytes.indices.first(where: { bytes[$0...].starts(with: end) })
    else { throw LocalPageFault.notAnAnswer }
    answer.moveReaderIndex(to: head + end.count)
    return answer
}
