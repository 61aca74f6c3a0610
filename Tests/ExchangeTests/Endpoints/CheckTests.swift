import Registry
import Testing

@testable import Exchange

/// Checks of endpoints' health: a GET a second, on a connection of its own.
@Suite struct CheckTests {
    let world: World

    init() throws { world = try World() }

    private func bench(slots: Int = 2) -> Bench {
        Bench(world.rules, slots: slots, checks: CheckSetting(milliseconds: 1_000, path: "/health"))
    }

    private static let first = EndpointName(environment: .production, slot: 0)

    /// So many rounds of checks; `answer` says what the first production endpoint does, all others are well.
    private func run(_ bench: Bench, rounds: Int, _ act: (Peer) -> Void) {
        for _ in 0..<rounds {
            bench.advance(milliseconds: 1_000)
            for store in bench.stores where !store.isClosed && !store.inbox.isEmpty {
                _ = store.take()
                store.endpoint == CheckTests.first ? act(store) : store.send(answer())
            }
        }
    }

    @Test func `each endpoint is asked once a second on a connection that closes`() throws {
        let bench = bench()
        run(bench, rounds: 3) { store in store.send(answer(404)) }
        #expect(bench.stores.count == 12 && bench.stores.allSatisfy(\.isClosed))
        #expect(bench.exchange.news.isEmpty && bench.exchange.reports.isEmpty && bench.leaks.isEmpty)
        bench.advance(milliseconds: 1_000)
        let asked = try bench.store().message()
        #expect(asked.startLine == "GET /health HTTP/1.1" && asked["host"] != nil && asked["connection"] == "close")
    }

    @Test func `three bad checks take an endpoint out and two good ones bring it back`() throws {
        let bad: [(Peer) -> Void] = [
            { $0.send(answer(500)) }, { $0.breakOff() }, { $0.end() }, { $0.send("nonsense\r\n\r\n") }, { _ in },
            { $0.send("HTTP/1.1 200 OK\r\nX: ") },
        ]
        for act in bad {
            let bench = bench()
            run(bench, rounds: 2, act)
            bench.advance(milliseconds: 1_000)
            #expect(bench.exchange.news.isEmpty)
            run(bench, rounds: 2, act)
            bench.advance(milliseconds: 1_000)
            #expect(bench.exchange.news == [EndpointNews(endpoint: CheckTests.first, event: .down)])
            bench.exchange.news = []
            run(bench, rounds: 5) { $0.send(answer(204)) }
            #expect(bench.exchange.news == [EndpointNews(endpoint: CheckTests.first, event: .up)])
        }
    }

    @Test func `one that cannot be connected to is bad, and gets no requests`() throws {
        let bench = bench()
        bench.doors[CheckTests.first] = .refuse
        run(bench, rounds: 4) { _ in }
        #expect(bench.exchange.news.map(\.event) == [.down])
        for _ in 0..<10 {
            let client = try bench.client()
            client.send(request("GET", Routes.search))
            #expect(try bench.store().endpoint != CheckTests.first)
            client.breakOff()
        }
    }

    @Test func `one bad check among good ones changes nothing, nor does one good among bad`() throws {
        let bench = bench()
        for _ in 0..<4 {
            run(bench, rounds: 2) { $0.send(answer(503)) }
            run(bench, rounds: 1) { $0.send(answer()) }
        }
        #expect(bench.exchange.news.isEmpty)
        run(bench, rounds: 4) { $0.send(answer(503)) }
        for _ in 0..<4 {
            run(bench, rounds: 1) { $0.send(answer()) }
            run(bench, rounds: 1) { $0.send(answer(503)) }
        }
        #expect(bench.exchange.news.map(\.event) == [.down])
    }

    @Test func `checks end with the drain, and an endpoint that left is asked no more`() throws {
        let bench = bench()
        bench.advance(milliseconds: 1_000)
        bench.endpoints.deactivate(CheckTests.first)
        bench.drain()
        #expect(bench.leaks.isEmpty)
        bench.advance(milliseconds: 5_000)
        #expect(bench.leaks.isEmpty && bench.stores.allSatisfy(\.isClosed))
    }
}
