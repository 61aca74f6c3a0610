import CTransport
import Glibc

/// A page at a local socket (unix(7)), for this user alone: whoever connects and asks gets it whole, by HTTP/1.0 (RFC 1945), on a thread that
/// has nothing else to do. `curl --unix-socket PATH http://localhost/` reads it.
package enum LocalPage {
    /// An answer's type and body.
    package typealias Answer = (type: String, body: [UInt8])

    /// Serves from now on, in place of whatever lay at the path; `page` is given the request's head. A page that is asked for while another is
    /// sent waits: there is one reader, and it asks a few times a minute.
    package static func serve(at path: String, _ page: @escaping @Sendable (_ head: String) -> Answer) throws {
        let listener = try listen(at: path)
        _ = try Threads.start {
            while true {
                let descriptor = accept4(listener, nil, nil, Int32(SOCK_CLOEXEC.rawValue))
                guard descriptor >= 0 else {
                    if errno != EINTR { Threads.pause(milliseconds: TransportLimits.localPagePauseMilliseconds) }
                    continue
                }
                answer(descriptor, page)
                Glibc.close(descriptor)
            }
        }
    }

    private static func listen(at path: String) throws -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SystemFault("socket") }
        let beside = "\(path).\(getpid())"
        unsafe unlink(beside)
        guard try unsafe LocalAddress(beside).withSystemForm({ unsafe bind(descriptor, $0, $1) }) == 0, unsafe chmod(beside, 0o600) == 0,
            Glibc.listen(descriptor, TransportLimits.waitingSuccessors) == 0, unsafe rename(beside, path) == 0
        else {
            let fault = SystemFault("listen on \(path)")
            Glibc.close(descriptor)
            unsafe unlink(beside)
            throw fault
        }
        return descriptor
    }

    /// Whoever asks nothing, or takes nothing, is left alone after a moment.
    private static func answer(_ descriptor: Int32, _ page: (String) -> Answer) {
        var patience = timeval(tv_sec: TransportLimits.localPageSeconds, tv_usec: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var asked: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: TransportLimits.localPageHeadBytes)
        while !String(decoding: asked, as: UTF8.self).contains("\r\n\r\n") {
            let count = unsafe piece.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
            guard count > 0, asked.count + count <= TransportLimits.localPageHeadBytes else { return }
            asked += piece[..<count]
        }
        let made = page(String(decoding: asked, as: UTF8.self))
        let head = "HTTP/1.0 200 OK\r\nContent-Type: \(made.type)\r\nContent-Length: \(made.body.count)\r\nConnection: close\r\n\r\n"
        var rest = (Array(head.utf8) + made.body)[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
