import Admission
import Decisions
import Exchange
import Registry

/// One loop: an `Exchange` driven as `Transport` drives it, by the same rules: reads follow edges and `read` actions only, sends may be
/// partial, time is a number. What a real loop could miss for ever is missed here too.
final class LoopModel {
    /// Bytes of one read, as the loop's.
    static let pieceBytes = 65_536

    let index: Int
    var exchange: Exchange
    var now: Moment
    /// Its thread is not run: it sees neither time nor events.
    var isStalled = false
    /// Its turn is long: it handles events by an old reading of the clock.
    var isLagging = false
    var isDraining = false
    /// Monotonic nanoseconds.
    var drainedAt = Int64.min
    var edition = 0
    private(set) var clients: [End?] = []
    private(set) var stores: [End?] = []
    var ready: [End] = []
    private var pending: [Action] = []
    private var nextPending = 0
    var piece: ArraySlice<UInt8> = []
    /// Requests whose records came.
    private(set) var recorded: Set<UInt64> = []
    unowned let simulator: Simulator

    init(_ index: Int, simulator: Simulator, setting: Exchange.Setting, rules: Ruleset) {
        self.index = index
        self.simulator = simulator
        now = Scenery.start
        exchange = Exchange(setting, rules: rules, seed: (UInt64(index) + 1, 2, 3, 4))
    }

    var openClients: Int { clients.reduce(0) { $0 + ($1 == nil ? 0 : 1) } }
    var openStores: Int { stores.reduce(0) { $0 + ($1 == nil ? 0 : 1) } }

    func end(_ handle: ConnectionHandle) -> End? {
        let list = handle.side == .client ? clients : stores
        guard handle.index < list.count, let end = list[handle.index], end.handle == handle else { return nil }
        return end
    }

    private func keep(_ end: End) {
        let index = end.handle.index
        if end.handle.side == .client {
            while clients.count <= index { clients.append(nil) }
            if clients[index] != nil { simulator.fail("a client's slot was given away while in use") }
            clients[index] = end
        } else {
            while stores.count <= index { stores.append(nil) }
            if stores[index] != nil { simulator.fail("a core store's slot was given away while in use") }
            stores[index] = end
        }
    }

    // MARK: Events

    func connect(from address: Int, isOpening: Bool) -> End? {
        let (number, text) = Scenery.addresses[address]
        guard let handle = exchange.accepted(from: number, spelt: Array(text.utf8), isOpening: isOpening, at: now) else {
            observe()
            return nil
        }
        let end = End(handle, loop: index, endpoint: nil, address: address, at: now)
        end.isOpening = isOpening
        keep(end)
        observe()
        return end
    }

    /// It is known now whose the connection is; nil: nobody's.
    func open(_ end: End, as address: Int?, isSecure: Bool) {
        guard exchange.isCurrent(end.handle) else { return }
        guard let address else { return fail(end) }
        end.isOpening = false
        end.address = address
        end.isSecure = isSecure
        end.certificate = isSecure ? [Scenery.certificate, nil, Digest(5, 5, 5, 5)][address % 3] : nil
        let (number, text) = Scenery.addresses[address]
        exchange.opened(
            end.handle, as: Peer(address: number, addressText: Array(text.utf8), isSecure: isSecure, certificate: end.certificate), at: now)
        observe()
        turn()
    }

    func tick() {
        exchange.tick(at: now)
        observe()
        turn()
        audit(exchange.decisions)
        exchange.decisions.removeAll(keepingCapacity: true)
        simulator.note(reports: exchange.reports.count)
        exchange.reports.removeAll(keepingCapacity: true)
        simulator.coverage.news += exchange.news.count
        exchange.news.removeAll(keepingCapacity: true)
    }

    /// Each request is recorded once, under an id that was given out, and its verdict is what the rules say.
    private func audit(_ decisions: [Decision]) {
        for decision in decisions {
            if decision.sequence >= exchange.idCount { simulator.fail("a record of a request that never was") }
            if !recorded.insert(decision.sequence).inserted { simulator.fail("request \(decision.sequence) is recorded twice") }
            if let flaw = simulator.scenery.flaw(of: decision) { simulator.fail(flaw) }
        }
    }

    func drain() {
        isDraining = true
        drainedAt = min(now.monotonic.nanoseconds, drainedAt == .min ? .max : drainedAt)
        exchange.drain(at: now)
        observe()
        turn()
    }

    func adopt(_ edition: Int) {
        self.edition = edition
        exchange.adopt(simulator.scenery.rules[edition])
    }

    /// Marks an end as worth looking at.
    func touch(_ end: End) {
        guard !end.needsLook, !end.isClosed else { return }
        end.needsLook = true
        ready.append(end)
    }

    /// Turns until nothing moves any more.
    func turn() {
        perform()
        var looks = 0
        while !ready.isEmpty, simulator.failure == nil {
            looks += 1
            if looks > 20_000 { return simulator.fail("a loop turns for ever") }
            let place = simulator.isCutting ? simulator.noise.pick(ready.count) : 0
            let end = ready.remove(at: place)
            end.needsLook = false
            look(at: end)
            perform()
        }
    }

    private func look(at end: End) {
        guard !end.isClosed, exchange.isCurrent(end.handle) else { return }
        if end.isBroken {
            // What came before the break may be read first, or be lost with it.
            if end.waiting > 0, exchange.wantsBytes(end.handle), simulator.isCutting, simulator.noise.pick(2) == 0 { return read(end) }
            return fail(end)
        }
        if end.isConnecting {
            end.isConnecting = false
            guard !end.isRefused else { return fail(end) }
            end.isOpen = true
            exchange.connected(end.handle, at: now)
            observe()
            perform()
        } else if !end.isWritable, end.window > 0 {
            end.isWritable = true
            if exchange.hasOutput(end.handle) { send(end) }
            perform()
        }
        read(end)
    }

    func fail(_ end: End) {
        simulator.willFail(end)
        exchange.failed(end.handle, at: now)
        observe()
    }

    private func read(_ end: End) {
        guard !end.isClosed, exchange.isCurrent(end.handle), end.isReadable, exchange.wantsBytes(end.handle) else { return }
        guard end.waiting > 0 else {
            end.isEndTold = true
            exchange.ended(end.handle, at: now)
            return observe()
        }
        let size = simulator.cut(min(end.waiting, LoopModel.pieceBytes))
        let bytes = end.outbox[end.taken..<end.taken + size]
        end.taken += size
        simulator.didTake(end, at: now)
        touch(end)
        piece = bytes
        exchange.received(bytes.span, on: end.handle, at: now)
        observe()
        perform()
        piece = []
    }

    // MARK: Actions

    /// Takes the actions of the event just told, and looks at what was written before anything else happens: this is the moment at which
    /// a request was judged or an answer was made.
    func observe() {
        while let action = exchange.takeAction() {
            pending.append(action)
            switch action {
            case .send(let handle): if let end = end(handle) { tap(end) }
            case .sendThrough(let handle, let range):
                guard let end = end(handle) else { continue }
                tap(end)
                guard range.upperBound <= piece.count else { return simulator.fail("more is sent through than was received") }
                end.produced += piece[piece.startIndex + range.lowerBound..<piece.startIndex + range.upperBound]
                simulator.didProduce(end, at: now)
            case .connect(let handle, let endpoint):
                let end = End(handle, loop: index, endpoint: endpoint, address: 0, at: now)
                keep(end)
                simulator.stores.append(end)
                tap(end)
            case .close(let handle), .reset(let handle): close(handle)
            case .lookUp(let handle): if let end = end(handle) { simulator.didAsk(end, exchange.question(of: handle)) }
            case .read, .finishSending: continue
            }
        }
    }

    /// Looks at what the exchange wrote for this end since the last look.
    private func tap(_ end: End) {
        guard exchange.isCurrent(end.handle) else { return }
        let known = end.produced.count - end.sent
        exchange.withOutput(of: end.handle) { bytes in
            guard bytes.count > known else { return }
            LoopModel.append(bytes.extracting(known...), to: &end.produced)
        }
        simulator.didProduce(end, at: now)
    }

    private static func append(_ bytes: Span<UInt8>, to produced: inout [UInt8]) {
        let start = produced.count
        produced.append(contentsOf: repeatElement(0, count: bytes.count))
        var memory = produced.mutableSpan
        var target = memory._mutatingExtracting(start...)
        for index in 0..<bytes.count { target[index] = bytes[index] }
    }

    func perform() {
        while nextPending < pending.count {
            let action = pending[nextPending]
            nextPending += 1
            switch action {
            case .send(let handle): if let end = end(handle) { send(end) }
            case .sendThrough(let handle, let range): if let end = end(handle) { send(end, through: range) }
            case .connect(let handle, _): if let end = end(handle) { begin(end) }
            case .read(let handle): if let end = end(handle), end.isReadable { touch(end) }
            case .finishSending(let handle): if let end = end(handle) { finishSending(end) }
            case .close, .reset, .lookUp: continue
            }
        }
        pending.removeAll(keepingCapacity: true)
        nextPending = 0
    }

    private func begin(_ end: End) {
        guard exchange.isCurrent(end.handle) else { return }
        let door = simulator.door(end.endpoint)
        switch door {
        case .open, .refusing, .sick:
            end.isConnecting = true
            end.isRefused = door == .refusing
            touch(end)
        case .failing: fail(end)
        case .silent: break
        }
    }

    private func finishSending(_ end: End) {
        if exchange.isCurrent(end.handle), end.sent < end.produced.count {
            simulator.fail("a connection is half closed before its output is out")
        }
        end.isHalfClosed = true
        simulator.didFinish(end)
    }

    /// At once: to the exchange it is closed already, and its slot may be another's in the same event.
    private func close(_ handle: ConnectionHandle) {
        guard let end = end(handle) else { return simulator.fail("a connection is closed that is not open") }
        if handle.side == .client { clients[handle.index] = nil } else { stores[handle.index] = nil }
        end.isClosed = true
        simulator.didClose(end, at: now)
    }
}
