import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import Registry

/// A connection on which requests that cannot even be read are answered in the one contract. Hummingbird answers them below all that is ours,
/// with a 400 that says nothing.
struct AnsweringChannel<Base: ServerChildChannel>: ServerChildChannel {
    typealias Value = Base.Value

    let base: Base

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        // Before all that speaks HTTP, and behind what speaks TLS: it sees answers as bytes.
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(UnreadableRequestAnswers())
        }.flatMap { base.setup(channel: channel, logger: logger) }
    }

    @concurrent func handle(value: Value, logger: Logger) async { await base.handle(value: value, logger: logger) }
}

/// Writes a problem in the place of a bare 400. No other answer is one: every one of ours has its request's id.
final class UnreadableRequestAnswers: ChannelOutboundHandler {
    typealias OutboundIn = IOData
    typealias OutboundOut = IOData

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .byteBuffer(let bytes) = Self.unwrapOutboundIn(data), UnreadableRequestAnswers.isBare(bytes) else {
            return context.write(data, promise: promise)
        }
        let id = RequestName.make(at: .now(), systemRandomBytes)
        context.write(Self.wrapOutboundOut(.byteBuffer(UnreadableRequestAnswers.answer(to: id))), promise: promise)
    }

    /// A head that is short, says 400, and has no name for its request.
    static func isBare(_ bytes: ByteBuffer) -> Bool {
        guard bytes.readableBytes < 200 else { return false }
        let text = String(buffer: bytes).lowercased()
        return text.hasPrefix("http/1.1 400 ") && text.hasSuffix("\r\n\r\n") && !text.contains("\r\nx-request-id:")
    }

    private static func answer(to id: String) -> ByteBuffer {
        let (fields, body) = ProblemAnswer(.malformedRequest).content(to: id)
        let lines = fields.map { "\($0.name.rawName): \($0.value)\r\n" }.joined()
        var bytes = ByteBuffer(string: "HTTP/1.1 400 Bad Request\r\n\(lines)Content-Length: \(body.count)\r\nConnection: close\r\n\r\n")
        bytes.writeBytes(body)
        return bytes
    }
}

extension HTTPServerBuilder {
    /// HTTP/1.1, with connections that may say nothing for so long, and no answer without words.
    static var answering: HTTPServerBuilder {
        HTTPServerBuilder { responder in AnsweringChannel(base: HTTP1Channel(responder: responder, configuration: .patient)) }
    }
}
