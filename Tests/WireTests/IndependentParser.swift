import NIOCore
import NIOEmbedded
import NIOHTTP1

/// llhttp, as NIO drives it: somebody else's reading of the same head.
enum IndependentParser {
    /// Parses the front of `bytes` as one request head.
    static func parse(_ bytes: [UInt8]) -> Reading {
        let channel = EmbeddedChannel(handler: ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)))
        defer { _ = try? channel.finish(acceptAlreadyClosed: true) }
        var refusal: String?
        do {
            try channel.writeInbound(ByteBuffer(bytes: bytes))
        } catch {
            refusal = "\(error)"
        }
        if let part = try? channel.readInbound(as: HTTPServerRequestPart.self), case .head(let head) = part {
            return .accepted(ParsedHead(head))
        }
        return refusal.map { .refused($0) } ?? .incomplete
    }
}

extension ParsedHead {
    init(_ head: HTTPRequestHead) {
        self.init(
            method: head.method.rawValue, target: ParsedHead.fold(head.uri), minorVersion: head.version.minor,
            keepAlive: head.version.minor > 0 && head.isKeepAlive,
            fields: head.headers.map { ParsedHead.fold("\($0.name): \($0.value)") })
    }
}
