import Foundation
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
        #expect(try desk.desk.link(link, at: now).enrolment == nil)
        #expect(try desk.registry.account("asha").state == .invited)
        let standing = try await desk.desk.choosePassword(Desk.password, repeated: Desk.password, by: link, at: now)
        #expect(standing.enrolment?.link.hasPrefix("otpauth://totp/Partner%20gateway:asha?secret=") == true)
        #expect(try desk.registry.account("asha").state == .invited, "half of it changes nothing")
        let secret = Desk.bytes(base32: standing.enrolment?.secret ?? "")
        #expect(throws: SignInRefusal.wrongCode) { try desk.desk.confirm("123", by: link, from: Desk.home, at: now) }
        let session = try desk.desk.confirm(TimeBasedCode.code(of: secret, at: now), by: link, from: Desk.home, at: now)
        #expect(try desk.signedIn(session, at: now)?.account.roles == [.reviewer, .auditor])
        #expect(throws: SignInRefusal.linkOver) { try desk.desk.link(link, at: now) }
        let later = now.plus(seconds: 30)
        #expect(throws: SignInRefusal.linkOver) {
            try desk.desk.confirm(TimeBasedCode.code(of: secret, at: later), by: link, from: Desk.home, at: later)
        }
    }

    @Test func `an invitation ends after four days and a recovery after one, to the nanosecond`() async throws {
        let invitation = try desk.invite("asha")
        let end = now.plus(seconds: 4 * 86_400)
        #expect(try desk.desk.link(invitation, at: end.plus(nanoseconds: -1)).expires == end)
        #expect(throws: SignInRefusal.linkOver) { try desk.desk.link(invitation, at: end) }
        await #expect(throws: SignInRefusal.linkOver) {
            try await desk.desk.choosePassword(Desk.password, repeated: Desk.password, by: invitation, at: end)
        }
        try await desk.enrolled("bela", at: now)
        let recovery = try desk.registry.recover("bela", by: "owner", at: now)
        #expect(try desk.desk.link(recovery, at: now).expires == now.plus(seconds: 86_400))
    }

    @Test func `a code of an expired link is not taken`() async throws {
        let link = try desk.invite("asha")
        let standing = try await desk.desk.choosePassword(Desk.password, repeated: Desk.password, by: link, at: now)
        let secret = Desk.bytes(base32: standing.enrolment?.secret ?? "")
        let end = now.plus(seconds: 4 * 86_400)
        #expect(throws: SignInRefusal.linkOver) {
            try desk.desk.confirm(TimeBasedCode.code(of: secret, at: end), by: link, from: Desk.home, at: end)
        }
    }

    @Test func `until a recovery is through the old password and secret hold, and then they do not`() async throws {
        let before = try await desk.enrolled("asha", at: now)
        let link = try desk.registry.recover("asha", by: "owner", random: desk.desk.random, at: now)
        let other = "an altogether other phrase"
        let standing = try await desk.desk.choosePassword(other, repeated: other, by: link, at: now)
        let later = now.plus(seconds: 60)
        let old = try await desk.signIn(before, at: later)
        let secret = Desk.bytes(base32: standing.enrolment?.secret ?? "")
        _ = try desk.desk.confirm(TimeBasedCode.code(of: secret, at: later), by: link, from: Desk.home, at: later)
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
        #expect(throws: SignInRefusal.linkOver) { try desk.desk.link(first, at: now) }
        #expect(try desk.desk.link(second, at: now).account.name == "asha")
    }

    @Test func `a password chosen again brings another secret`() async throws {
        let link = try desk.invite("asha")
        let first = try await desk.desk.choosePassword(Desk.password, repeated: Desk.password, by: link, at: now)
        let second = try await desk.desk.choosePassword(Desk.password, repeated: Desk.password, by: link, at: now)
        #expect(first.enrolment != nil && first.enrolment != second.enrolment)
        await #expect(throws: SignInRefusal.password(.tooShort)) {
            try await desk.desk.choosePassword("short", repeated: "short", by: link, at: now)
        }
    }

    @Test func `no link but the right one does anything`() throws {
        _ = try desk.invite("asha")
        let other = SecretToken(random: Array(repeating: 1, count: 32))
        #expect(throws: SignInRefusal.linkOver) { try desk.desk.link(other, at: now) }
        for text in ["", "short", String(repeating: "a", count: 42), String(repeating: "a", count: 44), String(repeating: "=", count: 43)] {
            #expect(SecretToken(text) == nil)
        }
        #expect(SecretToken(other.text) == other)
    }
}
