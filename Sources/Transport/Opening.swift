import Exchange
import Glibc
import Registry

// A client's connection from its acceptance until its bytes are the exchange's.
extension Loop {
    /// What a new connection's bytes are first.
    private func firstStage(at kind: Listener.Kind) -> Stage { kind == .tls ? .handshake : .open }

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
        guard let handle = exchange.accepted(from: peer.address, spelt: text, isOpening: stage != .open, at: now) else {
            return Sockets.close(descriptor)
        }
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
        case .proxyHeader: pass(.proxyHeader, of: handle)
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
}
