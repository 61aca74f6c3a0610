import Admission
import Decisions
import Exchange
import Registry

/// Carries out an `Exchange`'s actions in memory as a loop does with sockets, by the same rules: reads follow edges and `read` actions only,
/// sends may be partial, time is a number. What a real loop could miss for ever is missed here too.
final class Bench {
    /// How core stores take a new connection.
    enum Door {
        case open, refuse, silent
        /// This machine has no descriptor left.
        case lacking
    }

    /// Bytes of one read, as the loop's.
    static let pieceBytes = 65_536

    var exchange: Exchange
    var now = World.start
    var pieces: Pieces
    var door = Door.open
    /// For endpoints that take connections otherwise than `door` says.
    var doors: [EndpointName: Door] = [:]
    let endpoints: EndpointTable
    /// What a core store does about bytes that came, if it is to act by itself.
    var onArrival: ((Peer) -> Void)?
    /// Decisions to look up, in the order they were asked for.
    private(set) var asked: [(handle: ConnectionHandle, question: DecisionQuestion)] = []
    private(set) var clients: [Peer] = []
    private(set) var stores: [Peer] = []
    private var open: [ConnectionHandle: Peer] = [:]
    private var piece: [UInt8] = []

    init(
        _ rules: Ruleset, pieces: Pieces = .whole, slots: Int = 1, checks: CheckSetting? = nil, endpoints: EndpointTable = EndpointTable(),
        trust: ProxyTrust = ProxyTrust(), connections: ConnectionCounts = ConnectionCounts(),
        keepsRecords: Bool = true
    ) {
        self.pieces = pieces
        self.endpoints = endpoints
        for environment in Environment.allCases {
            for slot in 0..<slots {
                endpoints.activate(EndpointName(environment: environment, slot: slot))
            }
        }
        let setting = Exchange.Setting(
            authorities: ["sandbox.store", "production.store"], digest: { World.digest($0) },
            anonymous: AddressLevels(entries: 4_096, seed: 1), failures: AddressLevels(entries: 4_096, seed: 2),
            endpoints: endpoints, checks: checks, hstsSeconds: 3_600, trust: trust, connections: connections,
            subjects: keepsRecords ? SubjectSecret((1, 2, 3, 4)) : nil)
        exchange = Exchange(setting, rules: rules, seed: (1, 2, 3, 4))
    }

    /// A new client, or nil where the gateway takes none.
    func connect(
        from address: Address = Address(ipv4: 0xC000_0207), spelt text: String = "192.0.2.7", isOpening: Bool = false
    ) -> Peer? {
        var accepted = exchange.accepted(from: address, spelt: Array(text.utf8), isOpening: isOpening, at: now)
        if accepted == nil, exchange.isFull, exchange.makeRoom(at: now) {
            perform()
            accepted = exchange.accepted(from: address, spelt: Array(text.utf8), isOpening: isOpening, at: now)
        }
        guard let handle = accepted else { return nil }
        let peer = Peer(handle, endpoint: nil, bench: self)
        clients.append(peer)
        open[handle] = peer
        return peer
    }

    /// The client's connection turns out to be this one's.
    func finishOpening(_ client: Peer, as address: UInt32, spelt text: String, certificate: Digest? = nil) {
        exchange.opened(
            client.handle,
            as: .init(
                address: Address(ipv4: address), addressText: Array(text.utf8), isSecure: certificate != nil, certificate: certificate),
            at: now)
        settle()
    }

    /// Time passes, a tick at a time, or in larger steps where nothing is to be seen between.
    func advance(milliseconds: Int64, step: Int64 = Limits.tickMilliseconds) {
        for _ in 0..<milliseconds / step {
            now = now.later(milliseconds: step)
            exchange.tick(at: now)
            settle()
        }
    }

    /// So much time passes, and a tick looks at it.
    func pass(nanoseconds: Int64) {
        now = Moment(
            wall: WallTime(nanoseconds: now.wall.nanoseconds + nanoseconds),
            monotonic: MonotonicTime(nanoseconds: now.monotonic.nanoseconds + nanoseconds))
        exchange.tick(at: now)
        settle()
    }

    /// Time passes until so long after the start.
    func pass(untilNanoseconds end: Int64) { pass(nanoseconds: World.start.monotonic.nanoseconds + end - now.monotonic.nanoseconds) }

    /// What was looked up is told, whether anybody still waits for it or not.
    func answer(_ place: Int, _ found: DecisionAnswer) {
        exchange.lookedUp(asked[place].handle, asked[place].question, found, at: now)
        settle()
    }

    func drain() {
        exchange.drain(at: now)
        settle()
    }

    /// Turns until nothing moves any more.
    func settle() {
        perform()
        while true {
            let ready = open.values.filter(\.needsLook).sorted { $0.handle.packed < $1.handle.packed }
            guard !ready.isEmpty else { return }
            for peer in pieces.order(ready) {
                peer.needsLook = false
                look(at: peer)
                perform()
            }
        }
    }

    private func look(at peer: Peer) {
        guard exchange.isCurrent(peer.handle) else { return }
        if peer.isBroken { return exchange.failed(peer.handle, at: now) }
        if peer.isConnecting {
            peer.isConnecting = false
            (peer.endpoint.flatMap { doors[$0] } ?? door) == .open
                ? exchange.connected(peer.handle, at: now) : exchange.failed(peer.handle, at: now)
            perform()
        } else if !peer.isWritable, peer.window > 0 {
            peer.isWritable = true
            if exchange.hasOutput(peer.handle) { send(peer) }
            perform()
        }
        read(peer)
    }

    private func read(_ peer: Peer) {
        guard exchange.isCurrent(peer.handle), peer.isReadable, exchange.wantsBytes(peer.handle) else { return }
        guard peer.waiting > 0 else {
            peer.isEndTold = true
            return exchange.ended(peer.handle, at: now)
        }
        let size = pieces.next(of: min(peer.waiting, Bench.pieceBytes))
        let bytes = peer.takeOut(size)
        piece = bytes
        peer.needsLook = true
        exchange.received(bytes.span, on: peer.handle, at: now)
    }

    private func perform() {
        while let action = exchange.takeAction() {
            switch action {
            case .send(let handle): if let peer = open[handle] { send(peer) }
            case .sendThrough(let handle, let range): if let peer = open[handle] { send(peer, through: Array(piece[range])) }
            case .connect(let handle, let endpoint): connectStore(handle, endpoint)
            case .read(let handle): if let peer = open[handle], peer.isReadable { peer.needsLook = true }
            case .finishSending(let handle): open[handle]?.isHalfClosed = true
            case .lookUp(let handle): if let question = exchange.question(of: handle) { asked.append((handle, question)) }
            case .close(let handle), .reset(let handle):
                open[handle]?.isClosed = true
                if case .reset = action { open[handle]?.isReset = true }
                open[handle] = nil
            }
        }
    }

    private func connectStore(_ handle: ConnectionHandle, _ endpoint: EndpointName) {
        let peer = Peer(handle, endpoint: endpoint, bench: self)
        stores.append(peer)
        open[handle] = peer
        guard (doors[endpoint] ?? door) != .lacking else { return exchange.lacksDescriptor(handle, at: now) }
        peer.isConnecting = (doors[endpoint] ?? door) != .silent
        peer.needsLook = peer.isConnecting
    }

    private static func copy(_ bytes: Span<UInt8>, atMost limit: Int) -> [UInt8] {
        var copy: [UInt8] = []
        copy.reserveCapacity(min(bytes.count, limit))
        for index in 0..<min(bytes.count, limit) { copy.append(bytes[index]) }
        return copy
    }

    private func send(_ peer: Peer, through tail: [UInt8]? = nil) {
        guard exchange.isCurrent(peer.handle) else { return }
        guard !peer.isBroken else { return exchange.failed(peer.handle, at: now) }
        let tail = tail ?? []
        let headBytes = exchange.withOutput(of: peer.handle) { $0.count }
        let available = headBytes + tail.count
        guard available > 0 else { return exchange.passedThrough(peer.handle, at: now) }
        let count = peer.isWritable && peer.window > 0 ? min(peer.window, pieces.next(of: available)) : 0
        peer.inbox += exchange.withOutput(of: peer.handle) { Bench.copy($0, atMost: count) }
        peer.inbox += tail.prefix(max(0, count - headBytes))
        peer.window -= count
        if count < available {
            peer.isWritable = false
            peer.needsLook = peer.window > 0
        }
        let rest = Array(tail.dropFirst(max(0, count - headBytes)))
        if !rest.isEmpty { exchange.keep(rest.span, for: peer.handle) }
        if headBytes > 0 || !rest.isEmpty {
            exchange.sent(min(count, headBytes), on: peer.handle, at: now)
        } else {
            exchange.passedThrough(peer.handle, at: now)
        }
        if count > 0, peer.endpoint != nil { onArrival?(peer) }
    }
}

extension Moment {
    /// This moment, so much later on both clocks.
    func later(milliseconds: Int64) -> Moment {
        Moment(
            wall: WallTime(nanoseconds: wall.nanoseconds + milliseconds * 1_000_000),
            monotonic: MonotonicTime(nanoseconds: monotonic.nanoseconds + milliseconds * 1_000_000))
    }
}
