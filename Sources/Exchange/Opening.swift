package import Registry

/// Whose a client's connection is, once its beginning is read.
package struct Peer: Sendable {
    /// Where the client is: the connection's other end, or whom a trusted PROXY header names.
    package var address: Address
    /// The address as X-Forwarded-For spells it.
    package var addressText: [UInt8]
    /// It came by TLS.
    package var isSecure: Bool
    /// SHA-256 of its certificate's DER, where it showed one that we trust.
    package var certificate: Digest?

    /// A peer from its parts.
    package init(address: Address, addressText: [UInt8], isSecure: Bool = false, certificate: Digest? = nil) {
        self.address = address
        self.addressText = addressText
        self.isSecure = isSecure
        self.certificate = certificate
    }
}

// The beginning of a client's connection.
extension Exchange {
    /// A client connected; nil where there is no room for it and the driver is to close it. While it `isOpening` none of its bytes are
    /// wanted, until `opened` says whose it is or `failed` that it will not be.
    package mutating func accepted(
        from address: Address, spelt text: [UInt8], isOpening: Bool = false, at now: Moment
    ) -> ConnectionHandle? {
        guard !isDraining, setting.connections.take() else { return nil }
        guard let index = newClient() else {
            setting.connections.giveBack()
            return nil
        }
        guard count(client: index, from: address) else {
            setting.connections.noteRefusal()
            setting.connections.giveBack()
            freeClients.append(index)
            return nil
        }
        clients[index].phase = isOpening ? .opening : .idle
        settle(client: index, at: address, spelt: text)
        clientDeadlines[index] = now.monotonic.after(milliseconds: isOpening ? Limits.openingMilliseconds : Limits.idleMilliseconds)
        return handle(client: index)
    }

    /// A connection's beginning is read: it is this peer's, and requests may come. While draining it may still send one. Where this peer has too
    /// many connections already, it closes.
    package mutating func opened(_ handle: ConnectionHandle, as peer: Peer, at now: Moment) {
        guard handle.side == .client, isCurrent(handle), clients[handle.index].phase == .opening else { return }
        if peer.address != clients[handle.index].address {
            uncountAddress(client: handle.index)
            guard count(client: handle.index, from: peer.address) else {
                setting.connections.noteRefusal()
                return close(client: handle.index, at: now)
            }
            forgetProxy(handle.index)
            settle(client: handle.index, at: peer.address, spelt: peer.addressText)
        }
        clients[handle.index].phase = .idle
        clients[handle.index].isSecure = peer.isSecure
        if let certificate = peer.certificate {
            certificates[handle.index] = certificate
            clients[handle.index].hasCertificate = true
        }
        clientDeadlines[handle.index] = idleDeadline(at: now)
        perform(.read(handle))
    }

    /// Whether a connection was refused for want of room in all, which `makeRoom` may find.
    package var isFull: Bool { !isDraining && (setting.connections.isFull || clientCount >= Limits.clientConnections) }

    /// Closes a connection that has been idle for long, so that a newcomer finds room: the longest idle of a share of them, looked at in turn.
    /// The driver performs that before it accepts again. False where none of the share is idle.
    /// One that was idle for a moment only keeps its place: its request may be on its way.
    package mutating func makeRoom(at now: Moment) -> Bool {
        var oldest: Int?
        var least = now.monotonic.after(milliseconds: Limits.idleMilliseconds - Limits.leastIdleMilliseconds) + 1
        for _ in 0..<min(clients.count, Limits.idleConnectionsLookedAt) {
            idleCursor = (idleCursor + 1) % clients.count
            guard clientDeadlines[idleCursor] < least, clients[idleCursor].phase == .idle else { continue }
            (oldest, least) = (idleCursor, clientDeadlines[idleCursor])
        }
        guard let oldest else { return false }
        close(client: oldest, at: now)
        return true
    }

    /// A connection was closed for want of room.
    package func noteRefusal() { setting.connections.noteRefusal() }

    /// One more from this address, unless it is a proxy that we trust.
    private mutating func count(client: Int, from address: Address) -> Bool {
        guard !setting.trust.trusts(address) else { return true }
        guard setting.connections.take(from: address) else { return false }
        clients[client].isCounted = true
        return true
    }

    private mutating func uncountAddress(client: Int) {
        guard clients[client].isCounted else { return }
        clients[client].isCounted = false
        setting.connections.giveBack(from: clients[client].address)
    }

    /// A connection is gone: neither the total nor its address has it any more.
    mutating func uncount(client: Int) {
        uncountAddress(client: client)
        setting.connections.giveBack()
        if clients[client].isTrustedProxy { forgetProxy(client) }
    }

    /// SHA-256 of the certificate this client showed, if it showed one.
    mutating func certificate(of client: Int) -> Digest? { clients[client].hasCertificate ? certificates[client] : nil }

    mutating func forgetCertificate(of client: Int) {
        certificates[client] = nil
        clients[client].hasCertificate = false
    }
}
