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
        guard !isDraining, let index = newClient() else { return nil }
        clients[index].phase = isOpening ? .opening : .idle
        clients[index].address = address
        clients[index].addressText = text
        clientDeadlines[index] = now.monotonic.after(milliseconds: isOpening ? Limits.openingMilliseconds : Limits.idleMilliseconds)
        return handle(client: index)
    }

    /// A connection's beginning is read: it is this peer's, and requests may come. While draining it may still send one.
    package mutating func opened(_ handle: ConnectionHandle, as peer: Peer, at now: Moment) {
        guard handle.side == .client, isCurrent(handle), clients[handle.index].phase == .opening else { return }
        clients[handle.index].phase = .idle
        clients[handle.index].address = peer.address
        clients[handle.index].addressText = peer.addressText
        clients[handle.index].isSecure = peer.isSecure
        if let certificate = peer.certificate {
            certificates[handle.index] = certificate
            clients[handle.index].hasCertificate = true
        }
        clientDeadlines[handle.index] = now.monotonic.after(milliseconds: isDraining ? Limits.headMilliseconds : Limits.idleMilliseconds)
        perform(.read(handle))
    }

    /// SHA-256 of the certificate this client showed, if it showed one.
    func certificate(of client: Int) -> Digest? { clients[client].hasCertificate ? certificates[client] : nil }

    mutating func forgetCertificate(of client: Int) {
        certificates[client] = nil
        clients[client].hasCertificate = false
    }
}
