import GRDB
import Registry
import Testing

@testable import ControlPlane

/// Sessions: how long they last, and how they end.
struct SessionTests {
    private let desk: Desk
    private let now = Scratch.now

    init() throws { desk = try Desk() }

    @Test func `a session that nobody uses is over after thirty minutes, to the nanosecond`() async throws {
        let asha = try await desk.enrolled("asha", at: now)
        let end = now.plus(seconds: 1_800)
        #expect(try desk.signedIn(asha.session, at: end) == nil)
        // Looking is using, so this comes last.
        #expect(try desk.signedIn(asha.session, at: end.plus(nanoseconds: -1)) != nil)
        #expect(try desk.signedIn(asha.session, at: end) != nil)
    }

    @Test func `a session in use is over after twelve hours, to the nanosecond`() async throws {
        let asha = try await desk.enrolled("asha", at: now)
        for minute in stride(from: 20 as Int64, to: 720, by: 20) {
            #expect(try desk.signedIn(asha.session, at: now.plus(seconds: minute * 60)) != nil)
        }
        let end = now.plus(seconds: 43_200)
        #expect(try desk.signedIn(asha.session, at: end.plus(nanoseconds: -1)) != nil)
        #expect(try desk.signedIn(asha.session, at: end) == nil)
    }

    @Test func `it is written at most once a minute that a session is used, and nothing is published for it`() async throws {
        let asha = try await desk.enrolled("asha", at: now)
        let revision = try desk.registry.revision()
        for second in 1...59 as ClosedRange<Int64> {
            #expect(try desk.signedIn(asha.session, at: now.plus(seconds: second))?.session.seen == now)
        }
        _ = try desk.signedIn(asha.session, at: now.plus(seconds: 60))
        #expect(try desk.signedIn(asha.session, at: now.plus(seconds: 61))?.session.seen == now.plus(seconds: 60))
        #expect(try desk.registry.revision() == revision)
    }

    @Test func `sessions are listed, and ended one by one or all but the one in use`() async throws {
        let asha = try await desk.enrolled("asha", at: now)
        let bela = try await desk.enrolled("bela", at: now)
        var tokens: [SecretToken] = []
        for number in 1...4 as ClosedRange<Int64> {
            tokens.append(try await desk.signIn(asha, from: Desk.elsewhere, at: now.plus(seconds: number * 30)))
        }
        let later = now.plus(seconds: 150)
        let mine = try #require(try desk.signedIn(tokens[3], at: later))
        let listed = try desk.desk.sessions(of: "asha", at: later)
        #expect(listed.count == 5 && listed.first?.id == mine.session.id)
        let other = try #require(try desk.signedIn(tokens[0], at: later)).session.id
        #expect(try desk.desk.endSessions(other, of: mine, from: Desk.home, at: later) == 1)
        #expect(try desk.signedIn(tokens[0], at: later) == nil)
        let foreign = try #require(try desk.signedIn(bela.session, at: later)).session.id
        #expect(try desk.desk.endSessions(foreign, of: mine, from: Desk.home, at: later) == 0, "nobody ends another's")
        #expect(try desk.desk.endSessions(nil, of: mine, from: Desk.home, at: later) == 3)
        #expect(try desk.desk.sessions(of: "asha", at: later).map(\.id) == [mine.session.id])
        #expect(try desk.signedIn(bela.session, at: later) != nil)
    }

    @Test func `signing out ends the session`() async throws {
        let asha = try await desk.enrolled("asha", at: now)
        try desk.desk.signOut(asha.session, from: Desk.home, at: now)
        #expect(try desk.desk.session(asha.session, at: now) == nil)
        try desk.desk.signOut(asha.session, from: Desk.home, at: now)
    }

    @Test func `password and code are recent for five minutes, to the nanosecond, and again once they are given again`() async throws {
        let asha = try await desk.enrolled("asha", at: now)
        let end = now.plus(seconds: 300)
        let signedIn = try #require(try desk.signedIn(asha.session, at: now))
        #expect(signedIn.isRecent(at: end.plus(nanoseconds: -1)) && !signedIn.isRecent(at: end))
        let new = try await desk.desk.reauthenticate(
            password: Desk.password, code: asha.code(at: end), of: asha.session, from: Desk.home, at: end)
        #expect(try desk.desk.session(asha.session, at: end) == nil, "under another secret")
        let again = try #require(try desk.signedIn(new, at: end))
        #expect(again.isRecent(at: end) && again.session.created == now, "and it ends when it would have")
    }

    @Test func `giving the wrong thing again and again ends a session`() async throws {
        let asha = try await desk.enrolled("asha", at: now)
        for attempt in 1...5 {
            let isPassword = attempt % 2 == 0
            let expected: SignInRefusal = attempt == 5 ? .sessionOver : isPassword ? .wrongPassword : .wrongCode
            await #expect(throws: expected) {
                try await desk.desk.reauthenticate(
                    password: isPassword ? "not it at all" : Desk.password, code: "000000", of: asha.session, from: Desk.home, at: now)
            }
        }
        #expect(try desk.desk.session(asha.session, at: now) == nil)
    }

    @Test func `half a session cannot be made a whole one by authenticating again`() async throws {
        let asha = try await desk.enrolled("asha", at: now)
        let half = try await desk.desk.signIn("asha", password: Desk.password, from: Desk.home, at: now)
        let later = now.plus(seconds: 30)
        await #expect(throws: SignInRefusal.sessionOver) {
            try await desk.desk.reauthenticate(password: Desk.password, code: asha.code(at: later), of: half, from: Desk.home, at: later)
        }
        #expect(throws: SignInRefusal.sessionOver) {
            try desk.desk.confirmSignIn(asha.code(at: later), of: asha.session, from: Desk.home, at: later)
        }
    }

    @Test func `the schema itself keeps sessions from accounts that are not active`() async throws {
        _ = try desk.invite("invited", at: now)
        #expect(throws: RegistryError.self) {
            try desk.registry.write { database in
                try AccountDesk.insert(
                    SecretToken(random: Array(repeating: 7, count: 32)), of: "invited", isFull: true, created: now, from: Desk.home,
                    at: now,
                    database)
            }
        }
        for sql in [
            "UPDATE account SET state = 'active' WHERE name = 'invited'", "DELETE FROM account", "UPDATE account SET name = 'other'",
            "INSERT INTO account_role VALUES ('invited', 'emperor')",
        ] {
            #expect(throws: RegistryError.self, "\(sql)") { try desk.registry.write { try $0.execute(sql: sql) } }
        }
    }
}
