import CTransport
import Glibc

/// What a read or write on a socket came to.
enum Transfer {
    /// So many bytes; 0 from a read is the other side's end.
    case moved(Int)
    /// Nothing at the moment.
    case wouldBlock
    /// The connection is broken.
    case broken
}

/// Non-blocking TCP sockets. Descriptors are plain numbers here; `Loop` owns and closes them.
enum Sockets {
    /// A listening socket that shares its address with the other loops' (SO_REUSEPORT), so that the kernel spreads connections.
    static func listen(_ address: SocketAddress, sharing: Bool = true) throws -> Int32 {
        let descriptor = socket(address.family, Int32(SOCK_STREAM.rawValue) | nonBlocking, 0)
        guard descriptor >= 0 else { throw SystemFault("socket") }
        set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
        if sharing { set(descriptor, SOL_SOCKET, SO_REUSEPORT, 1) }
        let bound = unsafe address.withSystemForm { unsafe bind(descriptor, $0, $1) }
        guard bound == 0, Glibc.listen(descriptor, TransportLimits.waitingConnections) == 0 else {
            let fault = SystemFault("listen on \(String(decoding: address.hostText, as: UTF8.self)):\(address.port)")
            Glibc.close(descriptor)
            throw fault
        }
        return descriptor
    }

    /// Connections of this listener inherit it: the kernel takes what the network takes and this much more, so that a slow reader shows early.
    static func boundUnsent(of listener: Int32) { set(listener, Int32(IPPROTO_TCP), TCP_NOTSENT_LOWAT, TransportLimits.unsentBytes) }

    /// The next connection, or nil; `errno` says why.
    static func accept(_ listener: Int32) -> (descriptor: Int32, peer: SocketAddress)? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let accepted = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address -> (Int32, SocketAddress?) in
                let descriptor = unsafe accept4(listener, address, &length, nonBlocking)
                return (descriptor, descriptor >= 0 ? unsafe SocketAddress(reading: address) : nil)
            }
        }
        guard accepted.0 >= 0 else { return nil }
        guard let peer = accepted.1 else {
            Glibc.close(accepted.0)
            return nil
        }
        set(accepted.0, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        return (accepted.0, peer)
    }

    /// Begins to connect; nil where even that failed. The event queue says when it is done.
    static func connect(_ address: SocketAddress) -> Int32? {
        let descriptor = socket(address.family, Int32(SOCK_STREAM.rawValue) | nonBlocking, 0)
        guard descriptor >= 0 else { return nil }
        set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        let outcome = unsafe address.withSystemForm { unsafe Glibc.connect(descriptor, $0, $1) }
        guard outcome == 0 || errno == EINPROGRESS else {
            Glibc.close(descriptor)
            return nil
        }
        return descriptor
    }

    /// Whether what failed just now did so for want of a descriptor, of this process's or the system's.
    static var lacksDescriptor: Bool { errno == EMFILE || errno == ENFILE }

    /// A descriptor that does nothing but be there; −1 where there is none.
    static func reserve() -> Int32 { unsafe open("/dev/null", O_RDONLY | O_CLOEXEC) }

    /// Whether a connection begun is open now.
    static func isConnected(_ descriptor: Int32) -> Bool {
        var fault: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &fault, &length) == 0 && fault == 0
    }

    static func receive(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Transfer {
        transfer(unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0))
    }

    /// The bytes that wait, without taking them.
    static func peek(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Transfer {
        transfer(unsafe recv(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_PEEK)))
    }

    static func send(_ descriptor: Int32, _ bytes: Span<UInt8>) -> Transfer {
        unsafe bytes.withUnsafeBytes { transfer(unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, noSignal)) }
    }

    /// Both pieces in one call, the first one first.
    static func send(_ descriptor: Int32, _ first: Span<UInt8>, _ second: UnsafeRawBufferPointer) -> Transfer {
        unsafe first.withUnsafeBytes { head in
            var pieces = unsafe (
                iovec(iov_base: UnsafeMutableRawPointer(mutating: head.baseAddress), iov_len: head.count),
                iovec(iov_base: UnsafeMutableRawPointer(mutating: second.baseAddress), iov_len: second.count)
            )
            return unsafe withUnsafeMutablePointer(to: &pieces) { pointer in
                unsafe pointer.withMemoryRebound(to: iovec.self, capacity: 2) { list in
                    var message = unsafe msghdr()
                    unsafe message.msg_iov = list
                    unsafe message.msg_iovlen = 2
                    return transfer(unsafe sendmsg(descriptor, &message, noSignal))
                }
            }
        }
    }

    /// Tells the other side that nothing more will come.
    static func finishSending(_ descriptor: Int32) { shutdown(descriptor, Int32(SHUT_WR)) }

    static func close(_ descriptor: Int32) { Glibc.close(descriptor) }

    /// Has the connection end with a reset when it is closed, whatever was still to be sent: its peer must not take what it got for all.
    static func reset(_ descriptor: Int32) {
        var option = linger(l_onoff: 1, l_linger: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close(descriptor)
    }

    /// Whether a read would not wait.
    static func isReadable(_ descriptor: Int32) -> Bool {
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&watched, 1, 0) > 0
    }

    /// Whether this is a stream socket that listens.
    static func isListening(_ descriptor: Int32) -> Bool {
        var listens: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return unsafe getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &length) == 0 && listens == 1
    }

    /// A broken connection is an outcome, not a signal.
    private static let noSignal = Int32(MSG_NOSIGNAL)
    private static let nonBlocking = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)

    private static func set(_ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        unsafe setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    private static func transfer(_ count: Int) -> Transfer {
        if count >= 0 { return .moved(count) }
        return errno == EAGAIN || errno == EINTR ? .wouldBlock : .broken
    }
}
