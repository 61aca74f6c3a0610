import CTransport
import Glibc

/// A socket of this machine (unix(7)) that keeps messages apart and carries descriptors (SOCK_SEQPACKET).
final class LocalSocket: Sendable {
    let descriptor: Int32

    private static let kind = Int32(SOCK_SEQPACKET.rawValue) | Int32(SOCK_CLOEXEC.rawValue)

    private init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { Glibc.close(descriptor) }

    /// Listens at a path, in place of what lies there, in one step; only this user may connect.
    static func listen(_ path: String) throws -> LocalSocket {
        let made = LocalSocket(socket(AF_UNIX, kind | Int32(SOCK_NONBLOCK.rawValue), 0))
        guard made.descriptor >= 0 else { throw SystemFault("socket") }
        let beside = "\(path).\(getpid())"
        unsafe unlink(beside)
        // The mode before anyone can connect: the path is not at its place yet.
        guard try unsafe LocalAddress(beside).withSystemForm({ unsafe bind(made.descriptor, $0, $1) }) == 0,
            unsafe chmod(beside, 0o600) == 0,
            Glibc.listen(made.descriptor, TransportLimits.waitingSuccessors) == 0, unsafe rename(beside, path) == 0
        else {
            let fault = SystemFault("listen on \(path)")
            unsafe unlink(beside)
            throw fault
        }
        return made
    }

    /// Connects to whoever listens at a path; nil where nobody does.
    static func connect(_ path: String, patienceMilliseconds: Int) throws -> LocalSocket? {
        let made = LocalSocket(socket(AF_UNIX, kind, 0))
        guard made.descriptor >= 0 else { throw SystemFault("socket") }
        guard try unsafe LocalAddress(path).withSystemForm({ unsafe Glibc.connect(made.descriptor, $0, $1) }) == 0 else {
            guard errno == ENOENT || errno == ECONNREFUSED else { throw SystemFault("connect to \(path)") }
            return nil
        }
        var patience = timeval(tv_sec: patienceMilliseconds / 1_000, tv_usec: patienceMilliseconds % 1_000 * 1_000)
        unsafe setsockopt(made.descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        return made
    }

    /// The next who connected, or nil.
    func accept() -> LocalSocket? {
        let accepted = accept4(descriptor, nil, nil, Int32(SOCK_CLOEXEC.rawValue))
        return accepted >= 0 ? LocalSocket(accepted) : nil
    }

    /// Whether the other side runs as the same user (SO_PEERCRED).
    var isOfThisUser: Bool {
        var credentials: (pid: pid_t, user: uid_t, group: gid_t) = (0, .max, .max)
        var length = socklen_t(MemoryLayout.size(ofValue: credentials))
        return unsafe getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0 && credentials.user == geteuid()
    }

    /// Sends one message with these descriptors; false where the other side is gone.
    func send(_ bytes: [UInt8], descriptors: [Int32] = []) -> Bool {
        precondition(descriptors.count <= TransportLimits.descriptorsPerMessage, "a message carries no more descriptors")
        var control = ControlMessage(descriptors)
        let sent = unsafe bytes.withUnsafeBytes { body in
            unsafe control.withMessage(body) { unsafe sendmsg(descriptor, $0, Int32(MSG_NOSIGNAL)) }
        }
        return sent == bytes.count
    }

    /// The next message and its descriptors, nil where none came: the other side is gone, or silent for too long.
    func receive() -> (bytes: [UInt8], descriptors: [Int32])? {
        var bytes = [UInt8](repeating: 0, count: TransportLimits.messageBytes)
        var control = ControlMessage([Int32](repeating: -1, count: TransportLimits.descriptorsPerMessage))
        let count = unsafe bytes.withUnsafeMutableBytes { body in
            unsafe control.withMessage(UnsafeRawBufferPointer(body)) { unsafe recvmsg(descriptor, $0, Int32(MSG_CMSG_CLOEXEC)) }
        }
        guard count > 0 else { return nil }
        return (Array(bytes[..<count]), control.received)
    }
}

/// SCM_RIGHTS by hand (cmsg(3)): a length, a level, a type, then descriptors; the macros for it are not for Swift.
private struct ControlMessage {
    private var words: [Int32]
    private var usedBytes: Int

    private static let headWords = 4
    private static let headBytes = 16

    init(_ descriptors: [Int32]) {
        let length = ControlMessage.headBytes + descriptors.count * 4
        words = [Int32(length), 0, SOL_SOCKET, Int32(SCM_RIGHTS)] + descriptors
        if words.count % 2 == 1 { words.append(0) }
        usedBytes = descriptors.isEmpty ? 0 : length
    }

    /// The descriptors a message brought.
    var received: [Int32] {
        guard usedBytes >= ControlMessage.headBytes, words[2] == SOL_SOCKET, words[3] == Int32(SCM_RIGHTS) else { return [] }
        let count = (min(Int(words[0]), usedBytes) - ControlMessage.headBytes) / 4
        return Array(words[ControlMessage.headWords..<ControlMessage.headWords + max(0, count)])
    }

    mutating func withMessage(_ body: UnsafeRawBufferPointer, _ call: (UnsafeMutablePointer<msghdr>) -> Int) -> Int {
        var piece = unsafe iovec(iov_base: UnsafeMutableRawPointer(mutating: body.baseAddress), iov_len: body.count)
        let controlBytes = usedBytes
        let (outcome, used) = unsafe words.withUnsafeMutableBytes { control in
            unsafe withUnsafeMutablePointer(to: &piece) { pieces in
                var message = unsafe msghdr()
                unsafe message.msg_iov = pieces
                unsafe message.msg_iovlen = 1
                if controlBytes > 0 {
                    unsafe message.msg_control = control.baseAddress
                    unsafe message.msg_controllen = controlBytes
                }
                let outcome = unsafe call(&message)
                return (outcome, unsafe message.msg_controllen)
            }
        }
        usedBytes = Int(used)
        return outcome
    }
}

/// A local socket's address: a path, or a name of the abstract kind, which begins with @.
struct LocalAddress {
    private var form = sockaddr_un()
    private let length: socklen_t

    init(_ text: String) throws {
        var name = Array(text.utf8)
        let isAbstract = name.first == 0x40
        if isAbstract { name[0] = 0 }
        let room = MemoryLayout.size(ofValue: form.sun_path)
        guard !name.isEmpty, name.count < room else {
            throw SystemFault("\(text): a socket's path has 1 to \(room - 1) bytes", number: ENAMETOOLONG)
        }
        form.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &form.sun_path) { path in
            for (index, byte) in name.enumerated() { unsafe path[index] = byte }
        }
        length = socklen_t(MemoryLayout<sa_family_t>.size + name.count + (isAbstract ? 0 : 1))
    }

    /// Hands the system's form to `body`.
    func withSystemForm<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var copy = form
        return unsafe withUnsafePointer(to: &copy) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, length) }
        }
    }
}
