import Foundation
import Testing

@testable import Transport

/// A blocking connection of a test: what a client sees of each byte and each end, with nothing tried again behind its back.
final class Caller: Sendable {
    private let descriptor: Int32

    private init(_ descriptor: Int32) {
        self.descriptor = descriptor
        _ = fcntl(descriptor, F_SETFL, 0)
    }

    /// Connects to a port of 127.0.0.1.
    convenience init(port: Int) throws {
        self.init(try #require(Sockets.connect(try SocketAddress.resolve("127.0.0.1:\(port)"))))
    }

    deinit { Sockets.close(descriptor) }

    /// A socket that listens at a port of 127.0.0.1.
    static func listening(at port: Int) throws -> Caller {
        Caller(try Sockets.listen(try SocketAddress.resolve("127.0.0.1:\(port)")))
    }

    /// Waits for the next connection.
    func accept() -> Caller? { Sockets.accept(descriptor).map { Caller($0.descriptor) } }

    @discardableResult
    func send(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard case .moved(bytes.count) = Sockets.send(descriptor, bytes.span) else { return false }
        return true
    }

    /// Reads one message with a Content-Length, or none; nil where the connection ends before.
    func receive() -> (head: String, body: String)? {
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
        var head: [UInt8] = []
        while !head.suffix(4).elementsEqual([13, 10, 13, 10]) {
            guard let byte = try? handle.read(upToCount: 1), !byte.isEmpty else { return nil }
            head += byte
        }
        let text = String(decoding: head, as: UTF8.self)
        let length = text.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length: ") }.flatMap { Int($0.dropFirst(16)) }
        guard let length, length > 0 else { return (text, "") }
        guard let body = try? handle.read(upToCount: length), body.count == length else { return nil }
        return (text, String(decoding: body, as: UTF8.self))
    }

    /// Calls with the application's key and gives the answer's status and whether the connection goes on; nil where there was none.
    func call(_ path: String = "/find") -> (status: Int, isKept: Bool)? {
        guard send("GET \(path) HTTP/1.1\r\nHost: a\r\nx-api-key: \(Sample.key)\r\n\r\n"), let answer = receive() else { return nil }
        let status = Int(answer.head.split(separator: " ")[1]) ?? 0
        return (status, !answer.head.lowercased().contains("connection: close"))
    }
}
