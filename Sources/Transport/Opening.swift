import Exchange
import Glibc
import Registry
import Wire

// A client's connection from its acceptance until its bytes are the exchange's.
extension Loop {
    /// What a new connection's bytes are first.
    private func firstStage(at kind: Listener.Kind) -> Stage {
        if setting.requiresProxyHeader { return .proxyHeader }
        return kind == .tls ? .handshake : .open
    }

    /// The stage after this one.
    private func stage(after stage: Stage, of handle: ConnectionHandle) -> Stage {
        switch stage {
        case .proxyHeader: arrivals[handle.index]?.isSecure == true ? .handshake : .open
        case .handshake, .secure: .secure
        case .open: .open
        }
    }

    /// Takes a connection just accepted in, or closes it where there is no room.
    mutating func arrive(_ descriptor: Int32, from peer: SocketAddress, at kind: Listener.Kind) {
        let stage = firstStage(at: kind)
        let text = peer.hostText
        // Whoever is not trusted could name anybody.
        guard stage != .proxyHeader || setting.exchange.trust.trusts(peer.address) else { return Sockets.close(descriptor) }
        var accepted = exchange.accepted(from: peer.address, spelt: text, isOpening: stage != .open, at: now)
        if accepted == nil, exchange.isFull {
            if exchange.makeRoom(at: now) {
                perform()
                accepted = exchange.accepted(from: peer.address, spelt: text, isOpening: stage != .open, at: now)
            }
            if accepted == nil { exchange.noteRefusal() }
        }
        // Without a word: there is no request yet that could be answered.
        guard let handle = accepted else { return Sockets.close(descriptor) }
        if handle.index >= clients.count { clients.append(Connection()) }
        clients[handle.index] = Connection(descriptor: descriptor, stage: stage)
        if stage != .open { arrivals[handle.index] = Peer(address: peer.address, addressText: text, isSecure: kind == .tls) }
        let isGood = stage != .handshake || beginHandshake(handle)
        guard isGood, queue.watch(descriptor, as: handle.packed) else {
            // At once, before the slot is another's.
            exchange.failed(handle, at: now)
            return perform()
        }
    }

    /// Something happened on a connection that is not open: goes on with its stage as far as its bytes reach.
    mutating func advance(_ handle: ConnectionHandle) {
        switch connection(handle).stage {
        case .proxyHeader: readProxyHeader(handle)
        case .handshake: security.toShake.append(handle)
        case .open, .secure: return
        }
    }

    /// This stage is done: the next one begins, on what may be there already.
    mutating func pass(_ stage: Stage, of handle: ConnectionHandle) {
        let next = self.stage(after: stage, of: handle)
        clients[handle.index].stage = next
        if next == .handshake, !beginHandshake(handle) {
            exchange.failed(handle, at: now)
            return perform()
        }
        guard !next.isOpening else { return advance(handle) }
        guard let peer = arrivals.removeValue(forKey: handle.index) else { return }
        exchange.opened(handle, as: peer, at: now)
        perform()
    }

    /// Looks at the header without taking it until it is whole, and then takes exactly that: what follows is TLS's or the exchange's. The header
    /// is small and comes at once, so that looking again at each piece costs little.
    private mutating func readProxyHeader(_ handle: ConnectionHandle) {
        let descriptor = clients[handle.index].descriptor
        let window = unsafe UnsafeMutableRawBufferPointer(rebasing: piece[0..<Loop.proxyHeaderWindow])
        var header = ProxyHeader.refused
        switch unsafe Sockets.peek(descriptor, into: window) {
        case .moved(let count) where count > 0:
            header = ProxyHeader.read(unsafe Span<UInt8>(_unsafeBytes: UnsafeRawBufferPointer(rebasing: window[0..<count])))
            // With nothing more to come, what is incomplete stays so.
            if header == .incomplete, clients[handle.index].hasHungUp { header = .refused }
        case .wouldBlock: header = .incomplete
        case .moved, .broken: break
        }
        switch header {
        case .incomplete: return
        case .refused:
            exchange.failed(handle, at: now)
            perform()
        case .own(let byteCount): takeProxyHeader(byteCount, naming: nil, of: handle)
        case .client(let address, let byteCount): takeProxyHeader(byteCount, naming: address, of: handle)
        }
    }

    private mutating func takeProxyHeader(_ byteCount: Int, naming client: Address?, of handle: ConnectionHandle) {
        let header = unsafe UnsafeMutableRawBufferPointer(rebasing: piece[0..<byteCount])
        guard case .moved(byteCount) = unsafe Sockets.receive(clients[handle.index].descriptor, into: header) else {
            exchange.failed(handle, at: now)
            return perform()
        }
        if let client {
            arrivals[handle.index]?.address = client
            arrivals[handle.index]?.addressText = client.text
        }
        pass(.proxyHeader, of: handle)
    }

    /// The longest header there is.
    private static let proxyHeaderWindow = Wire.Limits.proxyHeaderBytes
}

extension Loop {
    /// Begins to connect. Out of descriptors, the reserve is lent, and an idle client gives way for the next.
    mutating func connect(to address: SocketAddress) -> Int32? {
        if let descriptor = Sockets.connect(address) { return descriptor }
        guard Sockets.lacksDescriptor else { return nil }
        isOutOfDescriptors = true
        _ = exchange.makeRoom(at: now)
        guard reserve >= 0 else { return nil }
        Sockets.close(reserve)
        reserve = -1
        let descriptor = Sockets.connect(address)
        isOutOfDescriptors = descriptor == nil && Sockets.lacksDescriptor
        return descriptor
    }
}
