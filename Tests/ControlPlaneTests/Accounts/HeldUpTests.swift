import Registry
import Testing

@testable import ControlPlane

/// What somebody who has the password alone, or the owner's address alone, can do: guess little, and keep nobody out.
struct HeldUpTests {
    private let desk: Desk
    private let now = Scratch.now

    init() throws { desk = try Desk() }

    private func stranger(_ number: Int) -> Visitor { Visitor(address: "192.0.2.\(number)", agent: "") }

    @Test func `codes guessed from everywhere are twenty, and the person at their usual place signs in`() async throws {
        let asha = try await desk.enrolled("asha", at: now)
        var (tried, heldUp) = (0, 0)
        for number in 1...40 {
            let half = try await desk.desk.signIn("asha", password: Desk.password, from: stranger(number), at: now)
            do { _ = try desk.desk.confirmSignIn("000000", of: half, from: stranger(number), at: now) } catch SignInRefusal.throttled {
                heldUp += 1
            } catch SignInRefusal.wrongCode { tried += 1 }
            // So that the password's own attempts are not what holds them up.
            desk.desk.throttle.succeeded(
                SignInThrottle.Attempt(.password, account: "asha", from: stranger(number).address, isKnownThere: false), at: now)
        }
        #expect(tried == 20 && heldUp == 20)
        _ = try await desk.signIn(asha, from: Desk.home, at: now.plus(seconds: 30))
    }

    @Test func `a password without codes ends none of its owner's sessions, and is held up as a wrong one is`() async throws {
        let asha = try await desk.enrolled("asha", at: now)
        var held: SignInRefusal?
        for number in 0..<12 {
            do { _ = try await desk.desk.signIn("asha", password: Desk.password, from: stranger(number), at: now) } catch {
                held = error as? SignInRefusal
            }
        }
        #expect(held == .throttled(nanoseconds: 60_000_000_000))
        #expect(try desk.signedIn(asha.session, at: now)?.account.name == "asha")
    }

    @Test func `whoever fails at the same address under other names keeps nobody there out`() async throws {
        let asha = try await desk.enrolled("asha", at: now)
        for number in 0..<30 { _ = try? await desk.desk.signIn("guess\(number)", password: "x", from: Desk.home, at: now) }
        _ = try await desk.signIn(asha, from: Desk.home, at: now.plus(seconds: 30))
    }

    @Test func `setting an account up anew ends its tokens`() async throws {
        try await desk.enrolled("asha", at: now)
        let wish = TokenWish(name: "script", scopes: TokenScopes([.read]), expires: now.plus(seconds: 86_400))
        let made = try desk.registry.createToken(wish, of: "asha", by: "asha", at: now)
        let link = try desk.registry.recover("asha", by: "admin", random: desk.desk.random, at: now)
        let later = now.plus(seconds: 60)
        _ = try await desk.enrol("asha", by: link, at: later)
        let token = try #require(try desk.registry.tokens(of: "asha").first { $0.id == made.entry.id })
        #expect(token.revoked == later)
    }

    @Test func `who is no admin any more changes no account, and that is on record`() async throws {
        try await desk.enrolled("meera", [.admin], at: now)
        try await desk.enrolled("asha", [.admin], at: now)
        let asha = Actor("asha", from: .console(address: "203.0.113.7"))
        _ = try desk.registry.setRoles([.reviewer], of: "asha", by: "meera", at: now)
        let invitation = try Invitation(name: "friend", roles: [.admin])
        let length = try desk.registry.auditRecords().count
        #expect(throws: RegistryError.self) { try desk.registry.invite(invitation, by: asha, at: now) }
        #expect(throws: RegistryError.self) { try desk.registry.recover("meera", by: asha, at: now) }
        #expect(throws: RegistryError.self) { try desk.registry.setRoles([.admin], of: "asha", by: asha, at: now) }
        #expect(throws: RegistryError.self) { try desk.registry.disable("meera", reason: "mine", by: asha, at: now) }
        let records = try desk.registry.auditRecords().dropFirst(length)
        #expect(records.map(\.action) == ["account.invite", "account.recover", "account.set-roles", "account.disable"])
        #expect(records.allSatisfy { $0.refusal != nil && $0.actor == "asha" })
        #expect(throws: RegistryError.self) { try desk.registry.account("friend") }
    }

    @Test(arguments: ["nobody", "unknown"])
    func `no account is called as the history calls who has none`(name: String) {
        #expect(throws: RegistryError.self) { try Invitation(name: name, roles: []) }
    }
}
