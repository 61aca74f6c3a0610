import Registry
import Support
import Testing

@testable import Transport

/// A client and a server of TLS over a real connection, both driven by one thread.
final class SessionPair {
    let server: TLSSession
    let client: TLSSession
    let descriptors: (server: Int32, client: Int32)
    private var isClosed = (server: false, client: false)

    init(server: TLSContext, client: TLSContext, name: String = "a.example") throws {
        let address = try SocketAddress.resolve("127.0.0.1:\(freePort())")
        let listener = try Sockets.listen(address)
        defer { Sockets.close(listener) }
        let near = try #require(Sockets.connect(address))
        let accepted = (0..<1_000_000).lazy.compactMap { _ in Sockets.accept(listener)?.descriptor }.first { _ in true }
        let far = try #require(accepted)
        descriptors = (far, near)
        self.server = try #require(TLSSession.accept(far, by: server))
        self.client = try #require(TLSSession.connect(near, to: name, by: client))
    }

    deinit {
        if !isClosed.server { closeServer() }
        if !isClosed.client { closeClient() }
    }

    func closeServer() {
        server.close()
        Sockets.close(descriptors.server)
        isClosed.server = true
    }

    func closeClient(politely: Bool = true) {
        if politely { client.close() }
        Sockets.close(descriptors.client)
        isClosed.client = true
    }

    /// The handshake of both sides, turn by turn: nil where it is done, else why not.
    func shake() -> (server: String?, client: String?)? {
        var (atServer, atClient): (TLSSession.Step, TLSSession.Step) = (.waiting, .waiting)
        for _ in 0..<100_000 {
            if case .waiting = atClient { atClient = client.handshake() }
            if case .waiting = atServer { atServer = server.handshake() }
            if case .waiting = atServer { continue }
            if case .waiting = atClient { continue }
            break
        }
        if case .done = atServer, case .done = atClient { return nil }
        return (reason(atServer), reason(atClient))
    }

    private func reason(_ step: TLSSession.Step) -> String? {
        if case .failed(let reason) = step { reason } else { nil }
    }

    /// One read.
    func receive(_ session: TLSSession) -> (transfer: Transfer, bytes: [UInt8]) {
        var buffer = [UInt8](repeating: 0, count: TransportLimits.pieceBytes)
        var room = buffer.mutableSpan
        let transfer = session.receive(into: &room)
        guard case .moved(let count) = transfer else { return (transfer, []) }
        return (transfer, Array(buffer[0..<count]))
    }

    /// Reads until something came, or the end.
    func await(_ session: TLSSession) -> (transfer: Transfer, bytes: [UInt8]) {
        for _ in 0..<1_000_000 {
            let found = receive(session)
            if !found.transfer.isWaiting { return found }
        }
        return (.wouldBlock, [])
    }

    func send(_ bytes: [UInt8], on session: TLSSession) -> Transfer { session.send(bytes.span) }

    func send(_ first: [UInt8], _ second: [UInt8], on session: TLSSession) -> Transfer {
        var record = [UInt8](repeating: 0, count: 16_384)
        var room = record.mutableSpan
        return session.send(first.span, second.span, joinedIn: &room)
    }
}

extension Transfer {
    /// Bytes moved, or nil.
    var count: Int? { if case .moved(let count) = self { count } else { nil } }
    var isWaiting: Bool { if case .wouldBlock = self { true } else { false } }
    var isBroken: Bool { if case .broken = self { true } else { false } }
}

extension TLSFiles {
    init(_ pairs: [TestAuthority.Pair], clients: ClientCertificates = .none, authority: String? = nil, revoked: String? = nil) {
        self.init(
            pairs: pairs.map(Pair.init), authorities: authority, clientRevocations: revoked, clientCertificates: clients)
    }
}

extension TLSFiles.Pair {
    init(_ pair: TestAuthority.Pair) { self.init(certificate: pair.certificate, key: pair.key) }
}

extension TLSContext {
    /// A listener's context with tickets of its own.
    static func server(_ files: TLSFiles) throws -> TLSContext {
        try server(files, tickets: TicketKeys(at: SystemClock.now().monotonic))
    }
}
