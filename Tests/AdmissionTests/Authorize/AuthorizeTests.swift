import Admission
import Registry
import Support
import Testing

/// What a known application may do.
struct AuthorizeTests {
    @Test func `an empty allow-list means anywhere, another means only there`() throws {
        let open = try World()
        #expect(open.verdict { () throws(Refusal) in try open.ask(in: .live, from: World.elsewhere) } == "admitted")
        let closed = try World(allowed: [
            AddressRange(base: Address(high: 0x2001_0DB8_0000_0000, low: 0), prefixLength: 32),
            AddressRange(base: Address(ipv4: 0xC000_0200), prefixLength: 96 + 24),
        ])
        #expect(closed.verdict { () throws(Refusal) in try closed.ask(in: .live, from: World.office) } == "admitted")
        #expect(closed.verdict { () throws(Refusal) in try closed.ask(in: .live, from: World.elsewhere) } == "address-not-allowed")
        let inside = Address(high: 0x2001_0DB8_FFFF_0000, low: 1)
        #expect(closed.verdict { () throws(Refusal) in try closed.ask(in: .live, from: inside) } == "admitted")
        let outside = Address(high: 0x2001_0DB9_0000_0000, low: 1)
        #expect(closed.verdict { () throws(Refusal) in try closed.ask(in: .live, from: outside) } == "address-not-allowed")
    }

    @Test func `an application bound to certificates calls with one of them and with nothing else`() throws {
        let (one, two, other) = (Digest(1, 1, 1, 1), Digest(2, 2, 2, 2), Digest(1, 1, 1, 2))
        let bound = try World(certificates: [one, two])
        func verdict(_ certificate: Digest?) -> String {
            bound.verdict { () throws(Refusal) in try bound.ask(in: .live, certificate: certificate) }
        }
        #expect(verdict(one) == "admitted" && verdict(two) == "admitted")
        #expect(verdict(nil) == "certificate-required" && verdict(other) == "certificate-required")
        let free = try World()
        #expect(free.verdict { () throws(Refusal) in try free.ask(in: .live, certificate: other) } == "admitted")
        let shown = problem(for: .certificateRequired(isShown: true)).detail.description
        #expect(shown != problem(for: .certificateRequired(isShown: false)).detail.description)
    }

    @Test func `the key is judged first, and a missing certificate neither charges a bucket nor the address`() throws {
        let world = try World(certificates: [Digest(1, 1, 1, 1)])
        #expect(world.verdict { () throws(Refusal) in try world.ask(.foreign) } == "unknown-key")
        #expect(world.verdict { () throws(Refusal) in try world.ask(in: .suspended) } == "application-state")
        for _ in 0..<200 { _ = world.verdict { () throws(Refusal) in try world.ask(in: .live) } }
        #expect(world.verdict { () throws(Refusal) in try world.ask(.foreign) } == "unknown-key")
        #expect(try world.ask(in: .live, certificate: Digest(1, 1, 1, 1)).level?.remaining == 99)
    }

    @Test func `a citizen's token works only for the application that obtained it`() throws {
        let world = try World()
        let own = CitizenToken.obtainedThrough(try identifier("application-\(ApplicationState.live.rawValue)"))
        let foreign = CitizenToken.obtainedThrough(try identifier("application-\(ApplicationState.sandbox.rawValue)"))
        func verdict(_ citizen: CitizenToken, _ route: World.RouteKind = .book) -> String {
            world.verdict { () throws(Refusal) in try world.ask(in: .live, .production, route, citizen: citizen) }
        }
        #expect(verdict(.none) == "missing-citizen-token")
        #expect(verdict(.malformed) == "missing-citizen-token")
        #expect(verdict(foreign) == "foreign-citizen-token")
        #expect(verdict(own) == "admitted")
        #expect(verdict(.opaque) == "admitted", "the core store judges it")
        #expect(verdict(foreign, .search) == "admitted", "no citizen is demanded there")
        #expect(verdict(.malformed, .publicSearch) == "admitted")
    }

    @Test func `a scope must be granted and the plan must have a bucket for it`() throws {
        let world = try World()
        func verdict(_ route: World.RouteKind) -> String {
            world.verdict { () throws(Refusal) in try world.ask(in: .live, .production, route, citizen: .opaque) }
        }
        #expect(verdict(.documents) == "scope-not-granted", "not granted")
        #expect(verdict(.identity) == "scope-not-granted", "granted, no bucket")
    }
}
