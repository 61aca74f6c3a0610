import CTransport
import Glibc

/// epoll, edge-triggered: each connection is registered once for everything, and its owner remembers what it was told.
@safe final class EventQueue {
    /// What one event says.
    struct Readiness {
        var isReadable: Bool
        var isWritable: Bool
        /// The other side sent its last byte: a short read is not the end yet.
        var hasHungUp: Bool
        /// Both directions are gone.
        var isBroken: Bool
    }

    private let descriptor: Int32
    private let events: UnsafeMutableBufferPointer<epoll_event>

    init() throws {
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard descriptor >= 0 else { throw SystemFault("epoll_create1") }
        unsafe events = .allocate(capacity: TransportLimits.eventsPerTurn)
        unsafe events.initialize(repeating: epoll_event())
    }

    deinit {
        Glibc.close(descriptor)
        unsafe events.deallocate()
    }

    /// Watches a connection for everything, by edges.
    func watch(_ socket: Int32, as name: UInt64) -> Bool {
        let flags = EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
        return control(EPOLL_CTL_ADD, socket, flags, name)
    }

    /// Watches a listening socket, by level; of several loops that share it, one is woken for a connection.
    func watchListener(_ socket: Int32, as name: UInt64) -> Bool {
        control(EPOLL_CTL_ADD, socket, EPOLLIN.rawValue | EPOLLEXCLUSIVE.rawValue, name)
    }

    /// Watches a bell, by level.
    func watch(_ bell: Bell, as name: UInt64) -> Bool { control(EPOLL_CTL_ADD, bell.descriptor, EPOLLIN.rawValue, name) }

    /// Stops watching; needed only for descriptors that stay open.
    func ignore(_ socket: Int32) { _ = control(EPOLL_CTL_DEL, socket, 0, 0) }

    /// Waits at most so long and gives how many events there are.
    func wait(milliseconds: Int32) -> Int {
        let count = unsafe epoll_wait(descriptor, events.baseAddress, Int32(TransportLimits.eventsPerTurn), milliseconds)
        return max(0, Int(count))
    }

    /// Event number `index` of the last wait.
    func event(_ index: Int) -> (name: UInt64, readiness: Readiness) {
        let event = unsafe events[index]
        let flags = unsafe event.events
        func has(_ flag: EPOLL_EVENTS) -> Bool { flags & flag.rawValue != 0 }
        let isBroken = has(EPOLLHUP) || has(EPOLLERR)
        let readiness = Readiness(
            isReadable: has(EPOLLIN) || has(EPOLLRDHUP) || isBroken, isWritable: has(EPOLLOUT), hasHungUp: has(EPOLLRDHUP) || isBroken,
            isBroken: isBroken)
        return (unsafe event.data.u64, readiness)
    }

    private func control(_ operation: Int32, _ socket: Int32, _ flags: UInt32, _ name: UInt64) -> Bool {
        var event = unsafe epoll_event()
        unsafe event.events = flags
        unsafe event.data.u64 = name
        return unsafe epoll_ctl(descriptor, operation, socket, &event) == 0
    }
}
