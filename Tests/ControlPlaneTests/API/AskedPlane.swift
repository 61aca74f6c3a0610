import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
import Registry
import Synchronization

@testable import ControlPlane

/// A control plane's server without a socket, with a clock that tests move.
final class AskedPlane: Sendable {
    private let responder: any HTTPResponder<ControlPlaneContext>
    private let clock = MovedClock()

    init(
        _ registry: RegistryStore, readBy readers: MetricsReaders = MetricsReaders(),
        adding: (Router<ControlPlaneContext>, @escaping @Sendable () -> WallTime) throws -> Void = { _, _ in }
    ) rethrows {
        let metrics = ControlPlaneMetrics(registry: registry, socket: "/nowhere", started: Scratch.now)
        let router = controlPlaneRouter(registry, metrics, readBy: readers)
        let time: @Sendable () -> WallTime = { [clock] in clock.now }
        try adding(router, time)
        responder = controlPlaneResponder(router, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, clock: time)
    }

    var now: WallTime { clock.now }

    func wait(seconds: Int64) { clock.move(seconds: seconds) }

    /// One request as it would come off the wire. `beforeBody` happens once the head was read and the body is asked for.
    func ask(
        _ method: HTTPRequest.Method, _ path: String, _ fields: HTTPFields = [:], body: String = "", from address: String = "192.0.2.1",
        beforeBody: (@Sendable () async -> Void)? = nil
    ) async throws -> PlaneAnswer {
        try await ask(method, path, fields, bytes: ByteBuffer(string: body), from: address, beforeBody: beforeBody)
    }

    /// The same with any bytes.
    func ask(
        _ method: HTTPRequest.Method, _ path: String, _ fields: HTTPFields = [:], bytes: ByteBuffer, from address: String = "192.0.2.1",
        beforeBody: (@Sendable () async -> Void)? = nil
    ) async throws -> PlaneAnswer {
        let channel = EmbeddedChannel()
        try await channel.connect(to: SocketAddress(ipAddress: address, port: 1)).get()
        let head = HTTPRequest(method: method, scheme: "http", authority: "control.example", path: path, headerFields: fields)
        let request = Request(head: head, body: AskedPlane.body(bytes, after: beforeBody))
        let context = ControlPlaneContext(source: ApplicationRequestContextSource(channel: channel, logger: Logger(label: "test")))
        let response = try await responder.respond(to: request, context: context)
        let collected = CollectedBody()
        try await response.body.write(collected)
        return PlaneAnswer(status: response.status.code, fields: response.headers, bytes: collected.bytes)
    }
}

extension AskedPlane {
    private static func body(_ bytes: ByteBuffer, after event: (@Sendable () async -> Void)?) -> RequestBody {
        guard let event else { return RequestBody(buffer: bytes) }
        let isSent = Mutex(false)
        return RequestBody(
            asyncSequence: AsyncStream {
                guard
                    !isSent.withLock({ sent in
                        defer { sent = true }; return sent
                    })
                else { return nil }
                await event()
                return bytes
            })
    }
}

/// What came back.
struct PlaneAnswer: Sendable {
    let status: Int
    let fields: HTTPFields
    let bytes: [UInt8]

    var text: String { String(decoding: bytes, as: UTF8.self) }

    var json: [String: Any] { (try? JSONSerialization.jsonObject(with: Data(bytes))) as? [String: Any] ?? [:] }

    /// The last part of a problem's type; nil where it is none.
    var problem: String? {
        guard fields[.contentType] == "application/problem+json", let type = json["type"] as? String else { return nil }
        return type.split(separator: "/").last.map(String.init)
    }
}

private final class MovedClock: Sendable {
    private let time = Mutex(Scratch.now)

    var now: WallTime { time.withLock { $0 } }

    func move(seconds: Int64) { time.withLock { $0 = WallTime(nanoseconds: $0.nanoseconds + seconds * 1_000_000_000) } }
}

private final class CollectedBody: ResponseBodyWriter, Sendable {
    private let buffer = Mutex(ByteBuffer())

    var bytes: [UInt8] { buffer.withLock { Array($0.readableBytesView) } }

    func write(_ piece: ByteBuffer) async throws { _ = buffer.withLock { $0.writeImmutableBuffer(piece) } }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
