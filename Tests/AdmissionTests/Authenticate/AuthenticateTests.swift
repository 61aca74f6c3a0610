import Admission
import Registry
import Support
import Testing

/// Which application calls, and what a failure to say so costs.
struct AuthenticateTests {
    private let unknown = PresentedKey.digest(Digest(9, 9, 9, 9), .production)

    @Test func `each kind of key has its own answer`() throws {
        let world = try World()
        #expect(world.verdict { () throws(Refusal) in try world.ask(.none) } == "missing-key")
        #expect(world.verdict { () throws(Refusal) in try world.ask(.foreign) } == "unknown-key")
        #expect(world.verdict { () throws(Refusal) in try world.ask(unknown) } == "unknown-key")
        #expect(world.verdict { () throws(Refusal) in try world.ask(.mistyped) } == "mistyped-key")
        #expect(world.verdict { () throws(Refusal) in try world.ask(in: .live, key: .revoked) } == "revoked-key")
        #expect(world.verdict { () throws(Refusal) in try world.ask(in: .live) } == "admitted")
    }

    @Test func `a retiring key works until its time and not at it`() throws {
        let world = try World()
        let last = World.start.later(nanoseconds: 59_999_999_999)
        #expect(world.verdict { () throws(Refusal) in try world.ask(in: .live, key: .retiring, at: last) } == "admitted")
        let over = World.start.later(nanoseconds: 60_000_000_000)
        #expect(world.verdict { () throws(Refusal) in try world.ask(in: .live, key: .retiring, at: over) } == "revoked-key")
    }

    @Test func `a key spelt for the other environment is refused`() throws {
        let world = try World()
        let digest = World.digest(.live, .production)
        #expect(world.verdict { () throws(Refusal) in try world.ask(.digest(digest, .sandbox)) } == "wrong-environment")
    }

    @Test func `twenty failures are told their reason, the next its wait, and one comes back every fifteen seconds`() throws {
        let world = try World()
        let bad: [PresentedKey] = [.foreign, .mistyped, unknown, .digest(World.digest(.live, .sandbox, .revoked), .sandbox)]
        for attempt in 0..<20 {
            #expect(world.verdict { () throws(Refusal) in try world.ask(bad[attempt % 4]) } != "too-many-failures")
        }
        for key in bad {
            do throws(Refusal) {
                _ = try world.ask(key)
                Issue.record("admitted")
            } catch {
                guard case .tooManyFailures(15_000_000_000) = error else {
                    Issue.record("\(error) is not a wait of 15 s")
                    return
                }
            }
        }
        let before = World.start.later(nanoseconds: 14_999_999_999)
        #expect(world.verdict { () throws(Refusal) in try world.ask(.foreign, at: before) } == "too-many-failures")
        let after = World.start.later(nanoseconds: 15_000_000_000)
        #expect(world.verdict { () throws(Refusal) in try world.ask(.foreign, at: after) } == "unknown-key")
        #expect(world.verdict { () throws(Refusal) in try world.ask(.foreign, at: after) } == "too-many-failures")
    }

    @Test func `a genuine key is never refused for its address, nor a missing one charged`() throws {
        let world = try World()
        for _ in 0..<200 { _ = world.verdict { () throws(Refusal) in try world.ask(.none) } }
        #expect(world.verdict { () throws(Refusal) in try world.ask(.foreign) } == "unknown-key")
        for _ in 0..<200 { _ = world.verdict { () throws(Refusal) in try world.ask(.foreign) } }
        #expect(world.verdict { () throws(Refusal) in try world.ask(.foreign) } == "too-many-failures")
        #expect(world.verdict { () throws(Refusal) in try world.ask(in: .live) } == "admitted")
        #expect(world.verdict { () throws(Refusal) in try world.ask(.none, .publicSearch) } == "admitted")
        #expect(world.verdict { () throws(Refusal) in try world.ask(.foreign, from: World.elsewhere) } == "unknown-key")
    }

    @Test func `an IPv6 household shares one allowance, its neighbours have their own`() throws {
        let world = try World()
        for attempt in 0..<20 {
            let address = Address(high: 0x2001_0DB8_0000_0001, low: UInt64(attempt) &* 0x1234_5678_9ABC)
            #expect(world.verdict { () throws(Refusal) in try world.ask(.foreign, from: address) } == "unknown-key")
        }
        let same = Address(high: 0x2001_0DB8_0000_0001, low: 0xFFFF)
        #expect(world.verdict { () throws(Refusal) in try world.ask(.foreign, from: same) } == "too-many-failures")
        let neighbour = Address(high: 0x2001_0DB8_0000_0002, low: 0xFFFF)
        #expect(world.verdict { () throws(Refusal) in try world.ask(.foreign, from: neighbour) } == "unknown-key")
    }
}
