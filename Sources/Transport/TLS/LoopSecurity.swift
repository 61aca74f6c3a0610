import Exchange

/// The TLS sessions of a loop's connections, by slot of their side.
@safe struct LoopSecurity: ~Copyable {
    private var clients: [TLSSession?] = []
    private var upstreams: [TLSSession?] = []
    /// Which endpoints the handshakes under way with core stores are with, by connection.
    var endpoints: [Int: EndpointName] = [:]
    /// Connections whose handshake can go on.
    var toShake: [ConnectionHandle] = []
    /// Where a small piece and the beginning of a large one become one record.
    let record: UnsafeMutableRawBufferPointer

    init() { unsafe record = .allocate(byteCount: TransportLimits.recordBytes, alignment: 64) }

    deinit {
        for session in clients { session?.close() }
        for session in upstreams { session?.close() }
        unsafe record.deallocate()
    }

    /// The session that a connection in this stage sends and receives by; nil for one without TLS, by one comparison.
    func session(of handle: ConnectionHandle, in stage: Loop.Stage) -> TLSSession? { stage == .secure ? self[handle] : nil }

    subscript(_ handle: ConnectionHandle) -> TLSSession? {
        get {
            switch handle.side {
            case .client: handle.index < clients.count ? clients[handle.index] : nil
            case .upstream: handle.index < upstreams.count ? upstreams[handle.index] : nil
            }
        }
        set {
            switch handle.side {
            case .client:
                while handle.index >= clients.count { clients.append(nil) }
                clients[handle.index] = newValue
            case .upstream:
                while handle.index >= upstreams.count { upstreams.append(nil) }
                upstreams[handle.index] = newValue
            }
        }
    }

    mutating func close(_ handle: ConnectionHandle, isCut: Bool = false) {
        self[handle]?.close(isCut: isCut)
        self[handle] = nil
        if handle.side == .upstream { endpoints[handle.index] = nil }
    }

    /// The same at the loop's end, for a client, while its descriptor is still its own.
    mutating func close(client index: Int, isCut: Bool) {
        guard index < clients.count else { return }
        clients[index]?.close(isCut: isCut)
        clients[index] = nil
    }
}

// Handshakes: each is a signature, a hundred times the work of a request, so a turn of the loop has few of them.
extension Loop {
    /// Gives a client's connection its session; false where there is no memory for one.
    mutating func beginHandshake(_ handle: ConnectionHandle) -> Bool {
        guard let published = setting.security else { return false }
        security[handle] = TLSSession.accept(connection(handle).descriptor, by: published.current)
        return security[handle] != nil
    }

    /// Gives a connection to a core store its session; the first step waits until it is open.
    mutating func beginHandshake(_ handle: ConnectionHandle, with target: StoreTarget, _ endpoint: EndpointName) -> Bool {
        guard let published = setting.storeSecurity else { return false }
        upstreams[handle.index].stage = .handshake
        security[handle] = TLSSession.connect(upstreams[handle.index].descriptor, to: target.serverName, by: published.current)
        security.endpoints[handle.index] = endpoint
        return security[handle] != nil
    }

    /// Goes on with those that can, up to a turn's share.
    mutating func shakeHands() {
        let share = security.toShake.prefix(TransportLimits.handshakesPerTurn)
        security.toShake.removeFirst(share.count)
        for handle in share where exchange.isCurrent(handle) && connection(handle).stage == .handshake { shakeHands(handle) }
    }

    private mutating func shakeHands(_ handle: ConnectionHandle) {
        guard let session = security[handle] else { return }
        switch session.handshake() {
        case .waiting: return
        case .failed(let reason):
            if session.hasHeard { counts(of: handle)?.noteFailed() }
            if handle.side == .client, session.hasHeard { tellHandshake(of: handle, fault: reason) }
            noteHandshake(of: handle, fault: reason)
            exchange.failed(handle, at: now)
        case .done where handle.side == .upstream:
            counts(of: handle)?.noteDone(isResumed: session.isResumed)
            noteHandshake(of: handle, fault: nil)
            security.endpoints[handle.index] = nil
            upstreams[handle.index].stage = .secure
            exchange.connected(handle, at: now)
        case .done:
            counts(of: handle)?.noteDone(isResumed: session.isResumed)
            arrivals[handle.index]?.certificate = session.fingerprint
            return pass(.handshake, of: handle)
        }
        perform()
    }

    private func counts(of handle: ConnectionHandle) -> HandshakeCounts? {
        (handle.side == .client ? setting.security : setting.storeSecurity)?.handshakes
    }

    private func tellHandshake(of handle: ConnectionHandle, fault: String) {
        guard let client = arrivals[handle.index] else { return }
        setting.handshakeReporter(String(decoding: client.addressText, as: UTF8.self), fault)
    }

    private func noteHandshake(of handle: ConnectionHandle, fault: String?) {
        guard handle.side == .upstream, let endpoint = security.endpoints[handle.index] else { return }
        setting.stores.noteHandshake(with: endpoint, fault: fault)
    }
}
