import Registry
import Testing

@testable import ControlPlane

/// Signing in: password, then code.
struct SignInTests {
    private let desk: Desk
    private let now = Scratch.now

    init() throws { desk = try Desk() }

    @Test func `password and code begin a session under another secret, and the half one is over`() async throws {
        let asha = try await desk.enrolled("asha", at: now)
        let later = now.plus(seconds: 60)
        let half = try await desk.desk.signIn(" ASHA ", password: Desk.password, from: Desk.home, at: later)
        #expect(try desk.signedIn(half, at: later) == nil, "half a sign-in may nothing")
        let full = try desk.desk.confirmSignIn(asha.code(at: later), of: half, from: Desk.home, at: later)
        #expect(full != half)
        let signedIn = try #require(try desk.signedIn(full, at: later))
        #expect(signedIn.account.name == "asha" && signedIn.account.lastSignIn == later && signedIn.account.roles == [.reviewer])
        #expect(signedIn.session.address == "203.0.113.7" && signedIn.session.agent == "Browser/1")
        #expect(try desk.desk.session(half, at: later) == nil)
    }

    @Test func `a wrong password and an unknown name are refused alike`() async throws {
        try await desk.enrolled("asha", at: now)
        _ = try desk.invite("invited", at: now)
        for name in ["asha", "invited", "nobody", "n o", "", "x'; --"] {
            await #expect(throws: SignInRefusal.wrongPassword, "\(name)") {
                try await desk.desk.signIn(name, password: "not it at all", from: Desk.home, at: now)
            }
        }
        await #expect(throws: SignInRefusal.wrongPassword) {
            try await desk.desk.signIn("asha", password: String(repeating: "a", count: 1_000_000), from: Desk.home, at: now)
        }
    }

    @Test func `a code works once, also from another session`() async throws {
        let asha = try await desk.enrolled("asha", at: now)
        let later = now.plus(seconds: 60)
        _ = try await desk.signIn(asha, at: later)
        let second = try await desk.desk.signIn("asha", password: Desk.password, from: Desk.elsewhere, at: later)
        #expect(throws: SignInRefusal.wrongCode) {
            try desk.desk.confirmSignIn(asha.code(at: later), of: second, from: Desk.elsewhere, at: later)
        }
        let next = later.plus(seconds: 30)
        _ = try desk.desk.confirmSignIn(asha.code(at: next), of: second, from: Desk.elsewhere, at: next)
    }

    @Test func `the code that enrolled is used up too`() async throws {
        let asha = try await desk.enrolled("asha", at: now)
        let half = try await desk.desk.signIn("asha", password: Desk.password, from: Desk.home, at: now)
        #expect(throws: SignInRefusal.wrongCode) {
            try desk.desk.confirmSignIn(asha.code(at: now), of: half, from: Desk.home, at: now)
        }
    }

    @Test func `five wrong codes end the half session`() async throws {
        let asha = try await desk.enrolled("asha", at: now)
        let half = try await desk.desk.signIn("asha", password: Desk.password, from: Desk.home, at: now)
        for attempt in 1...5 {
            #expect(throws: attempt < 5 ? SignInRefusal.wrongCode : .sessionOver) {
                try desk.desk.confirmSignIn("000000", of: half, from: Desk.home, at: now)
            }
        }
        let later = now.plus(seconds: 30)
        #expect(throws: SignInRefusal.sessionOver) {
            try desk.desk.confirmSignIn(asha.code(at: later), of: half, from: Desk.home, at: later)
        }
    }

    @Test func `the code may follow the password for five minutes`() async throws {
        let asha = try await desk.enrolled("asha", at: now)
        let first = try await desk.desk.signIn("asha", password: Desk.password, from: Desk.home, at: now)
        let end = now.plus(seconds: 300)
        #expect(throws: SignInRefusal.sessionOver) {
            try desk.desk.confirmSignIn(asha.code(at: end), of: first, from: Desk.home, at: end)
        }
        let second = try await desk.desk.signIn("asha", password: Desk.password, from: Desk.home, at: now)
        let before = end.plus(nanoseconds: -1)
        _ = try desk.desk.confirmSignIn(asha.code(at: before), of: second, from: Desk.home, at: before)
    }

    @Test func `whoever guesses from everywhere is held up, and the person at their usual place is not`() async throws {
        let asha = try await desk.enrolled("asha", at: now)
        var refused: SignInRefusal?
        for number in 0..<11 {
            let guesser = Visitor(address: "192.0.2.\(number)", agent: "")
            do { _ = try await desk.desk.signIn("asha", password: "guess", from: guesser, at: now) } catch {
                refused = error as? SignInRefusal
            }
        }
        #expect(refused == .throttled(nanoseconds: 60_000_000_000))
        await #expect(throws: SignInRefusal.throttled(nanoseconds: 60_000_000_000)) {
            try await desk.desk.signIn("asha", password: Desk.password, from: Desk.elsewhere, at: now)
        }
        let later = now.plus(seconds: 30)
        _ = try await desk.signIn(asha, from: Desk.home, at: later)
        let waited = now.plus(seconds: 60)
        _ = try await desk.signIn(asha, from: Desk.elsewhere, at: waited)
    }

    @Test func `an address that fails with many names is held up, whatever the name`() async throws {
        for number in 0..<20 {
            await #expect(throws: SignInRefusal.wrongPassword) {
                try await desk.desk.signIn("guess\(number)", password: "x", from: Desk.elsewhere, at: now)
            }
        }
        await #expect(throws: SignInRefusal.throttled(nanoseconds: 30_000_000_000)) {
            try await desk.desk.signIn("another", password: "x", from: Desk.elsewhere, at: now)
        }
    }

    @Test func `signing in often costs nothing`() async throws {
        let asha = try await desk.enrolled("asha", at: now)
        for number in 1...60 as ClosedRange<Int64> { _ = try await desk.signIn(asha, at: now.plus(seconds: number * 30)) }
        #expect(try desk.desk.sessions(of: "asha", at: now.plus(seconds: 1_800)).count == Limits.sessionsPerAccount)
    }

    @Test func `a disabled account is told so by its password only, and its sessions are over at once`() async throws {
        let asha = try await desk.enrolled("asha", at: now)
        try await desk.enrolled("admin", [.admin], at: now)
        _ = try desk.registry.disable("asha", reason: "left", by: "admin", at: now)
        #expect(try desk.desk.session(asha.session, at: now) == nil)
        await #expect(throws: SignInRefusal.disabled) {
            try await desk.desk.signIn("asha", password: Desk.password, from: Desk.home, at: now)
        }
        await #expect(throws: SignInRefusal.wrongPassword) {
            try await desk.desk.signIn("asha", password: "not it at all", from: Desk.home, at: now)
        }
        _ = try desk.registry.enable("asha", reason: "came back", by: "admin", at: now)
        _ = try await desk.signIn(asha, at: now.plus(seconds: 30))
    }

    @Test func `nothing secret is kept in the clear`() async throws {
        let asha = try await desk.enrolled("asha", at: now)
        let link = try desk.registry.recover("asha", by: "admin", random: desk.desk.random, at: now)
        _ = try await desk.desk.choosePassword(
            "another quiet harbour", repeated: "another quiet harbour", by: link, heldBy: Desk.browser, from: Desk.home, at: now)
        let files = try desk.registry.read { database -> [UInt8] in
            try ["account", "account_link", "session", "account_address"].flatMap { table -> [UInt8] in
                try database.cachedRows(of: table)
            }
        }
        for secret in [Array("quiet harbour".utf8), asha.secret, Array(link.text.utf8), Array(asha.session.text.utf8)] {
            #expect(!files.contains(secret))
        }
    }
}
