package import Exchange
import Glibc
import Registry
import Synchronization

/// One thread with its own sockets, event queue and `Exchange`: it moves bytes and carries out actions, and decides nothing.
/// A value, not a class: every access to a class's property is checked at run time, a value's while compiling.
@safe package struct Loop: ~Copyable {
    /// What a loop needs to run.
    package struct Setting: Sendable {
        /// Where clients come in: descriptors that the loop closes when it stops accepting.
        package var listeners: [Listener]
        /// Where the core stores' endpoints are.
        package var stores: StoreDirectory
        /// The exchange's part.
        package var exchange: Exchange.Setting
        /// How long requests may take to end once draining began, in milliseconds.
        package var drainMilliseconds: Int64
        /// Beats once a tick.
        package var pulse: Pulse
        /// What listeners of TLS show and ask for.
        package var security: PublishedTLS?
        /// What is shown to and asked of core stores by TLS.
        package var storeSecurity: PublishedTLS?
        /// Connections come from trusted proxies only, and each begins with a PROXY header.
        package var requiresProxyHeader: Bool
        /// Where records go; nil where none are kept.
        package var decisions: DecisionRing?
        /// Who looks records up; nil where nobody does.
        package var desk: DecisionDesk?
        /// Told of clients with whom TLS was not agreed on, and why. Those who left without a word, as balancers' checks do, are not told of.
        package var handshakeReporter: @Sendable (_ client: String, _ why: String) -> Void

        /// A setting from its parts.
        package init(
            listeners: [Listener], stores: StoreDirectory, exchange: Exchange.Setting, drainMilliseconds: Int64, pulse: Pulse = Pulse(),
            security: PublishedTLS? = nil, storeSecurity: PublishedTLS? = nil, requiresProxyHeader: Bool = false,
            decisions: DecisionRing? = nil, desk: DecisionDesk? = nil,
            handshakeReporter: @escaping @Sendable (_ client: String, _ why: String) -> Void = { _, _ in }
        ) {
            self.handshakeReporter = handshakeReporter
            self.decisions = decisions
            self.desk = desk
            self.storeSecurity = storeSecurity
            self.security = security
            self.listeners = listeners
            self.stores = stores
            self.exchange = exchange
            self.drainMilliseconds = drainMilliseconds
            self.pulse = pulse
            self.requiresProxyHeader = requiresProxyHeader
        }
    }

    /// What a loop remembers of a connection's socket.
    struct Connection {
        var descriptor: Int32 = -1
        var isReadable = false
        var isWritable = false
        var hasHungUp = false
        /// What its bytes are at the moment.
        var stage = Stage.open
    }

    /// The steps of a connection until its bytes are the exchange's: proxyHeader → open, or → handshake → secure.
    enum Stage: UInt8 {
        /// A PROXY header has to come first.
        case proxyHeader
        /// TLS is being agreed on.
        case handshake
        /// Its bytes are requests, or answers to them.
        case open
        /// The same inside TLS.
        case secure

        /// The exchange does not see its bytes yet.
        var isOpening: Bool { rawValue < Stage.open.rawValue }
        /// There is a TLS session beside the socket.
        var hasSession: Bool { self == .secure || self == .handshake }
    }

    let setting: Setting
    let queue: EventQueue
    let rules: PublishedRules
    let reporter: @Sendable (FaultReport) -> Void
    let shouldDrain: Drain
    private var listeners: [Listener]
    private var isListening = false
    /// Descriptors had run out; one closed since may serve the next client.
    var mayListenAgain: Bool { !isListening && drainEnd == .max }
    private var adopted: UInt64
    private var current: Ruleset
    var exchange: Exchange
    var clients: [Connection] = []
    var upstreams: [Connection] = []
    /// Kept to have a descriptor for a core store when all are in use; −1 while it is lent.
    var reserve = Sockets.reserve()
    /// Descriptors had run out when one was last asked for.
    var isOutOfDescriptors = false
    /// Whose the connections are that are not open yet, by client.
    var arrivals: [Int: Peer] = [:]
    /// The TLS of connections that have one, apart from what every turn looks at.
    var security = LoopSecurity()
    /// Connections to read again in the next turn, and those of this one.
    var toRead: [ConnectionHandle] = []
    var reading: [ConnectionHandle] = []
    var now: Moment
    private var nextTick: Int64 = 0
    private var drainEnd = Int64.max
    let piece: UnsafeMutableRawBufferPointer

    /// Where answers of the desk come in.
    let mailbox: DecisionMailbox?

    /// Events of no connection have names far above theirs: that of the mailbox, and `firstListenerName - index` of a listener.
    private static let leastOwnName = UInt64.max - 0xFFFF
    private static let mailboxName = UInt64.max
    private static let firstListenerName = UInt64.max - 1

    /// A loop ready to run, so that faults of its setting show before any thread starts.
    package init(
        _ setting: Setting, rules: PublishedRules, drain: Drain, reporter: @escaping @Sendable (FaultReport) -> Void
    ) throws {
        let queue = try EventQueue()
        let current = rules.current
        let mailbox = try setting.desk.map { _ in try DecisionMailbox() }
        if let mailbox, !queue.watch(mailbox.bell, as: Loop.mailboxName) { throw SystemFault("watch for answers") }
        self.mailbox = mailbox
        self.setting = setting
        self.rules = rules
        self.reporter = reporter
        shouldDrain = drain
        self.queue = queue
        listeners = setting.listeners
        for listener in listeners { Sockets.boundUnsent(of: listener.descriptor) }
        adopted = rules.replacements
        self.current = current
        exchange = Exchange(setting.exchange, rules: current, seed: SystemClock.seed())
        now = SystemClock.now()
        unsafe piece = .allocate(byteCount: TransportLimits.pieceBytes, alignment: 64)
    }

    deinit {
        for listener in listeners { listener.close() }
        if reserve >= 0 { Sockets.close(reserve) }
        unsafe piece.deallocate()
    }

    /// Runs until drained.
    package mutating func run() {
        resumeListening()
        while true {
            let count = queue.wait(milliseconds: toRead.isEmpty && security.toShake.isEmpty ? Int32(Limits.tickMilliseconds) : 0)
            now = SystemClock.now()
            if rules.replacements != adopted { adopt() }
            for index in 0..<count {
                let (name, readiness) = queue.event(index)
                if name < Loop.leastOwnName { handle(ConnectionHandle(packed: name), readiness) } else { handle(own: name) }
            }
            settle()
            handOverDecisions()
            if now.monotonic.nanoseconds >= nextTick { tick() }
            if drainEnd < .max, exchange.isAtRest || now.monotonic.nanoseconds >= drainEnd { return breakOff() }
        }
    }

    private mutating func handle(own name: UInt64) {
        if name == Loop.mailboxName { return openMail() }
        let index = Loop.firstListenerName - name
        if index < UInt64(listeners.count) { acceptAll(listeners[Int(index)]) }
    }

    private mutating func handOverDecisions() {
        guard !exchange.decisions.isEmpty else { return }
        setting.decisions?.put(exchange.decisions)
        exchange.decisions.removeAll(keepingCapacity: true)
    }

    private mutating func adopt() {
        adopted = rules.replacements
        current = rules.current
        exchange.adopt(current)
    }

    private mutating func tick() {
        nextTick = now.monotonic.nanoseconds + Limits.tickMilliseconds * 1_000_000
        exchange.tick(at: now)
        setting.pulse.beat()
        if drainEnd == .max, shouldDrain.isAsked { beginDraining() }
        if mayListenAgain { resumeListening() }
        if reserve < 0 { reserve = Sockets.reserve() }
        settle()
        tell()
    }

    /// Hands on what the exchange has to report.
    private mutating func tell() {
        for report in exchange.reports { reporter(report) }
        exchange.reports.removeAll()
        for item in exchange.news { setting.stores.tell(item) }
        exchange.news.removeAll()
    }

    /// What waits in the queues is taken first: nobody else will, unless a successor has the same sockets.
    private mutating func beginDraining() {
        drainEnd = now.monotonic.nanoseconds + setting.drainMilliseconds * 1_000_000
        for listener in listeners { while acceptAll(listener) {} }
        stopListening()
        for listener in listeners { listener.close() }
        listeners = []
        exchange.drain(at: now)
    }

    /// All is done, or the time to drain is over: whoever still waits for an answer learns it at once, by a reset.
    private mutating func breakOff() {
        exchange.noteUnfinished(at: now)
        tell()
        handOverDecisions()
        shouldDrain.report(running: exchange.runningRequests)
        for (index, client) in clients.enumerated() where client.descriptor >= 0 {
            let isRunning = exchange.isRunning(client: index)
            // Before its descriptor is another thread's: TLS writes into it.
            if client.stage.hasSession { security.close(client: index, isCut: isRunning) }
            if isRunning { Sockets.reset(client.descriptor) } else { Sockets.close(client.descriptor) }
        }
    }

    mutating func resumeListening() {
        isListening = true
        for (index, listener) in listeners.enumerated() {
            if !queue.watchListener(listener.descriptor, as: Loop.firstListenerName - UInt64(index)) { isListening = false }
        }
    }

    private mutating func stopListening() {
        for listener in listeners { queue.ignore(listener.descriptor) }
        isListening = false
    }

    /// Takes what waits, up to a turn's share; says whether that was used up. Out of descriptors, an idle connection gives way; where none is,
    /// it looks away until one is closed, here at once and elsewhere by the next tick: the rest waits in the kernel.
    @discardableResult
    private mutating func acceptAll(_ listener: Listener) -> Bool {
        for _ in 0..<TransportLimits.acceptsPerTurn {
            guard let (descriptor, peer) = Sockets.accept(listener.descriptor) else {
                guard errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM else { return false }
                guard exchange.makeRoom(at: now) else {
                    stopListening()
                    return false
                }
                perform()
                continue
            }
            arrive(descriptor, from: peer, at: listener.kind)
        }
        return true
    }
}

/// Asks all loops to end: set once, looked at every tick.
package final class Drain: Sendable {
    private let asked = Atomic<Bool>(false)
    private let running = Atomic<Int>(0)

    /// Nothing asked yet.
    package init() {}

    /// Asks.
    package func ask() { asked.store(true, ordering: .relaxed) }

    /// Whether it was asked.
    package var isAsked: Bool { asked.load(ordering: .relaxed) }

    /// Requests that had not ended when the time to drain was over.
    package var brokenRequests: Int { running.load(ordering: .relaxed) }

    func report(running count: Int) { running.add(count, ordering: .relaxed) }
}

extension Loop {
    /// Makes a loop and runs it on a thread of its own; what keeps it from listening is thrown here.
    package static func start(
        _ setting: Setting, rules: PublishedRules, drain: Drain, reporter: @escaping @Sendable (FaultReport) -> Void
    ) throws -> Threads.Handle {
        let carrier = Carrier(try Loop(setting, rules: rules, drain: drain, reporter: reporter))
        return try Threads.start { carrier.loop.run() }
    }

    /// Carries a loop to its thread; unchecked because the thread that made it never touches it again.
    private final class Carrier: @unchecked Sendable {
        var loop: Loop
        init(_ loop: consuming Loop) { self.loop = loop }
    }
}
