import Registry
import Testing

@testable import ControlPlane

/// What is on record of all that accounts write: exactly these entries.
@Suite struct AuditedAccountTests {
    private let desk: Desk
    private let now = Scratch.now
    /// What is kept of sessions and of where somebody was is nobody's decision.
    private let unrecorded: Set = ["session", "account_address"]

    init() throws { desk = try Desk() }

    private func recorded(_ body: () throws -> Void, sourceLocation: SourceLocation = #_sourceLocation) throws -> [String] {
        try desk.registry.recorded(isPublished: false, exceptFor: unrecorded, body, sourceLocation: sourceLocation)
    }

    /// The same of what takes a while.
    private func recorded(_ body: () async throws -> Void) async throws -> [String] {
        let length = try desk.registry.auditRecords().count
        do { try await body() } catch is SignInRefusal {}
        return try desk.registry.auditRecords().dropFirst(length).map { ($0.refusal == nil ? "" : "-") + "\($0.action) \($0.subject)" }
    }

    @Test func `invitations, roles, and accounts that are disabled, enabled and recovered`() async throws {
        try await desk.enrolled("admin", [.admin], at: now)
        let registry = desk.registry
        #expect(try recorded { _ = try registry.inviteFirstAdmin(by: .gateway(.start), at: now) } == [], "there is one")
        #expect(try recorded { _ = try desk.invite("asha", at: now) } == ["account.invite asha"])
        #expect(try recorded { _ = try registry.setRoles([.approver], of: "asha", by: "admin", at: now) } == ["account.set-roles asha"])
        #expect(try recorded { _ = try registry.recover("admin", by: "admin", at: now) } == ["account.recover admin"])
        #expect(try recorded { _ = try registry.disable("asha", reason: "left", by: "admin", at: now) } == ["account.disable asha"])
        #expect(try recorded { _ = try registry.enable("asha", reason: "back", by: "admin", at: now) } == ["account.enable asha"])
        let length = try registry.auditRecords().count
        try registry.setLanguage(.hindi, of: "asha")
        #expect(try registry.auditRecords().count == length, "what somebody reads in is no decision about anybody")
    }

    @Test func `a link that is begun anew in another browser is on record, by where that is`() async throws {
        let link = try desk.invite("asha", at: now)
        func choose(_ browser: SecretToken, from visitor: Visitor) async throws -> [String] {
            try await recorded {
                _ = try await desk.desk.choosePassword(
                    Desk.password, repeated: Desk.password, by: link, heldBy: browser, from: visitor, at: now)
            }
        }
        #expect(try await choose(Desk.browser, from: Desk.home) == [])
        #expect(try await choose(Desk.browser, from: Desk.home) == [], "its own browser may choose again")
        let other = SecretToken(random: Array(repeating: 8, count: 32))
        #expect(try await choose(other, from: Desk.elsewhere) == ["account.begin-link-anew asha"])
        #expect(try desk.registry.auditRecords().last?.address == Desk.elsewhere.address)
    }

    @Test func `the way in and out`() async throws {
        let link = try desk.invite("asha", at: now)
        var person: Desk.Person?
        #expect(
            try await recorded { person = try await desk.enrol("asha", by: link, at: now) } == [
                "account.enrol asha", "account.sign-in asha",
            ])
        let (asha, later) = (try #require(person), now.plus(seconds: 60))
        var half: SecretToken?
        #expect(
            try await recorded { half = try await desk.desk.signIn("asha", password: Desk.password, from: Desk.home, at: later) } == [],
            "half a sign-in")
        #expect(
            try await recorded { _ = try await desk.desk.signIn("asha", password: "wrong", from: Desk.home, at: later) } == [
                "-account.refuse-sign-in asha"
            ])
        #expect(
            try await recorded { _ = try await desk.desk.signIn("nobody", password: "wrong", from: Desk.home, at: later) } == [
                "-account.refuse-sign-in unknown"
            ])
        let waiting = try #require(half)
        #expect(
            try recorded { _ = try desk.desk.confirmSignIn("000000", of: waiting, from: Desk.home, at: later) } == [
                "-account.refuse-sign-in asha"
            ])
        var full: SecretToken?
        #expect(
            try recorded { full = try desk.desk.confirmSignIn(asha.code(at: later), of: waiting, from: Desk.home, at: later) } == [
                "account.sign-in asha"
            ])
        let (token, end) = (try #require(full), later.plus(seconds: 60))
        var again: SecretToken?
        #expect(
            try await recorded {
                again = try await desk.desk.reauthenticate(
                    password: Desk.password, code: asha.code(at: end), of: token, from: Desk.home, at: end)
            } == ["account.re-authenticate asha"])
        let session = try #require(again)
        #expect(try recorded { _ = try desk.desk.session(session, at: end.plus(seconds: 120)) } == [], "it was used")
        let signedIn = try #require(try desk.signedIn(session, at: end))
        let length = try desk.registry.auditRecords().count
        #expect(try desk.desk.endSessions(nil, of: signedIn, from: Desk.home, at: end) == 1)
        try desk.desk.signOut(session, from: Desk.home, at: end)
        #expect(
            try desk.registry.auditRecords().dropFirst(length).map { "\($0.action) \($0.subject)" } == [
                "account.end-sessions asha", "account.sign-out asha",
            ])
    }

    @Test func `that too many have failed is on record once an episode, not at every further try`() async throws {
        try await desk.enrolled("asha", at: now)
        let later = now.plus(seconds: 60)
        let burst = Int(SignInLevels.Subject.account("asha").rule.burst)
        func attempt(at time: WallTime) async throws -> [String] {
            try await recorded { _ = try await desk.desk.signIn("asha", password: "wrong", from: Desk.elsewhere, at: time) }
        }
        for _ in 0..<burst { #expect(try await attempt(at: later) == ["-account.refuse-sign-in asha"]) }
        #expect(try desk.registry.auditRecords().last?.refusal == "wrong password")
        #expect(try await attempt(at: later) == ["-account.refuse-sign-in asha"])
        #expect(try desk.registry.auditRecords().last?.refusal == "too many have failed")
        for second in 1..<60 as Range<Int64> { #expect(try await attempt(at: later.plus(seconds: second)) == []) }
        #expect(try await attempt(at: later.plus(seconds: 60)) == ["-account.refuse-sign-in asha"], "one more was tried")
        #expect(try await attempt(at: later.plus(seconds: 61)) == [], "the same episode")
        let over = later.plus(seconds: 86_400)
        for _ in 0..<burst { _ = try await attempt(at: over) }
        #expect(try await attempt(at: over) == ["-account.refuse-sign-in asha"])
        #expect(try desk.registry.auditRecords().last?.refusal == "too many have failed", "another episode")
    }
}
