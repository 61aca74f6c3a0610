import CTransport
import Glibc

/// A socket that listens, and what its connections speak first.
package struct Listener: Sendable {
    /// What a connection's bytes are from the start.
    package enum Kind: UInt8, Sendable, CaseIterable {
        /// HTTP as it is.
        case plain = 0
        /// HTTP inside TLS.
        case tls = 1
    }

    /// The socket; whoever holds the listener closes it.
    let descriptor: Int32
    /// What its connections speak.
    package let kind: Kind
    /// systemd made it, so its unit decides where it listens.
    package let isActivated: Bool

    init(descriptor: Int32, kind: Kind, isActivated: Bool = false) {
        self.descriptor = descriptor
        self.kind = kind
        self.isActivated = isActivated
    }

    /// What a handover says of it in a byte: the kind, and whether it was activated in the highest bit.
    var mark: UInt8 { kind.rawValue | (isActivated ? 0x80 : 0) }

    /// The socket with this mark; nil where the mark means nothing to us.
    init?(descriptor: Int32, mark: UInt8) {
        guard let kind = Kind(rawValue: mark & 0x7F) else { return nil }
        self.init(descriptor: descriptor, kind: kind, isActivated: mark & 0x80 != 0)
    }

    /// Where it listens; nil for what is no IP socket.
    package var address: SocketAddress? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe getsockname(descriptor, address, &length) == 0 ? SocketAddress(reading: address) : nil
            }
        }
    }

    /// Another descriptor of the same socket: an event queue tells descriptors apart, and each holder closes its own.
    func shared() throws -> Listener {
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
        guard copy >= 0 else { throw SystemFault("share a listening socket") }
        return Listener(descriptor: copy, kind: kind, isActivated: isActivated)
    }

    func close() { Sockets.close(descriptor) }
}

/// Every socket this process listens on: given out to its loops, and handed to a successor. The kernel spreads connections over them, so each
/// has to be served by some loop, whoever made it and however many loops there are.
package struct Listeners: Sendable {
    /// All of them; their descriptors are this value's to close.
    package private(set) var all: [Listener]

    init(_ all: [Listener]) { self.all = all }

    /// No sockets yet.
    package init() { all = [] }

    /// Listens anew: a socket for each loop, all with one address.
    package static func open(_ address: SocketAddress, kind: Listener.Kind, loops: Int) throws -> Listeners {
        try address.checkIsFree()
        var opened = Listeners()
        do {
            for _ in 0..<loops { opened.all.append(Listener(descriptor: try Sockets.listen(address), kind: kind)) }
        } catch {
            opened.close()
            throw error
        }
        return opened
    }

    /// Adds what another value held.
    package mutating func add(_ others: Listeners) { all += others.all }

    /// Takes those of this kind and address out of the value.
    package mutating func take(_ kind: Listener.Kind, at address: SocketAddress) -> Listeners {
        take { listener in
            guard listener.kind == kind, let found = listener.address else { return false }
            return found.address == address.address && found.port == address.port
        }
    }

    /// Takes those that systemd made out of the value.
    package mutating func takeActivated() -> Listeners { take(where: \.isActivated) }

    /// Whether systemd made any of this kind.
    package func hasActivated(_ kind: Listener.Kind) -> Bool { all.contains { $0.kind == kind && $0.isActivated } }

    private mutating func take(where fits: (Listener) -> Bool) -> Listeners {
        defer { all.removeAll(where: fits) }
        return Listeners(all.filter(fits))
    }

    /// Where they listen, each address once: for the log.
    package var addresses: String {
        var texts: [String] = []
        for listener in all {
            guard let address = listener.address else { continue }
            let text = "\(String(decoding: address.hostText, as: UTF8.self)):\(address.port)\(listener.kind == .tls ? " (TLS)" : "")"
            if !texts.contains(text) { texts.append(text) }
        }
        return texts.joined(separator: ", ")
    }

    /// The sockets of one of so many loops, with descriptors of its own: of each kind one at least, and among the loops every one.
    package func share(ofLoop loop: Int, among loops: Int) throws -> [Listener] {
        var share: [Listener] = []
        for kind in Listener.Kind.allCases {
            let ofKind = all.filter { $0.kind == kind }
            guard !ofKind.isEmpty else { continue }
            for index in 0..<max(ofKind.count, loops) where index % loops == loop {
                share.append(try ofKind[index % ofKind.count].shared())
            }
        }
        return share
    }

    /// Closes these descriptors; sockets that others hold go on listening.
    package mutating func close() {
        for listener in all { listener.close() }
        all = []
    }
}
