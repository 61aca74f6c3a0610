import Admission
import Registry
import Support
import Testing

/// Each station's verdicts, and the order in which they are reached.
struct VerdictTests {
    /// The table of design: where a key of each environment works.
    static let states: [(ApplicationState, sandbox: String, production: String)] = [
        (.draft, "application-state", "application-state"),
        (.submitted, "application-state", "application-state"),
        (.inReview, "application-state", "application-state"),
        (.changesRequested, "application-state", "application-state"),
        (.rejected, "application-state", "application-state"),
        (.sandbox, "admitted", "application-state"),
        (.certifying, "admitted", "application-state"),
        (.approved, "admitted", "application-state"),
        (.live, "admitted", "admitted"),
        (.suspended, "application-state", "application-state"),
        (.revoked, "application-state", "application-state"),
        (.withdrawn, "admitted", "admitted"),
    ]

    @Test(arguments: VerdictTests.states)
    func `a key works in the states its environment is open in`(
        _ state: ApplicationState, _ sandbox: String, _ production: String
    ) throws {
        let world = try World()
        #expect(world.verdict { () throws(Refusal) in try world.ask(in: state, .sandbox) } == sandbox)
        #expect(world.verdict { () throws(Refusal) in try world.ask(in: state, .production) } == production)
    }

    @Test func `the refusal names the state`() throws {
        let world = try World()
        #expect(throws: Refusal.self) { try world.ask(in: .certifying, .production) }
        do throws(Refusal) {
            _ = try world.ask(in: .certifying, .production)
        } catch {
            guard case .applicationState(.certifying) = error else {
                Issue.record("\(error) does not name the state certifying")
                return
            }
        }
    }

    @Test func `a withdrawn application works until its end and not at it`() throws {
        let end = WallTime(seconds: 1_620_000_010)
        let world = try World(ends: end)
        let last = Moment(wall: WallTime(nanoseconds: end.nanoseconds - 1), monotonic: World.start.monotonic)
        let over = Moment(wall: end, monotonic: World.start.monotonic)
        #expect(world.verdict { () throws(Refusal) in try world.ask(in: .withdrawn, at: last) } == "admitted")
        #expect(world.verdict { () throws(Refusal) in try world.ask(in: .withdrawn, at: over) } == "application-state")
    }

    @Test func `the permit says who, where and what`() throws {
        let world = try World()
        let permit = try world.ask(in: .live, .sandbox)
        #expect(permit.application == Int(ApplicationState.live.rawValue))
        #expect(permit.environment == .sandbox)
        #expect(permit.route == World.RouteKind.search.rawValue)
        #expect(permit.level == LevelReading(scope: .search, quota: 100, windowSeconds: 300, remaining: 99, secondsToFull: 3))
    }

    @Test func `a stranger on a public route reaches production and spends its address's bucket`() throws {
        let world = try World()
        let permit = try world.ask(.none, .publicSearch)
        #expect(permit.application == nil)
        #expect(permit.environment == .production)
        #expect(permit.level?.remaining == 99)
        #expect(try world.ask(.none, .publicSearch, from: World.elsewhere).level?.remaining == 99)
        #expect(try world.ask(.none, .publicSearch).level?.remaining == 98)
    }

    @Test func `a key on a public route is judged and charged as on a protected one`() throws {
        let world = try World()
        #expect(try world.ask(in: .live, .production, .publicSearch).level?.remaining == 99)
        #expect(try world.ask(in: .live, .production, .search).level?.remaining == 98)
        #expect(try world.ask(.none, .publicSearch).level?.remaining == 99)
        #expect(world.verdict { () throws(Refusal) in try world.ask(in: .suspended, .production, .publicSearch) } == "application-state")
        #expect(world.verdict { () throws(Refusal) in try world.ask(.foreign, .publicSearch) } == "unknown-key")
        #expect(
            world.verdict { () throws(Refusal) in try world.ask(in: .live, .production, .publicSearch, key: .revoked) } == "revoked-key")
    }

    @Test func `nothing refused is charged`() throws {
        let world = try World(allowed: [AddressRange(base: World.office, prefixLength: 128)])
        let citizen = CitizenToken.obtainedThrough(try identifier("application-0"))
        for _ in 0..<50 {
            _ = world.verdict { () throws(Refusal) in try world.ask(in: .live, .production, .book) }
            _ = world.verdict { () throws(Refusal) in try world.ask(in: .live, .production, .book, citizen: citizen) }
            _ = world.verdict { () throws(Refusal) in try world.ask(in: .live, .production, .search, from: World.elsewhere) }
            _ = world.verdict { () throws(Refusal) in try world.ask(in: .live, .production, .search, key: .revoked) }
        }
        #expect(try world.ask(in: .live, .production, .search).level?.remaining == 99)
        #expect(try world.ask(in: .live, .production, .book, citizen: .opaque).level?.remaining == 5)
    }

    @Test func `stations refuse in their order: key, state, address, scope, citizen, bucket`() throws {
        let world = try World(
            plan: [.search: BucketRule(tokens: 1, periodNanoseconds: 1_000_000_000, burst: 1)],
            allowed: [AddressRange(base: World.office, prefixLength: 128)])
        func verdict(
            _ state: ApplicationState, _ route: World.RouteKind, key: World.Key = .good, from address: Address = World.office,
            citizen: CitizenToken = .none
        ) -> String {
            world.verdict { () throws(Refusal) in try world.ask(in: state, .production, route, key: key, from: address, citizen: citizen) }
        }
        #expect(verdict(.suspended, .documents, key: .revoked, from: World.elsewhere) == "revoked-key")
        #expect(verdict(.suspended, .documents, from: World.elsewhere) == "application-state")
        #expect(verdict(.live, .documents, from: World.elsewhere) == "address-not-allowed")
        #expect(verdict(.live, .documents) == "scope-not-granted")
        #expect(verdict(.live, .book) == "missing-citizen-token")
        #expect(verdict(.live, .book, citizen: .opaque) == "scope-not-granted", "granted, but the plan has no bucket for it")
        #expect(verdict(.live, .search) == "admitted")
        #expect(verdict(.live, .search) == "rate-limited")
    }
}
