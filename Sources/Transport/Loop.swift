package import Exchange
import Glibc
import Registry
import Synchronization

/// One thread with its own sockets, event queue and `Exchange`: it moves bytes and carries out actions, and decides nothing.
/// A value, not a class: every access to a class's property is checked at run time, a value's while compiling.
@safe package struct Loop: ~Copyable {
    /// What a loop needs to run.
    package struct Setting: Sendable {
        /// Where to listen.
        package var listen: SocketAddress
        /// Where the core stores' endpoints are.
        package var stores: StoreDirectory
        /// The exchange's part.
        package var exchange: Exchange.Setting
        /// How long requests may take to end once draining began, in milliseconds.
        package var drainMilliseconds: Int64

        /// A setting from its parts.
        package init(listen: SocketAddress, stores: StoreDirectory, exchange: Exchange.Setting, drainMilliseconds: Int64) {
            self.listen = listen
            self.stores = stores
            self.exchange = exchange
            self.drainMilliseconds = drainMilliseconds
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

    /// The steps of a client's connection before its bytes are the exchange's: proxyHeader → open.
    enum Stage: UInt8 {
        /// A PROXY header has to come first.
        case proxyHeader
        /// Its bytes are requests.
        case open
    }

    let setting: Setting
    let queue: EventQueue
    let rules: PublishedRules
    let reporter: @Sendable (FaultReport) -> Void
    let shouldDrain: Drain
    private var listener: Int32
    private var isListening = false
    private var adopted: UInt64
    private var current: Ruleset
    var exchange: Exchange
    var clients: [Connection] = []
    var upstreams: [Connection] = []
    /// Whose the connections are that are not open yet, by client.
    var arrivals: [Int: Peer] = [:]
    /// Connections to read again in the next turn, and those of this one.
    var toRead: [ConnectionHandle] = []
    var reading: [ConnectionHandle] = []
    var now: Moment
    private var nextTick: Int64 = 0
    private var drainEnd = Int64.max
    let piece: UnsafeMutableRawBufferPointer

    /// Bytes read at once: 64 KiB carries a large answer in few calls and is one buffer for the whole loop.
    static let pieceBytes = 65_536
    private static let listenerName = UInt64.max

    /// A loop that listens already, so that faults of its setting show before any thread starts.
    package init(
        _ setting: Setting, rules: PublishedRules, drain: Drain, reporter: @escaping @Sendable (FaultReport) -> Void
    ) throws {
        let queue = try EventQueue()
        let listener = try Sockets.listen(setting.listen)
        let current = rules.current
        self.setting = setting
        self.rules = rules
        self.reporter = reporter
        shouldDrain = drain
        self.queue = queue
        self.listener = listener
        adopted = rules.replacements
        self.current = current
        exchange = Exchange(setting.exchange, rules: current, seed: SystemClock.seed())
        now = SystemClock.now()
        unsafe piece = .allocate(byteCount: Loop.pieceBytes, alignment: 64)
    }

    deinit {
        if listener >= 0 { Sockets.close(listener) }
        unsafe piece.deallocate()
    }

    /// Runs until drained.
    package mutating func run() {
        resumeListening()
        while true {
            let count = queue.wait(milliseconds: toRead.isEmpty ? Int32(Limits.tickMilliseconds) : 0)
            now = SystemClock.now()
            if rules.replacements != adopted { adopt() }
            for index in 0..<count {
                let (name, readiness) = queue.event(index)
                if name == Loop.listenerName { acceptAll() } else { handle(ConnectionHandle(packed: name), readiness) }
            }
            settle()
            if now.monotonic.nanoseconds >= nextTick { tick() }
            if drainEnd < .max, exchange.clientCount == 0 || now.monotonic.nanoseconds >= drainEnd { return }
        }
    }

    private mutating func adopt() {
        adopted = rules.replacements
        current = rules.current
        exchange.adopt(current)
    }

    private mutating func tick() {
        nextTick = now.monotonic.nanoseconds + Limits.tickMilliseconds * 1_000_000
        exchange.tick(at: now)
        if drainEnd == .max, shouldDrain.isAsked { beginDraining() }
        if !isListening, drainEnd == .max { resumeListening() }
        settle()
        for report in exchange.reports { reporter(report) }
        exchange.reports.removeAll()
        for item in exchange.news { setting.stores.tell(item) }
        exchange.news.removeAll()
    }

    private mutating func beginDraining() {
        drainEnd = now.monotonic.nanoseconds + setting.drainMilliseconds * 1_000_000
        queue.ignore(listener)
        isListening = false
        Sockets.close(listener)
        listener = -1
        exchange.drain(at: now)
    }

    private mutating func resumeListening() {
        isListening = queue.watchListener(listener, as: Loop.listenerName)
    }

    /// Takes what waits, up to a turn's share. Out of descriptors, it looks away until the next tick: the rest waits in the kernel.
    private mutating func acceptAll() {
        for _ in 0..<64 {
            guard let (descriptor, peer) = Sockets.accept(listener) else {
                if errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM {
                    queue.ignore(listener)
                    isListening = false
                }
                return
            }
            arrive(descriptor, from: peer)
        }
    }
}

/// Asks all loops to end: set once, looked at every tick.
package final class Drain: Sendable {
    private let asked = Atomic<Bool>(false)

    /// Nothing asked yet.
    package init() {}

    /// Asks.
    package func ask() { asked.store(true, ordering: .relaxed) }

    /// Whether it was asked.
    package var isAsked: Bool { asked.load(ordering: .relaxed) }
}

extension Loop {
    /// Makes a loop and runs it on a thread of its own; what keeps it from listening is thrown here.
    package static func start(
        _ setting: Setting, rules: PublishedRules, drain: Drain, reporter: @escaping @Sendable (FaultReport) -> Void
    ) throws -> Threads.Handle {
        let handover = Handover(try Loop(setting, rules: rules, drain: drain, reporter: reporter))
        return try Threads.start { handover.loop.run() }
    }

    /// Carries a loop to its thread; unchecked because the thread that made it never touches it again.
    private final class Handover: @unchecked Sendable {
        var loop: Loop
        init(_ loop: consuming Loop) { self.loop = loop }
    }
}
