import Registry
import Support
import Testing

@testable import Exchange

@Suite struct ConnectionLimitTests {
    let world: World

    init() throws { world = try World() }

    private func address(_ number: UInt32) -> Address { Address(ipv4: 0x0A00_0000 | number) }

    @Test func `an address has so many connections and no more, an IPv6 household counting as one`() throws {
        let bench = Bench(world.rules, connections: ConnectionCounts(maximum: 100, maximumPerAddress: 2))
        let first = try #require(bench.connect(from: address(1)))
        #expect(bench.connect(from: address(1)) != nil)
        #expect(bench.connect(from: address(1)) == nil)
        #expect(bench.connect(from: address(2)) != nil)
        first.breakOff()
        #expect(bench.connect(from: address(1)) != nil)
        let household = (0..<3).map { bench.connect(from: Address(high: 0x2001_0DB8_0000_0001, low: $0)) != nil }
        #expect(household == [true, true, false])
        #expect(bench.connect(from: Address(high: 0x2001_0DB8_0000_0002, low: 0)) != nil)
        bench.clients.forEach { $0.breakOff() }
        let counts = bench.exchange.setting.connections
        #expect(counts.current == 0 && counts.addressCount == 0 && counts.refused == 2)
    }

    @Test func `a trusted proxy is exempt, whom its header names is not`() throws {
        let trust = ProxyTrust(proxies: [AddressRange(base: address(0), prefixLength: 120)])
        let bench = Bench(world.rules, trust: trust, connections: ConnectionCounts(maximum: 100, maximumPerAddress: 2))
        let clients = (0..<4).compactMap { _ in bench.connect(from: address(1), isOpening: true) }
        #expect(clients.count == 4)
        for client in clients.prefix(3) { bench.finishOpening(client, as: 0xCB00_7105, spelt: "203.0.113.5") }
        #expect(clients.map(\.isClosed) == [false, false, true, false])
        clients.forEach { $0.breakOff() }
        #expect(bench.exchange.setting.connections.addressCount == 0 && bench.exchange.setting.connections.current == 0)
    }

    @Test func `with no room left the longest idle connection gives way, one at work does not`() throws {
        let bench = Bench(world.rules, connections: ConnectionCounts(maximum: 3, maximumPerAddress: 100))
        let busy = try bench.client()
        busy.send(request("GET", Routes.search))
        let idle = try (0..<2).map { _ in
            bench.advance(milliseconds: 1_000)
            return try bench.client()
        }
        idle[0].send(request("GET", "/livez"))
        _ = try idle[0].message()
        bench.advance(milliseconds: 900)
        #expect(bench.connect() == nil)
        bench.advance(milliseconds: 100)
        idle[0].send(request("GET", "/livez"))
        let newcomer = try bench.client()
        #expect([busy, idle[0], idle[1], newcomer].map(\.isClosed) == [false, false, true, false])
        idle[0].send("GET /")
        newcomer.send("GET /")
        #expect(bench.connect() == nil)
        try bench.store().send(answer())
        #expect(try busy.message().status == 200)
    }

    @Test func `counts taken and given back from many threads are exact`() async throws {
        let counts = ConnectionCounts(maximum: 500, maximumPerAddress: 40)
        let rounds = Soak.count(50_000)
        let isOver = await withTaskGroup(of: Bool.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    var generator = SplitMix64(seed: UInt64(worker))
                    var held: [Address] = []
                    var isOver = false
                    for _ in 0..<rounds {
                        let address = Address(ipv4: UInt32.random(in: 0..<20, using: &generator))
                        if held.count < 70, counts.take() {
                            if counts.take(from: address) { held.append(address) } else { counts.giveBack() }
                        } else if let last = held.popLast() {
                            counts.giveBack(from: last)
                            counts.giveBack()
                        }
                        // Whoever asks for one too many counts for a moment before it is refused.
                        isOver = isOver || counts.current > 500 + 8
                    }
                    for address in held {
                        counts.giveBack(from: address)
                        counts.giveBack()
                    }
                    return isOver
                }
            }
            return await group.reduce(false) { $0 || $1 }
        }
        #expect(!isOver && counts.current == 0 && counts.addressCount == 0)
        let taken = (0..<60).filter { _ in counts.take(from: Address(ipv4: 1)) }.count
        #expect(taken == 40)
    }

    @Test func `no client makes us hold more than the bound, whatever it sends and however little it reads`() throws {
        let bench = Bench(world.rules)
        let texts = [
            String(repeating: request("GET", "/none"), count: 5_000), "GET / HTTP/1.1\r\nX: " + String(repeating: "x", count: 300_000),
            String(repeating: request("GET", Routes.search), count: 5_000),
            request("POST", "/none", fields: ["Content-Length: 9000000"]) + String(repeating: "b", count: 300_000),
            request("POST", Routes.schedule, key: world.key(.live), token: "t", fields: ["Content-Length: 300000"])
                + String(repeating: "b", count: 300_000),
        ]
        bench.onArrival = { store in
            store.window = 0
            store.post("HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\n" + String(repeating: "a", count: 900_000))
        }
        for text in texts + texts {
            let client = try bench.client()
            client.window = 0
            client.send(text)
        }
        #expect(bench.memoryOfClients.allSatisfy { $0 <= Limits.clientMemoryBytes }, "\(bench.memoryOfClients)")
        #expect(bench.memoryOfStores.allSatisfy { $0 <= Limits.upstreamMemoryBytes }, "\(bench.memoryOfStores)")
    }
}
