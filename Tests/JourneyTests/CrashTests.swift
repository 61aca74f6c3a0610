import Foundation
import Support
import Synchronization
import Testing

/// kill -9 of either plane, and of both, while about 500 requests a second come in.
@Suite(.serialized) struct CrashTests {
    @Test func `what was acknowledged is there, levels are not refilled, and each plane is back in under two seconds`() async throws {
        let gateway = try await Gateway.started()
        let finder = try await gateway.key(of: "paytm-finder")
        let load = Load(port: gateway.listen, key: try await gateway.key(of: "kerala-health-portal"))
        let running = Task { await load.run() }

        try await spendAll(of: finder, through: gateway)
        for words in [["gateway-data-plane"], ["control-plane"], ["gateway-data-plane", "control-plane"]] {
            let before = load.served
            try await crash(words, of: gateway, under: load)
            let answer = try await gateway.client(finder).get(Gateway.search())
            let level = answer.fields["ratelimit"] ?? ""
            #expect(level.hasPrefix("\"search\";r=") && remaining(level) < 20, "a crash refills nothing: \(level)")
            #expect(await eventually(withinSeconds: 30) { load.served > before + 150 }, "others are served through it: \(words)")
        }

        load.stop()
        let totals = await running.value
        #expect(totals.unexpected.isEmpty, "\(totals)")
        #expect(await gateway.stop() == 0)
    }

    /// Kills these processes, with a decision acknowledged just before, and waits until they are back.
    private func crash(_ words: [String], of gateway: Gateway, under load: Load) async throws {
        let key = try await gateway.key(of: "paytm-booking")
        let pids = words.compactMap(gateway.child)
        try #require(pids.count == words.count)
        for pid in pids { kill(pid, SIGKILL) }
        let begin = ContinuousClock.now
        if words == ["control-plane"] {
            #expect(try await gateway.client(key).get(Gateway.search()).status == 200, "the data plane serves without the control plane")
        }
        let isBack = await eventually(withinSeconds: 30) { await areBack(words, of: gateway, insteadOf: pids, key: key) }
        #expect(isBack, "\(words): \(gateway.program.errorsSoFar.suffix(2_000))")
        print("\(words.joined(separator: " and ")) back after \(ContinuousClock.now - begin)")
        let list = try await gateway.command("key", "list", "--application", "paytm-booking", "--format", "json")
        #expect(list.contains("paytm-booking"), "a key acknowledged before the crash is kept")
    }

    /// Whether new processes have taken the killed ones' places, and both planes answer.
    private func areBack(_ words: [String], of gateway: Gateway, insteadOf killed: [Int32], key: String) async -> Bool {
        for word in words {
            guard let pid = gateway.child(word), !killed.contains(pid) else { return false }
        }
        guard let searched = try? await gateway.client(key).get(Gateway.search()), searched.status == 200 else { return false }
        return (try? await HTTPClient("http://127.0.0.1:\(gateway.console)").get("/readyz"))?.status == 200
    }

    /// Empties the application's search bucket.
    private func spendAll(of key: String, through gateway: Gateway) async throws {
        var status = 200
        for _ in 0..<200 where status == 200 { status = try await gateway.client(key).get(Gateway.search()).status }
        #expect(status == 429)
    }

    private func remaining(_ level: String) -> Int {
        Int(level.split(separator: ";").first { $0.hasPrefix("r=") }?.dropFirst(2) ?? "") ?? .max
    }
}

/// Searches at a steady pace from four connections, each connected anew when the gateway goes away.
final class Load: Sendable {
    struct Totals: Sendable {
        var served = 0
        var lost = 0
        var unexpected: [Int] = []
    }

    /// Calls that were served so far.
    var served: Int { totals.withLock { $0.served } }

    private let port: Int
    private let key: String
    private let isStopped = Atomic<Bool>(false)
    private let totals = Mutex(Totals())
    private static let perSecond = 500.0

    init(port: Int, key: String) { (self.port, self.key) = (port, key) }

    func stop() { isStopped.store(true, ordering: .relaxed) }

    func run() async -> Totals {
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 { group.addTask { await self.connections() } }
        }
        return totals.withLock { $0 }
    }

    private func connections() async {
        while !isStopped.load(ordering: .relaxed) {
            do {
                try await KeepAliveClient.connected(to: port) { client in try await self.requests(on: client) }
            } catch {
                totals.withLock { $0.lost += 1 }
                _ = await eventually(withinSeconds: 0.02) { false }
            }
        }
    }

    private func requests(on client: KeepAliveClient) async throws {
        let begin = ContinuousClock.now
        var sent = 0.0
        while !isStopped.load(ordering: .relaxed) {
            let answer = try await client.get("/api/v2/admin/location/states", ["x-api-key": key])
            sent += 1
            totals.withLock { totals in
                if answer.status == 200 || answer.status == 429 { totals.served += 1 } else { totals.unexpected.append(answer.status) }
            }
            let due = begin + .seconds(sent / (Load.perSecond / 4))
            _ = await eventually(withinSeconds: 1) { ContinuousClock.now >= due }
        }
    }
}
