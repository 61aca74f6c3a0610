import Foundation
import GRDB
import Registry
import Support
import Testing

@testable import ControlPlane

/// Tokens: shown once, kept as a digest, good only as long as they and their account are.
struct AccessTokenTests {
    private let desk: Desk
    private let now = Scratch.now
    private let asha = Actor("asha", from: .console(address: "203.0.113.7"))

    init() throws { desk = try Desk() }

    private func later(days: Int64, seconds: Int64 = 0) -> WallTime { WallTime(seconds: now.seconds + days * 86_400 + seconds) }

    private func made(_ scopes: [TokenScope] = [.read], days: Int64 = 30) throws -> IssuedToken {
        let wish = TokenWish(name: "nightly report", scopes: TokenScopes(scopes), expires: later(days: days))
        return try desk.registry.createToken(wish, of: "asha", by: asha, at: now)
    }

    private func problem(_ tokens: TokenDesk, _ text: String, from address: String = "198.51.100.1", at time: WallTime) -> ControlProblem? {
        do {
            _ = try tokens.caller(showing: text, from: address, at: time)
            return nil
        } catch { return (error as? ProblemAnswer)?.problem }
    }

    @Test func `a token is spelt so that scanners find it and typos show`() throws {
        var random = SplitMix64(seed: 7)
        let text = AccessTokenForm.make(using: &random)
        #expect(text.wholeMatch(of: /pgw_pat_[0-9A-Za-z]{49}/) != nil)
        #expect(AccessTokenForm.read(text) == .wellFormed(.production))
        for place in 8..<text.utf8.count {
            var bytes = Array(text.utf8)
            bytes[place] = bytes[place] == 0x61 ? 0x62 : 0x61
            #expect(AccessTokenForm.read(String(decoding: bytes, as: UTF8.self)) == .mistyped)
        }
        #expect(AccessTokenForm.read(String(text.dropLast())) == .mistyped)
        #expect(AccessTokenForm.read("pgw_sandbox_x") == .mistyped && AccessTokenForm.read("secret") == .foreign)
        #expect(SafeText.withoutKeys("it is \(text), please") == "it is pgw_pat_…, please")
    }

    @Test func `only its digest is kept, and nothing of it is on record`() async throws {
        try await desk.enrolled("asha")
        let issued = try made()
        let secret = issued.token.dropFirst(AccessTokenForm.prefix.count)
        try desk.registry.close()
        for name in try FileManager.default.contentsOfDirectory(atPath: desk.scratch.path + "/state") {
            let bytes = FileManager.default.contents(atPath: desk.scratch.path + "/state/" + name) ?? Data()
            #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(name)")
        }
    }

    @Test func `it opens what its account may at this moment, and dies with it`() async throws {
        try await desk.enrolled("admin", [.admin])
        try await desk.enrolled("asha", [.reviewer])
        let (issued, tokens) = (try made([.read, .onboard]), TokenDesk(registry: desk.registry))
        let caller = try tokens.caller(showing: issued.token, from: "198.51.100.1", at: now)
        #expect(caller.account.roles == [.reviewer] && caller.token.scopes == TokenScopes([.read, .onboard]))
        #expect(caller.actor == Actor("asha", from: .api(address: "198.51.100.1", token: issued.entry.id)))
        _ = try desk.registry.setRoles([.auditor], of: "asha", by: "admin", at: now)
        #expect(try tokens.caller(showing: issued.token, from: "198.51.100.1", at: now).account.roles == [.auditor])
        _ = try desk.registry.disable("asha", reason: "left", by: "admin", at: now)
        #expect(problem(tokens, issued.token, at: now) == .endedToken)
        _ = try desk.registry.enable("asha", reason: "back", by: "admin", at: now)
        #expect(problem(tokens, issued.token, at: now) == .endedToken, "what died with the account stays dead")
        let entry = try #require(try desk.registry.tokens(of: "asha").first)
        #expect(entry.revokedBy == "admin" && entry.revokedReason == "the account was disabled" && entry.lastUsed == now)
    }

    @Test func `it ends at its time, and when it is revoked, and not before`() async throws {
        try await desk.enrolled("asha")
        let tokens = TokenDesk(registry: desk.registry)
        let issued = try made(days: 1)
        #expect(problem(tokens, issued.token, at: later(days: 1, seconds: -1)) == nil)
        #expect(problem(tokens, issued.token, at: later(days: 1)) == .endedToken)
        let other = try made()
        _ = try desk.registry.revokeToken(other.entry.id, by: asha, reason: "lost", at: now)
        #expect(problem(TokenDesk(registry: desk.registry), other.token, at: now) == .endedToken)
        #expect(throws: RegistryError.self) { try desk.registry.revokeToken(other.entry.id, by: asha, reason: "again", at: now) }
    }

    @Test(arguments: [(0, 0), (-1, 0), (365, 1)] as [(Int64, Int64)])
    func `it cannot last longer than a year, nor end before it begins`(_ days: Int64, _ seconds: Int64) async throws {
        try await desk.enrolled("asha")
        let wish = TokenWish(name: "x", scopes: TokenScopes([.read]), expires: later(days: days, seconds: seconds))
        #expect(throws: RegistryError.self) { try desk.registry.createToken(wish, of: "asha", by: asha, at: now) }
        #expect(try made(days: 365).entry.expires == later(days: 365))
    }

    @Test func `it is made by its owner or on the machine, for an active account, with a scope, and not without end`() async throws {
        try await desk.enrolled("asha")
        try await desk.enrolled("admin", [.admin])
        _ = try desk.invite("new")
        let wish = TokenWish(name: "x", scopes: TokenScopes([.read]), expires: later(days: 1))
        let admin = Actor("admin", from: .console(address: "203.0.113.9"))
        #expect(throws: RegistryError.self) { try desk.registry.createToken(wish, of: "asha", by: admin, at: now) }
        #expect(throws: RegistryError.self) { try desk.registry.createToken(wish, of: "new", by: "owner", at: now) }
        #expect(throws: RegistryError.self) {
            try desk.registry.createToken(TokenWish(name: "x", scopes: [], expires: later(days: 1)), of: "asha", by: asha, at: now)
        }
        let issued = try desk.registry.createToken(wish, of: "asha", by: "owner", at: now)
        #expect(issued.entry.createdBy == "owner" && issued.entry.account == "asha")
        for _ in 1..<20 { _ = try made() }
        #expect(throws: RegistryError.self) { try made() }
        let stranger = Actor("nobody", from: .console(address: "203.0.113.9"))
        #expect(throws: RegistryError.self) { try desk.registry.revokeToken(issued.entry.id, by: stranger, reason: "x", at: now) }
        #expect(try desk.registry.revokeToken(issued.entry.id, by: admin, reason: "not needed", at: now).revokedBy == "admin")
    }

    @Test func `bad tokens are held up by address, good ones never are`() async throws {
        try await desk.enrolled("asha")
        let (issued, tokens) = (try made(), TokenDesk(registry: desk.registry))
        var random = SplitMix64(seed: 3)
        let bad = AccessTokenForm.make(using: &random)
        for _ in 0..<20 { #expect(problem(tokens, bad, at: now) == .unknownToken) }
        #expect(problem(tokens, bad, at: now) == .tooManyFailures)
        #expect(problem(tokens, issued.token, at: now) == nil)
        #expect(problem(tokens, bad, from: "198.51.100.2", at: now) == .unknownToken)
        #expect(problem(tokens, bad, at: WallTime(seconds: now.seconds + 30)) == .unknownToken)
        #expect(problem(tokens, bad, at: WallTime(seconds: now.seconds + 30)) == .tooManyFailures)
        let refused = try desk.registry.auditRecords(AuditFilter(action: "token.refuse"), newest: 0)
        #expect(refused.count == 22, "what was not looked at is not on record")
        #expect(refused.allSatisfy { $0.actor == "nobody" && $0.origin == "api" && $0.refusal == "unknown" })
    }

    @Test func `making, revoking and refused use are on record`() async throws {
        try await desk.enrolled("asha")
        let (issued, tokens) = (try made([.keys, .audit]), TokenDesk(registry: desk.registry))
        _ = try desk.registry.revokeToken(issued.entry.id, by: asha, reason: "lost", at: now)
        _ = problem(tokens, issued.token, at: now)
        let records = try desk.registry.auditRecords(AuditFilter(action: "token"), newest: 0)
        #expect(records.map(\.action) == ["token.create", "token.revoke", "token.refuse"])
        #expect(records.allSatisfy { $0.actor == "asha" && $0.subject == issued.entry.id })
        #expect(records[0].after?.contains(#""scopes":["keys","audit"]"#) == true)
        #expect(records[1].reason == "lost" && records[2].refusal == "revoked" && records[2].token == issued.entry.id)
        _ = try desk.registry.verifyAudit()
    }

    @Test func `the schema keeps what tokens are whatever the code does`() async throws {
        try await desk.enrolled("asha")
        _ = try desk.invite("new")
        let issued = try made()
        _ = try desk.registry.revokeToken(issued.entry.id, by: asha, reason: "lost", at: now)
        for sql in [
            "DELETE FROM access_token", "UPDATE access_token SET revoked = NULL, revoked_by = NULL, revoked_reason = NULL",
            "UPDATE access_token SET scopes = 63", "UPDATE access_token SET expires = expires + 1",
            "INSERT INTO access_token (id, digest, account, name, scopes, created, created_by, expires) VALUES ('t', randomblob(32), 'new', 'x', 1, 1, 'x', 2)",
            "INSERT INTO access_token (id, digest, account, name, scopes, created, created_by, expires) VALUES ('t', randomblob(32), 'asha', 'x', 1, 1, 'x', 31536000000000002)",
        ] {
            #expect(throws: RegistryError.self, "\(sql)") { try desk.registry.write(.note) { try $0.execute(sql: sql) } }
        }
    }
}

/// How fast a token asks.
struct RequestLevelsTests {
    @Test func `a burst passes, then one every tenth of a second, and the wait is exact`() {
        var (levels, now) = (RequestLevels(), Scratch.now)
        for count in 1...Limits.tokenBurst {
            let reading = levels.spend("a", at: now)
            #expect(reading.wait == nil && reading.remaining == Limits.tokenBurst - count)
        }
        let wait = levels.spend("a", at: now).wait
        #expect(wait == Limits.tokenNanoseconds)
        #expect(levels.spend("b", at: now).wait == nil)
        now = WallTime(nanoseconds: now.nanoseconds + Limits.tokenNanoseconds - 1)
        #expect(levels.spend("a", at: now).wait == 1)
        now = WallTime(nanoseconds: now.nanoseconds + 1)
        #expect(levels.spend("a", at: now).wait == nil)
    }

    @Test func `a seeded schedule agrees with a bucket that is counted slowly`() {
        var (levels, random) = (RequestLevels(), SplitMix64(seed: 11))
        var (now, owed, last): (Int64, Int64, Int64) = (1_000_000_000_000, 0, 0)
        last = now
        for _ in 0..<20_000 {
            now += Int64.random(in: 0...300_000_000, using: &random) * (Bool.random(using: &random) ? 0 : 1)
            owed = max(0, owed - (now - last))
            last = now
            let mayPass = owed + Limits.tokenNanoseconds <= Limits.tokenBurst * Limits.tokenNanoseconds
            let reading = levels.spend("a", at: WallTime(nanoseconds: now))
            #expect((reading.wait == nil) == mayPass)
            if mayPass { owed += Limits.tokenNanoseconds }
        }
    }

    @Test func `the table stays as small as it may be, and forgets whoever asked least`() {
        var levels = RequestLevels(capacity: 2)
        for _ in 0..<Limits.tokenBurst { _ = levels.spend("busy", at: Scratch.now) }
        for name in ["b", "c", "d"] { _ = levels.spend(name, at: Scratch.now) }
        #expect(levels.count == 2 && levels.spend("busy", at: Scratch.now).wait != nil)
    }
}
