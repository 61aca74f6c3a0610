import Admission
import Exchange
import Registry
import Support
import Testing

@testable import Transport

/// One loop on a thread with a plain listener and one of TLS, before this core store; drained at the end.
final class RunningLoop {
    let port = freePort()
    let securePort = freePort()
    let published: PublishedTLS
    private let drain = Drain()
    private let handle: Threads.Handle
    private let folder: TemporaryDirectory

    /// `prepare` is called when its listeners are open and it does not run yet; `isEnding` has it drain from the start.
    init(
        _ files: TLSFiles, store: String, storeSecurity: TLSContext? = nil, drainMilliseconds: Int64 = 2_000, isEnding: Bool = false,
        prepare: (_ port: Int) throws -> Void = { _ in }, handshakeReporter: @escaping @Sendable (String, String) -> Void = { _, _ in }
    ) throws {
        folder = try TemporaryDirectory()
        published = PublishedTLS(try TLSContext.server(files))
        let snapshot = try Sample.snapshot()
        let levels = try LevelFile(folder.path + "/levels", at: SystemClock.now(), boot: SystemClock.bootIdentifier())
        let rules = PublishedRules(Ruleset(snapshot, levels: try levels.store(for: snapshot.applications)))
        let list = try StoreList(store)
        let stores = StoreDirectory([list, list], reporter: { _ in })
        stores.adoptNumbers(at: SystemClock.now().monotonic)
        var listeners = Listeners()
        defer { listeners.close() }
        for (kind, port) in [(Listener.Kind.plain, port), (.tls, securePort)] {
            listeners.add(try Listeners.open(try SocketAddress.resolve("127.0.0.1:\(port)"), kind: kind, loops: 1))
        }
        let setting = Loop.Setting(
            listeners: try listeners.share(ofLoop: 0, among: 1), stores: stores,
            exchange: Exchange.Setting(
                authorities: ["sandbox", "production"], digest: { KeyDigest.digest($0) }, anonymous: AddressLevels(seed: 1),
                failures: AddressLevels(seed: 2), endpoints: stores.table, hstsSeconds: 3_600),
            drainMilliseconds: drainMilliseconds, security: published, storeSecurity: storeSecurity.map(PublishedTLS.init),
            handshakeReporter: handshakeReporter)
        try prepare(port)
        if isEnding { drain.ask() }
        handle = try Loop.start(setting, rules: rules, drain: drain, reporter: { _ in })
    }

    func end() {
        drain.ask()
        Threads.join(handle)
    }
}

/// A client of TLS that turns until what it waits for is there.
final class SecureClient {
    let session: TLSSession
    private let descriptor: Int32
    private var held: [UInt8] = []
    private var isOver = false

    /// Connects and agrees; nil where the other side refuses.
    init?(port: Int, _ context: TLSContext, name: String = "a.example") throws {
        descriptor = try #require(Sockets.connect(try SocketAddress.resolve("127.0.0.1:\(port)")))
        session = try #require(TLSSession.connect(descriptor, to: name, by: context))
        var step = TLSSession.Step.waiting
        SecureClient.turn {
            step = session.handshake()
            if case .waiting = step { return false }
            return true
        }
        guard case .done = step else { return nil }
    }

    deinit {
        session.close()
        Sockets.close(descriptor)
    }

    /// Turns until it is done, or ten seconds have passed.
    private static func turn(_ isDone: () -> Bool) {
        let deadline = ContinuousClock.now + .seconds(10)
        while !isDone(), ContinuousClock.now < deadline {}
    }

    func send(_ text: String) { send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) {
        var sent = 0
        SecureClient.turn {
            guard case .moved(let count) = session.send(bytes.span.extracting(sent...)) else { return false }
            sent += count
            return sent == bytes.count
        }
    }

    /// Exactly so many bytes; nil where the connection ends before.
    func receive(_ count: Int) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: TransportLimits.pieceBytes)
        SecureClient.turn {
            guard held.count < count, !isOver else { return true }
            var room = buffer.mutableSpan
            switch session.receive(into: &room) {
            case .moved(let moved) where moved > 0: held += buffer[..<moved]
            case .wouldBlock: break
            case .moved, .broken: isOver = true
            }
            return false
        }
        guard held.count >= count else { return nil }
        defer { held.removeFirst(count) }
        return Array(held[..<count])
    }

    /// A message's head, to the empty line.
    func receiveHead() -> String? {
        var head: [UInt8] = []
        while !head.suffix(4).elementsEqual([13, 10, 13, 10]) {
            guard let byte = receive(1) else { return nil }
            head += byte
        }
        return String(decoding: head, as: UTF8.self)
    }

    func receiveMessage() -> (head: String, body: [UInt8])? {
        guard let head = receiveHead() else { return nil }
        return receive(PlainSocket.length(head)).map { (head, $0) }
    }

    /// Whether the other side ended the connection.
    func seesEnd() -> Bool { receive(1) == nil && isOver }
}
