import CTransport
import Glibc

/// The socket under a TLS connection, as a BIO of ours: OpenSSL's own would raise SIGPIPE on a broken connection, and does not tell whether
/// a read took all there was, which saves a second read for every request. The BIO's data is no pointer but the descriptor and what is known.
enum SocketStream {
    private static let isDrained: UInt = 1 << 32
    private static let hasEnded: UInt = 1 << 33
    /// Always set: a word of zero would be no data at all.
    private static let isOpen: UInt = 1 << 34

    /// Never changed once made.
    @safe private struct Method: @unchecked Sendable {
        let pointer: OpaquePointer?
    }

    private static let method: Method = {
        let sort = BIO_get_new_index() | BIO_TYPE_SOURCE_SINK
        guard let method = unsafe BIO_meth_new(sort, "socket") else { return unsafe Method(pointer: nil) }
        unsafe BIO_meth_set_read(method) { stream, bytes, count in unsafe SocketStream.read(stream, bytes, count) }
        unsafe BIO_meth_set_write(method) { stream, bytes, count in unsafe SocketStream.write(stream, bytes, count) }
        unsafe BIO_meth_set_ctrl(method) { stream, command, _, _ in
            switch command {
            case BIO_CTRL_FLUSH: 1
            case BIO_CTRL_EOF: unsafe SocketStream.word(stream) & hasEnded != 0 ? 1 : 0
            default: 0
            }
        }
        return unsafe Method(pointer: method)
    }()

    /// A stream over this socket, which stays the caller's to close.
    static func open(_ descriptor: Int32) -> OpaquePointer? {
        guard let stream = unsafe BIO_new(method.pointer) else { return nil }
        unsafe BIO_set_init(stream, 1)
        unsafe set(stream, isOpen | UInt(UInt32(bitPattern: descriptor)))
        return unsafe stream
    }

    /// Whether the last read found less than it had room for.
    static func isDrained(_ stream: OpaquePointer?) -> Bool { unsafe word(stream) & isDrained != 0 }

    /// Whether the other side has sent its last byte.
    static func hasEnded(_ stream: OpaquePointer?) -> Bool { unsafe word(stream) & hasEnded != 0 }

    private static func word(_ stream: OpaquePointer?) -> UInt { unsafe UInt(bitPattern: BIO_get_data(stream)) }

    private static func set(_ stream: OpaquePointer?, _ word: UInt) {
        unsafe BIO_set_data(stream, UnsafeMutableRawPointer(bitPattern: word))
    }

    private static func read(_ stream: OpaquePointer?, _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int32) -> Int32 {
        unsafe BIO_clear_flags(stream, retryFlags)
        let word = unsafe word(stream)
        let received = unsafe recv(Int32(truncatingIfNeeded: word), bytes, Int(count), 0)
        if received == count { return unsafe change(stream, word & ~isDrained, Int32(received)) }
        if received > 0 { return unsafe change(stream, word | isDrained, Int32(received)) }
        if received == 0 { return unsafe change(stream, word | hasEnded, 0) }
        if errno == EAGAIN || errno == EINTR { unsafe BIO_set_flags(stream, BIO_FLAGS_READ | BIO_FLAGS_SHOULD_RETRY) }
        return -1
    }

    private static func change(_ stream: OpaquePointer?, _ word: UInt, _ result: Int32) -> Int32 {
        unsafe set(stream, word)
        return result
    }

    private static func write(_ stream: OpaquePointer?, _ bytes: UnsafePointer<CChar>?, _ count: Int32) -> Int32 {
        unsafe BIO_clear_flags(stream, retryFlags)
        let sent = unsafe send(Int32(truncatingIfNeeded: word(stream)), bytes, Int(count), Int32(MSG_NOSIGNAL))
        if sent < 0, errno == EAGAIN || errno == EINTR { unsafe BIO_set_flags(stream, BIO_FLAGS_WRITE | BIO_FLAGS_SHOULD_RETRY) }
        return Int32(sent)
    }

    private static let retryFlags = BIO_FLAGS_READ | BIO_FLAGS_WRITE | BIO_FLAGS_IO_SPECIAL | BIO_FLAGS_SHOULD_RETRY
}
