import Admission
import Exchange
import Registry
import Support
import Transport

/// A loop on a port of its own before a small core store, or before what listens on a port of the test's.
final class PlainLoop {
    let port: Int
    let store: SmallStore
    let connections: ConnectionCounts
    private let drain = Drain()
    private let handle: Threads.Handle
    private let folder: TemporaryDirectory

    init(
        trust: ProxyTrust = ProxyTrust(), requiresProxyHeader: Bool = false, connections: ConnectionCounts = ConnectionCounts(),
        storePort: Int? = nil, drainMilliseconds: Int64 = 2_000, reporter: @escaping @Sendable (FaultReport) -> Void = { _ in }
    ) throws {
        folder = try TemporaryDirectory()
        store = try SmallStore()
        port = freePort()
        self.connections = connections
        let snapshot = try Sample.snapshot()
        let levels = try LevelFile(folder.path + "/levels", at: SystemClock.now(), boot: SystemClock.bootIdentifier())
        let rules = PublishedRules(Ruleset(snapshot, levels: try levels.store(for: snapshot.applications)))
        let list = try StoreList("127.0.0.1:\(storePort ?? store.port)")
        let stores = StoreDirectory([list, list], reporter: { _ in })
        stores.adoptNumbers(at: SystemClock.now().monotonic)
        let setting = Loop.Setting(
            listeners: try Listeners.open(try SocketAddress.resolve("127.0.0.1:\(port)"), kind: .plain, loops: 1).share(
                ofLoop: 0, among: 1),
            stores: stores,
            exchange: Exchange.Setting(
                authorities: ["sandbox", "production"], digest: { KeyDigest.digest($0) }, anonymous: AddressLevels(seed: 1),
                failures: AddressLevels(seed: 2), endpoints: stores.table, trust: trust, connections: connections),
            drainMilliseconds: drainMilliseconds, requiresProxyHeader: requiresProxyHeader)
        handle = try Loop.start(setting, rules: rules, drain: drain, reporter: reporter)
    }

    func connect() throws -> PlainSocket { try PlainSocket(port: port) }

    /// Asks it to end, and calls until it says so, or says no more.
    func beginDraining() throws {
        let probe = try connect()
        drain.ask()
        repeat {
            probe.send("GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n")
        } while probe.receiveHead()?.hasPrefix("HTTP/1.1 200") == true
            && probe.receive(3) != nil
    }

    func end() {
        drain.ask()
        Threads.join(handle)
    }
}
