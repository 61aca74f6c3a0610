import Admission
import Registry

@testable import Exchange

/// Carries out an `Exchange`'s actions in memory: every byte that is wanted is handed over, and what is sent arrives as far as windows allow.
final class Driver {
    /// One connection, a client's or a core store's.
    final class End {
        let handle: ConnectionHandle
        /// Of a core store's.
        let environment: Environment?
        /// Everything the other side ever sent, and how much of it the gateway has taken.
        var sent: [UInt8] = []
        var taken = 0
        /// Everything the gateway ever sent to it.
        var received: [UInt8] = []
        /// Bytes it takes before it stops reading.
        var window = Int.max
        var hasEnded = false
        var isEndTold = false
        var isConnecting = false
        var isClosed = false

        init(_ handle: ConnectionHandle, environment: Environment?) {
            self.handle = handle
            self.environment = environment
        }
    }

    var exchange: Exchange
    let endpoints = EndpointTable()
    let connections = ConnectionCounts()
    let rules: Ruleset
    var now = Moment(wall: WallTime(seconds: 1_620_000_000), monotonic: MonotonicTime(nanoseconds: 1_000_000_000_000))
    /// Whether core stores take connections; nil where they do not even refuse.
    var door: Bool? = true
    private(set) var clients: [End] = []
    private(set) var stores: [End] = []
    private var open: [ConnectionHandle: End] = [:]
    private var piece: [UInt8] = []

    init(_ rules: Ruleset) {
        self.rules = rules
        for environment in Environment.allCases { endpoints.activate(EndpointName(environment: environment, slot: 0)) }
        let setting = Exchange.Setting(
            authorities: Driver.authorities, digest: { PlainRules.digest($0) }, anonymous: AddressLevels(entries: 512, seed: 1),
            failures: AddressLevels(entries: 512, seed: 2), endpoints: endpoints, connections: connections)
        exchange = Exchange(setting, rules: rules, seed: (1, 2, 3, 4))
    }

    static let authorities = ["sandbox.store", "production.store"]

    /// The address of the client at this place, as X-Forwarded-For spells it.
    static func address(_ place: Int) -> String { "192.0.2.\(place + 1)" }

    /// A new client, or nil where the gateway takes none.
    func connect() -> End? {
        let place = clients.count
        let address = Address(ipv4: 0xC000_0201 + UInt32(place))
        guard let handle = exchange.accepted(from: address, spelt: Array(Driver.address(place).utf8), at: now) else { return nil }
        let end = End(handle, environment: nil)
        clients.append(end)
        open[handle] = end
        return end
    }

    func advance(milliseconds: Int64) {
        now.wall.nanoseconds += milliseconds * 1_000_000
        now.monotonic.nanoseconds += milliseconds * 1_000_000
        exchange.tick(at: now)
        settle()
    }

    func fail(_ end: End) {
        guard open[end.handle] != nil else { return }
        exchange.failed(end.handle, at: now)
        settle()
    }

    /// Until nothing moves any more; `pieceBytes` cuts what is handed over.
    func settle(pieceBytes: Int = 65_536) {
        perform()
        var hasMoved = true
        while hasMoved {
            hasMoved = false
            for end in clients + stores where open[end.handle] != nil {
                hasMoved = look(at: end, pieceBytes) || hasMoved
                perform()
            }
        }
    }

    private func look(at end: End, _ pieceBytes: Int) -> Bool {
        if end.isConnecting {
            guard let door else { return false }
            end.isConnecting = false
            door ? exchange.connected(end.handle, at: now) : exchange.failed(end.handle, at: now)
            return true
        }
        if end.window > 0, exchange.hasOutput(end.handle) {
            let before = end.received.count
            send(end)
            if end.received.count > before { return true }
        }
        guard exchange.isCurrent(end.handle), exchange.wantsBytes(end.handle) else { return false }
        guard end.taken < end.sent.count else {
            guard end.hasEnded, !end.isEndTold else { return false }
            end.isEndTold = true
            exchange.ended(end.handle, at: now)
            return true
        }
        let bytes = Array(end.sent[end.taken..<min(end.taken + pieceBytes, end.sent.count)])
        piece = bytes
        end.taken += bytes.count
        exchange.received(bytes.span, on: end.handle, at: now)
        return true
    }

    private func perform() {
        while let action = exchange.takeAction() {
            switch action {
            case .send(let handle): if let end = open[handle] { send(end) }
            case .sendThrough(let handle, let range): if let end = open[handle] { send(end, through: Array(piece[range])) }
            case .connect(let handle, let endpoint):
                let end = End(handle, environment: endpoint.environment)
                end.isConnecting = true
                stores.append(end)
                open[handle] = end
            case .lookUp(let handle):
                if let question = exchange.question(of: handle) { exchange.lookedUp(handle, question, .unknown, at: now) }
            case .read, .finishSending: break
            case .close(let handle), .reset(let handle):
                open[handle]?.isClosed = true
                open[handle] = nil
            }
        }
    }

    private static func copy(_ bytes: Span<UInt8>) -> [UInt8] { bytes.array }

    private func send(_ end: End, through tail: [UInt8] = []) {
        guard exchange.isCurrent(end.handle), !end.isConnecting else { return }
        let head = exchange.withOutput(of: end.handle) { Driver.copy($0) }
        let available = head + tail
        guard !available.isEmpty else { return exchange.passedThrough(end.handle, at: now) }
        let count = min(end.window, available.count)
        end.received += available.prefix(count)
        if end.window < .max { end.window -= count }
        let rest = Array(tail.dropFirst(max(0, count - head.count)))
        if !rest.isEmpty { exchange.keep(rest.span, for: end.handle) }
        if head.isEmpty, rest.isEmpty {
            exchange.passedThrough(end.handle, at: now)
        } else {
            exchange.sent(min(count, head.count), on: end.handle, at: now)
        }
    }
}
