import Foundation
import Registry
import Testing

@testable import Transport

/// A blocking TCP connection of a test, made by Transport's own calls and read through Foundation.
final class PlainSocket: Sendable {
    private let descriptor: Int32

    private init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// Connects to a port of 127.0.0.1.
    convenience init(port: Int) throws {
        let descriptor = try #require(Sockets.connect(try SocketAddress.resolve("127.0.0.1:\(port)")))
        self.init(descriptor)
        block()
    }

    deinit { Sockets.close(descriptor) }

    /// A listening socket on this port of 127.0.0.1, or of another address of this machine.
    static func listen(_ port: Int, on host: String = "127.0.0.1") throws -> PlainSocket {
        let listener = PlainSocket(try Sockets.listen(try SocketAddress.resolve("\(host):\(port)")))
        listener.block()
        return listener
    }

    /// Waits for the next connection; nil once stopped.
    func accept() -> PlainSocket? {
        guard let (accepted, _) = Sockets.accept(descriptor) else { return nil }
        let connection = PlainSocket(accepted)
        connection.block()
        return connection
    }

    /// Ends both directions: whoever waits on it goes on.
    func stop() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    /// Sends no more; reads on.
    func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            guard case .moved(let count) = Sockets.send(descriptor, bytes.span.extracting(sent...)) else { return false }
            sent += count
        }
        return true
    }

    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// Exactly so many bytes; nil where the connection ends before.
    func receive(_ count: Int) -> [UInt8]? {
        guard count > 0 else { return [] }
        let data = try? FileHandle(fileDescriptor: descriptor, closeOnDealloc: false).read(upToCount: count)
        return data?.count == count ? data.map { Array($0) } : nil
    }

    /// Reads a message's head, to the empty line.
    func receiveHead() -> String? {
        var head: [UInt8] = []
        while !head.suffix(4).elementsEqual([13, 10, 13, 10]) {
            guard let byte = receive(1) else { return nil }
            head += byte
        }
        return String(decoding: head, as: UTF8.self)
    }

    /// Reads one message with a Content-Length, or without a body; nothing behind it.
    func receiveMessage() -> (head: String, body: [UInt8])? {
        guard let head = receiveHead(), let body = receive(PlainSocket.length(head)) else { return nil }
        return (head, body)
    }

    static func length(_ head: String) -> Int {
        let line = head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length: ") }
        return line.flatMap { Int($0.dropFirst(16)) } ?? 0
    }

    private func block() { _ = fcntl(descriptor, F_SETFL, 0) }
}
