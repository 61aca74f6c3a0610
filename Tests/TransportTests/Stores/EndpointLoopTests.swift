import Admission
import Exchange
import Registry
import Support
import Synchronization
import Testing
import Transport

/// Several endpoints over real sockets, one of which misbehaves. One at a time: its clients block their threads.
@Suite(.serialized) struct EndpointLoopTests {
    /// A loop before a core store with these addresses; drained at the end.
    private final class Running: Sendable {
        let port = freePort()
        let stores: StoreDirectory
        private let news = News()
        private let drain = Drain()
        private let handle: Threads.Handle
        private let folder: TemporaryDirectory

        init(_ list: String, checkMilliseconds: Int64 = 0, resolver: @escaping StoreDirectory.Resolver = { _ in nil }) throws {
            folder = try TemporaryDirectory()
            let snapshot = try Sample.snapshot()
            let levels = try LevelFile(folder.path + "/levels", at: SystemClock.now(), boot: SystemClock.bootIdentifier())
            let rules = PublishedRules(Ruleset(snapshot, levels: try levels.store(for: snapshot.applications)))
            let news = news
            stores = StoreDirectory([try StoreList(list), try StoreList(list)], resolver: resolver, reporter: { news.note($0) })
            stores.resolve(at: SystemClock.now().monotonic)
            let exchange = Exchange.Setting(
                authorities: ["sandbox", "production"], digest: { KeyDigest.digest($0) }, anonymous: AddressLevels(seed: 1),
                failures: AddressLevels(seed: 2), endpoints: stores.table,
                checks: checkMilliseconds > 0 ? CheckSetting(milliseconds: checkMilliseconds, path: "/livez") : nil)
            let listen = try SocketAddress.resolve("127.0.0.1:\(port)")
            let setting = Loop.Setting(
                listeners: try Listeners.open(listen, kind: .plain, loops: 1).share(ofLoop: 0, among: 1), stores: stores,
                exchange: exchange, drainMilliseconds: 2_000)
            handle = try Loop.start(setting, rules: rules, drain: drain, reporter: { _ in })
        }

        var events: [EndpointNews.Event] { news.events }

        func end() {
            drain.ask()
            Threads.join(handle)
            for slot in 0..<64 {
                let name = EndpointName(environment: .production, slot: slot)
                #expect(stores.table.inFlight(of: name) == 0)
            }
        }
    }

    private final class News: Sendable {
        private let told = Mutex<[StoreNews]>([])
        func note(_ news: StoreNews) { told.withLock { $0.append(news) } }
        var events: [EndpointNews.Event] {
            told.withLock { $0.compactMap { if case .endpoint(_, _, let event) = $0 { event } else { nil } } }
        }
    }

    private static let post = "POST /otp HTTP/1.1\r\nHost: a\r\nx-api-key: \(Sample.key)\r\nContent-Length: 2\r\n\r\n{}"

    /// The statuses of so many calls one after the other on one connection.
    private func statuses(_ count: Int, _ call: String, on client: PlainSocket) -> [Int] {
        (0..<count).map { _ in
            client.send(call)
            let head = client.receiveMessage()?.head ?? ""
            return Int(head.split(separator: " ").dropFirst().first ?? "") ?? 0
        }
    }

    private func list(_ stores: [MoodyStore]) -> String { stores.map { "\($0.host):\($0.port)" }.joined(separator: ",") }

    @Test func `one of three that refuses or dies costs no search, and is ejected`() throws {
        for isThere in [true, false] {
            let stores = try (0..<3).map { _ in try MoodyStore() }
            isThere ? stores[1].become(.dying) : stores[1].stop()
            let running = try Running(list(stores))
            defer { running.end() }
            let client = try PlainSocket(port: running.port)
            #expect(statuses(200, Sample.get(districtID: 1), on: client) == [Int](repeating: 200, count: 200))
            #expect(stores[1].requests <= Limits.faultsToEject)
            #expect(abs(stores[0].requests - stores[2].requests) <= Limits.faultsToEject)
        }
    }

    @Test func `bookings that met a dying endpoint are told so, five at most, and none is sent twice`() throws {
        let stores = try (0..<3).map { _ in try MoodyStore() }
        stores[1].become(.dying)
        let running = try Running(list(stores))
        defer { running.end() }
        let client = try PlainSocket(port: running.port)
        let received = statuses(100, EndpointLoopTests.post, on: client)
        #expect(received.filter { $0 == 504 }.count == stores[1].requests && stores[1].requests <= Limits.faultsToEject)
        #expect(received.filter { $0 == 200 }.count == 100 - stores[1].requests)
        #expect(stores.map(\.requests).reduce(0, +) == 100)
    }

    @Test func `one that hangs is found by its checks before any caller pays for it twice`() async throws {
        let stores = try (0..<2).map { _ in try MoodyStore() }
        let running = try Running(list(stores), checkMilliseconds: 100)
        defer { running.end() }
        stores[0].become(.hanging)
        #expect(await eventually { running.events.contains(.down) })
        let client = try PlainSocket(port: running.port)
        #expect(statuses(50, Sample.get(districtID: 1), on: client) == [Int](repeating: 200, count: 50))
        #expect(stores[0].requests == 0)
        stores[0].become(.answering)
        #expect(await eventually { running.events.contains(.up) })
    }

    @Test func `a name that gets another address takes its requests there`() async throws {
        let old = try MoodyStore(on: "127.0.0.2")
        let new = try MoodyStore(port: old.port, on: "127.0.0.3")
        let address = Mutex<UInt32?>(nil)
        let running = try Running("store.example:\(old.port)") { _ in address.withLock { $0 }.map { [Address(ipv4: $0)] } }
        defer { running.end() }
        let client = try PlainSocket(port: running.port)
        #expect(statuses(1, Sample.get(districtID: 1), on: client) == [503], "no address yet")
        for (last, store) in [(UInt32(2), old), (3, new)] {
            address.withLock { $0 = 0x7F00_0000 + last }
            running.stores.resolve(at: SystemClock.now().monotonic)
            #expect(statuses(20, Sample.get(districtID: 1), on: client) == [Int](repeating: 200, count: 20))
            #expect(store.requests == 20)
        }
        let left = EndpointName(environment: .production, slot: 0)
        #expect(await eventually { running.stores.table.connections(of: left) == 0 }, "unused connections to it are closed")
    }
}
