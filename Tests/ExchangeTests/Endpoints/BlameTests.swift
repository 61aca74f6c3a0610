import Registry
import Synchronization
import Testing

@testable import Exchange

/// What counts as an endpoint's fault, and what looks like one and is somebody else's doing.
@Suite struct BlameTests {
    let world: World
    let get: String
    let post: String
    private let endpoint = EndpointName(environment: .production, slot: 0)

    init() throws {
        world = try World()
        get = request("GET", Routes.search)
        post = request("POST", Routes.schedule, key: world.key(.live), token: "t", body: "{}")
    }

    private func faults(_ bench: Bench) -> Int { bench.endpoints.endpoints[endpoint.place].faults.load(ordering: .relaxed) }

    /// A bench whose core store has a connection that was used and waits.
    private func benchWithUnused() throws -> (Bench, Peer) {
        let (bench, client) = try bench(sending: get, world: world)
        try bench.store().send(answer())
        _ = try client.message()
        _ = try bench.store().take()
        return (bench, client)
    }

    @Test(arguments: [true, false])
    func `a connection that ends just as it is used again is no fault, a new one that does is`(isBroken: Bool) throws {
        for isLeaving in [false, true] {
            let (bench, client) = try benchWithUnused()
            client.send(post)
            #expect(bench.stores.count == 1)
            if isLeaving { client.breakOff() }
            try isBroken ? bench.store().breakOff() : bench.store().end()
            if !isLeaving { #expect(try client.message().status == 504) }
            #expect(faults(bench) == 0)
            let next = try bench.client()
            next.send(post)
            #expect(bench.stores.count == 2)
            if isLeaving { next.breakOff() }
            try isBroken ? bench.store().breakOff() : bench.store().end()
            #expect(faults(bench) == 1)
        }
    }

    @Test func `a connection used again that says something and then ends, or nothing in time, is a fault`() throws {
        let acts: [(Bench, Peer) -> Void] = [
            {
                $1.send("HTTP/1.1 2"); $1.end()
            }, { bench, _ in bench.advance(milliseconds: Routes.firstByteMilliseconds + 100) },
        ]
        for act in acts {
            for isLeaving in [false, true] {
                let (bench, client) = try benchWithUnused()
                client.send(post)
                if isLeaving { client.breakOff() }
                act(bench, try bench.store())
                #expect(faults(bench) == 1)
            }
        }
    }

    @Test func `a body that leaves the core store no time for its answer is 408, and nobody's fault but the client's`() throws {
        let head = request("POST", Routes.schedule, key: world.key(.live), token: "t", fields: ["Content-Length: 100000"])
        let (bench, client) = try bench(sending: head, world: world)
        let end = Routes.requestMilliseconds - Routes.firstByteMilliseconds
        for _ in 0..<end / 1_000 {
            #expect(client.inbox.isEmpty)
            client.send(String(repeating: "x", count: 1_000))
            bench.advance(milliseconds: 1_000)
        }
        let received = try client.message()
        #expect(received.status == 408 && received.text.contains("request-timeout"))
        #expect(try bench.store().isClosed)
        #expect(faults(bench) == 0 && bench.exchange.reports.isEmpty)
    }

    @Test func `an endpoint that got the request shortly before its time was over is not to blame`() throws {
        let head = request("POST", Routes.schedule, key: world.key(.live), token: "t", fields: ["Content-Length: 2"])
        for isLeaving in [false, true] {
            let (bench, client) = try bench(sending: head, world: world)
            // A loop that was held up sees the body later than its own clock allows.
            bench.now = bench.now.later(milliseconds: Routes.requestMilliseconds - 1_000)
            client.send("{}")
            if isLeaving { client.breakOff() }
            bench.advance(milliseconds: 1_000)
            #expect(try bench.store().isClosed)
            #expect(faults(bench) == 0 && bench.exchange.reports.count == 1, "it may have been done")
            guard !isLeaving else { continue }
            let received = try client.message()
            #expect(received.status == 504 && received.text.contains("outcome-unknown"))
        }
    }

    @Test func `where this machine lacks descriptors, neither requests nor checks count against an endpoint`() throws {
        let bench = Bench(world.rules, slots: 2, checks: CheckSetting(milliseconds: 1_000, path: "/health"))
        bench.door = .lacking
        bench.advance(milliseconds: 10_000)
        let client = try bench.client()
        for _ in 0..<10 {
            client.send(get)
            #expect(try client.message().status == 503)
        }
        #expect(faults(bench) == 0 && bench.exchange.news.isEmpty)
        client.breakOff()
        #expect(bench.leaks.isEmpty)
        bench.door = .open
        bench.advance(milliseconds: 1_000)
        #expect(try bench.store().message().startLine == "GET /health HTTP/1.1", "checks go on")
    }
}
