import Registry
import Testing

@testable import ControlPlane

/// What is on record of all that tokens write: exactly these entries, done and refused.
@Suite struct AuditedTokenTests {
    private let desk: Desk
    private let now = Scratch.now

    private var registry: RegistryStore { desk.registry }

    init() throws { desk = try Desk() }

    private func recorded(_ body: () throws -> Void, sourceLocation: SourceLocation = #_sourceLocation) throws -> [String] {
        try registry.recorded(isPublished: false, body, sourceLocation: sourceLocation)
    }

    /// A token of an account, asked for by somebody at a browser.
    private func create(_ account: String, by name: String, _ scopes: [TokenScope] = [.read]) throws {
        let wish = TokenWish(name: "script", scopes: TokenScopes(scopes), expires: now.plus(seconds: 86_400))
        _ = try registry.createToken(wish, of: account, by: Actor(name, from: .console(address: "192.0.2.7")), at: now)
    }

    private func revoke(_ id: String, by name: String) throws {
        _ = try registry.revokeToken(id, by: Actor(name, from: .console(address: "192.0.2.7")), reason: "lost", at: now)
    }

    @Test func `tokens made and revoked, by whom they are and by whom they are not`() async throws {
        try await desk.enrolled("asha", at: now)
        try await desk.enrolled("bela", at: now)
        try await desk.enrolled("admin", [.admin], at: now)
        let made = try recorded { try create("asha", by: "asha") }
        let token = try #require(registry.tokens(of: "asha").first)
        #expect(made == ["token.create \(token.id)"])
        #expect(try recorded { try create("asha", by: "bela") } == ["-token.create asha"])
        #expect(try recorded { try create("asha", by: "admin") } == ["-token.create asha"], "nobody makes another's")
        #expect(try recorded { try create("asha", by: "asha", []) } == ["-token.create asha"])
        #expect(try recorded { try create("nobody-here", by: "asha") } == ["-token.create nobody-here"])
        #expect(try recorded { try revoke(token.id, by: "bela") } == ["-token.revoke \(token.id)"])
        #expect(try recorded { try revoke(token.id, by: "asha") } == ["token.revoke \(token.id)"])
        #expect(try recorded { try revoke(token.id, by: "asha") } == ["-token.revoke \(token.id)"])
        #expect(try recorded { try revoke("tok-none", by: "asha") } == ["-token.revoke tok-none"])
        let all = try registry.auditRecords().map { AuditLine.record($0).text }.joined()
        #expect(!all.contains("pgw_pat_"))
    }

    @Test func `a disabled account's tokens end with it, each on record`() async throws {
        try await desk.enrolled("asha", at: now)
        try await desk.enrolled("admin", [.admin], at: now)
        for _ in 0..<2 { try create("asha", by: "asha") }
        let ids = try registry.tokens(of: "asha").map { "token.revoke \($0.id)" }
        let disable = { _ = try registry.disable("asha", reason: "left", by: "admin", at: now) }
        // The account's sessions end with it too, and are nobody's decision of their own.
        let recorded = try registry.recorded(isPublished: false, exceptFor: ["session"], disable)
        #expect(Set(recorded) == Set(ids + ["account.disable asha"]) && recorded.count == 3)
    }

    @Test func `a token that is not good is on record as far as it is known, and nothing else of a call is`() async throws {
        try await desk.enrolled("asha", at: now)
        let wish = TokenWish(name: "script", scopes: TokenScopes([.read]), expires: now.plus(seconds: 60))
        let issued = try registry.createToken(wish, of: "asha", by: "asha", at: now)
        let tokens = TokenDesk(registry: registry)
        func ask(_ text: String, at time: WallTime) throws -> [String] {
            let length = try registry.auditRecords().count
            do { _ = try tokens.caller(showing: text, from: "192.0.2.7", at: time) } catch is ProblemAnswer {}
            return try registry.auditRecords().dropFirst(length).map { ($0.refusal == nil ? "" : "-") + "\($0.action) \($0.subject)" }
        }
        #expect(try ask(issued.token, at: now) == [], "it was used")
        #expect(try ask(issued.token, at: now.plus(seconds: 60)) == ["-token.refuse \(issued.entry.id)"])
        #expect(try ask("pgw_pat_x", at: now) == ["-token.refuse unknown"])
        for _ in 0..<30 { _ = try ask("pgw_pat_x", at: now) }
        #expect(try ask("pgw_pat_x", at: now) == [], "who goes on is not on record each time")
    }
}
