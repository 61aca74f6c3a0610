import Foundation
import GRDB
import Registry
import Testing

@testable import ControlPlane

/// Invitations and recovery: links that work once.
struct LinkTests {
    private let desk: Desk
    private let now = Scratch.now

    init() throws { desk = try Desk() }

    @Test func `an invitation makes an account active once password and code are there, and then does nothing any more`() async throws {
        let link = try desk.invite("asha", [.reviewer, .auditor])
        #expect(try desk.desk.link(link, heldBy: Desk.browser, at: now).enrolment == nil)
        #expect(try desk.registry.account("asha").state == .invited)
        let standing = try await desk.desk.choosePassword(
            Desk.password, repeated: Desk.password, by: link, heldBy: Desk.browser, from: Desk.home, at: now)
        #expect(standing.enrolment?.link.hasPrefix("otpauth://totp/Partner%20gateway:asha?secret=") == true)
        #expect(try desk.registry.account("asha").state == .invited, "half of it changes nothing")
        let secret = Desk.bytes(base32: standing.enrolment?.secret ?? "")
        #expect(throws: SignInRefusal.wrongCode) { try desk.desk.confirm("123", by: link, heldBy: Desk.browser, from: Desk.home, at: now) }
        let session = try desk.desk.confirm(
            TimeBasedCode.code(of: secret, at: now), by: link, heldBy: Desk.browser, from: Desk.home, at: now)
        #expect(try desk.signedIn(session, at: now)?.account.roles == [.reviewer, .auditor])
        #expect(throws: SignInRefusal.linkOver) { try desk.desk.link(link, heldBy: Desk.browser, at: now) }
        let later = now.plus(seconds: 30)
        #expect(throws: SignInRefusal.linkOver) {
            try desk.desk.confirm(TimeBasedCode.code(of: secret, at: later), by: link, heldBy: Desk.browser, from: Desk.home, at: later)
        }
    }

    @Test func `an invitation ends after four days and a recovery after one, to the nanosecond`() async throws {
        let invitation = try desk.invite("asha")
        let end = now.plus(seconds: 4 * 86_400)
        #expect(try desk.desk.link(invitation, heldBy: Desk.browser, at: end.plus(nanoseconds: -1)).expires == end)
        #expect(throws: SignInRefusal.linkOver) { try desk.desk.link(invitation, heldBy: Desk.browser, at: end) }
        await #expect(throws: SignInRefusal.linkOver) {
            try await desk.desk.choosePassword(
                Desk.password, repeated: Desk.password, by: invitation, heldBy: Desk.browser, from: Desk.home, at: end)
        }
        try await desk.enrolled("bela", at: now)
        let recovery = try desk.registry.recover("bela", by: "owner", at: now)
        #expect(try desk.desk.link(recovery, heldBy: Desk.browser, at: now).expires == now.plus(seconds: 86_400))
    }

    @Test func `a code of an expired link is not taken`() async throws {
        let link = try desk.invite("asha")
        let standing = try await desk.desk.choosePassword(
            Desk.password, repeated: Desk.password, by: link, heldBy: Desk.browser, from: Desk.home, at: now)
        let secret = Desk.bytes(base32: standing.enrolment?.secret ?? "")
        let end = now.plus(seconds: 4 * 86_400)
        #expect(throws: SignInRefusal.linkOver) {
            try desk.desk.confirm(TimeBasedCode.code(of: secret, at: end), by: link, heldBy: Desk.browser, from: Desk.home, at: end)
        }
    }

    @Test func `until a recovery is through the old password and secret hold, and then they do not`() async throws {
        let before = try await desk.enrolled("asha", at: now)
        let link = try desk.registry.recover("asha", by: "owner", random: desk.desk.random, at: now)
        let other = "an altogether other phrase"
        let standing = try await desk.desk.choosePassword(other, repeated: other, by: link, heldBy: Desk.browser, from: Desk.home, at: now)
        let later = now.plus(seconds: 60)
        let old = try await desk.signIn(before, at: later)
        let secret = Desk.bytes(base32: standing.enrolment?.secret ?? "")
        _ = try desk.desk.confirm(TimeBasedCode.code(of: secret, at: later), by: link, heldBy: Desk.browser, from: Desk.home, at: later)
        #expect(try desk.desk.session(old, at: later) == nil, "every session before is over")
        await #expect(throws: SignInRefusal.wrongPassword) {
            try await desk.desk.signIn("asha", password: Desk.password, from: Desk.home, at: later)
        }
        let half = try await desk.desk.signIn("asha", password: other, from: Desk.home, at: later)
        let next = later.plus(seconds: 30)
        #expect(throws: SignInRefusal.wrongCode) { try desk.desk.confirmSignIn(before.code(at: next), of: half, from: Desk.home, at: next) }
        _ = try desk.desk.confirmSignIn(TimeBasedCode.code(of: secret, at: next), of: half, from: Desk.home, at: next)
    }

    @Test func `a newer link takes the place of the one before`() throws {
        let first = try desk.invite("asha")
        let second = try desk.registry.recover("asha", by: "owner", at: now)
        #expect(throws: SignInRefusal.linkOver) { try desk.desk.link(first, heldBy: Desk.browser, at: now) }
        #expect(try desk.desk.link(second, heldBy: Desk.browser, at: now).account.name == "asha")
    }

    @Test func `a password chosen again brings another secret`() async throws {
        let link = try desk.invite("asha")
        let first = try await desk.desk.choosePassword(
            Desk.password, repeated: Desk.password, by: link, heldBy: Desk.browser, from: Desk.home, at: now)
        let second = try await desk.desk.choosePassword(
            Desk.password, repeated: Desk.password, by: link, heldBy: Desk.browser, from: Desk.home, at: now)
        #expect(first.enrolment != nil && first.enrolment != second.enrolment)
        await #expect(throws: SignInRefusal.password(.tooShort)) {
            try await desk.desk.choosePassword("short", repeated: "short", by: link, heldBy: Desk.browser, from: Desk.home, at: now)
        }
    }

    @Test func `only the browser in which the password was chosen sees the secret and may go on`() async throws {
        let link = try desk.invite("asha")
        let (own, other) = (Desk.browser, SecretToken(random: Array(repeating: 8, count: 32)))
        func standing(_ browser: SecretToken) throws -> LinkStanding { try desk.desk.link(link, heldBy: browser, at: now) }
        func choose(_ browser: SecretToken) async throws -> [UInt8] {
            let standing = try await desk.desk.choosePassword(
                Desk.password, repeated: Desk.password, by: link, heldBy: browser, from: Desk.home, at: now)
            return Desk.bytes(base32: try #require(standing.enrolment).secret)
        }
        func confirm(_ secret: [UInt8], _ browser: SecretToken) throws -> SecretToken {
            try desk.desk.confirm(TimeBasedCode.code(of: secret, at: now), by: link, heldBy: browser, from: Desk.home, at: now)
        }
        #expect(try !standing(own).isHeldElsewhere && !standing(other).isHeldElsewhere, "nobody has begun")
        let first = try await choose(own)
        #expect(try standing(own).enrolment != nil && !standing(own).isHeldElsewhere)
        #expect(try standing(other).enrolment == nil && standing(other).isHeldElsewhere)
        #expect(throws: SignInRefusal.linkElsewhere) { try confirm(first, other) }
        // Whoever else has the link can begin anew, and then the first browser is told.
        let second = try await choose(other)
        #expect(try standing(own).isHeldElsewhere && second != first)
        #expect(throws: SignInRefusal.linkElsewhere) { try confirm(first, own) }
        #expect(throws: SignInRefusal.linkElsewhere) { try confirm(second, own) }
        #expect(throws: SignInRefusal.wrongCode) { try confirm(first, other) }
        let third = try await choose(own)
        let session = try confirm(third, own)
        #expect(try desk.signedIn(session, at: now)?.account.name == "asha")
        // What the account keeps is sealed for itself: it signs in anywhere.
        let person = Desk.Person(name: "asha", secret: third, session: session)
        _ = try await desk.signIn(person, from: Desk.elsewhere, at: now.plus(seconds: 30))
    }

    @Test func `what a link's row holds opens with neither the account nor another browser`() async throws {
        let link = try desk.invite("asha")
        _ = try await desk.desk.choosePassword(
            Desk.password, repeated: Desk.password, by: link, heldBy: Desk.browser, from: Desk.home, at: now)
        let sealed = try #require(
            try desk.registry.read { try Data.fetchOne($0, sql: "SELECT secret FROM account_link") })
        #expect(throws: RegistryError.self) { try desk.desk.key.open(sealed, for: "asha") }
        #expect(throws: RegistryError.self) { try desk.desk.key.open(sealed, for: "asha in " + link.digest.base64EncodedString()) }
    }

    @Test func `passwords chosen by a link are hashed ten times and then once a minute, from whatever address`() async throws {
        let link = try desk.invite("asha")
        func choose(_ number: Int, at time: WallTime) async throws {
            _ = try await desk.desk.choosePassword(
                Desk.password, repeated: Desk.password, by: link, heldBy: Desk.browser,
                from: Visitor(address: "192.0.2.\(number)", agent: ""), at: time)
        }
        for number in 1...10 { try await choose(number, at: now) }
        await #expect(throws: SignInRefusal.throttled(nanoseconds: 60_000_000_000)) { try await choose(11, at: now) }
        await #expect(throws: SignInRefusal.throttled(nanoseconds: 1)) {
            try await choose(12, at: now.plus(seconds: 59, nanoseconds: 999_999_999))
        }
        try await choose(13, at: now.plus(seconds: 60))
        // Other links at these addresses are held up by none of it.
        let other = try desk.invite("bela")
        _ = try await desk.desk.choosePassword(
            Desk.password, repeated: Desk.password, by: other, heldBy: Desk.browser, from: Visitor(address: "192.0.2.1", agent: ""), at: now
        )
        // What is out of form is not hashed, and costs nothing.
        for _ in 0..<30 {
            await #expect(throws: SignInRefusal.password(.tooShort)) {
                try await desk.desk.choosePassword("x", repeated: "x", by: other, heldBy: Desk.browser, from: Desk.home, at: now)
            }
        }
    }

    @Test func `no link but the right one does anything`() throws {
        _ = try desk.invite("asha")
        let other = SecretToken(random: Array(repeating: 1, count: 32))
        #expect(throws: SignInRefusal.linkOver) { try desk.desk.link(other, heldBy: Desk.browser, at: now) }
        for text in ["", "short", String(repeating: "a", count: 42), String(repeating: "a", count: 44), String(repeating: "=", count: 43)] {
            #expect(SecretToken(text) == nil)
        }
        #expect(SecretToken(other.text) == other)
    }
}
