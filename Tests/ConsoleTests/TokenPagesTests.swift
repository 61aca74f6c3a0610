import ControlPlane
import HTTPTypes
import Registry
import Testing

@testable import Console

/// One's own tokens, in the browser.
struct TokenPagesTests {
    private let site: Site

    init() throws { site = try Site() }

    @Test(arguments: Language.allCases) func `a token is made, shown once, and revoked`(_ language: Language) async throws {
        let browser = try await site.browser(of: site.enrolled("asha", [.reviewer]))
        try site.registry.setLanguage(language, of: "asha")
        let empty = try await browser.get("/tokens")
        #expect(empty.status == .ok && !empty.html.contains("<table"))
        #expect(try await browser.get("/tokens/new").html.contains("value=\"90\" selected"))
        let made = try await browser.post("/tokens/new", ["name": "nightly <b>", "scope": "read", "days": "30"])
        let token = try #require(made.html.firstMatch(of: /pgw_pat_[0-9A-Za-z]{49}/)).0
        let list = try await browser.get("/tokens")
        #expect(list.words.contains("nightly &lt;b&gt;") && !list.html.contains("pgw_pat_"))
        let entry = try #require(try site.registry.tokens(of: "asha").first)
        #expect(entry.scopes == TokenScopes([.read]) && entry.expires.seconds == site.now.seconds + 30 * 86_400)
        #expect(!list.html.contains(token) && list.html.contains("value=\"\(entry.id)\""))
        #expect(try await browser.post("/tokens/revoke", ["id": entry.id]).location == "/tokens?revoked=yes")
        let after = try await browser.get("/tokens?revoked=yes")
        #expect(after.html.contains("role=\"status\"") && !after.html.contains("value=\"\(entry.id)\""))
        #expect(try site.registry.tokens(of: "asha").first?.revokedBy == "asha")
    }

    @Test func `making one asks for password and code once they are five minutes old`() async throws {
        let browser = try await site.browser(of: site.enrolled("asha", [.reviewer]))
        try await browser.get("/tokens/new")
        site.wait(seconds: 300)
        #expect(try await browser.get("/tokens/new").location == "/reauthenticate?next=/tokens/new")
        let post = try await browser.post("/tokens/new", ["name": "x", "scope": "read", "days": "30"])
        #expect(post.status == .unauthorized && post.html.contains(#"name="then" value="/tokens/new""#))
        #expect(try site.registry.tokens(of: "asha").isEmpty)
    }

    @Test func `a refusal says why, and what was filled in stays`() async throws {
        let browser = try await site.browser(of: site.enrolled("asha", [.reviewer]))
        try await browser.get("/tokens/new")
        let bare = try await browser.post("/tokens/new", ["name": "report", "days": "7"])
        #expect(bare.status == .unprocessableContent && bare.words.contains("A token has at least one scope."))
        #expect(bare.html.contains("value=\"report\"") && bare.html.contains("value=\"7\" selected"))
        #expect(try await browser.post("/tokens/new", ["name": "x", "scope": "all", "days": "7"]).status == .badRequest)
        #expect(try await browser.post("/tokens/new", ["name": "x", "scope": "read", "days": "9999"]).status == .badRequest)
    }

    @Test func `nobody revokes another's token here`() async throws {
        let browser = try await site.browser(of: site.enrolled("admin", [.admin]))
        _ = try await site.enrolled("asha", [.reviewer])
        let expires = WallTime(seconds: site.now.seconds + 86_400)
        let wish = TokenWish(name: "x", scopes: TokenScopes([.read]), expires: expires)
        let issued = try site.registry.createToken(wish, of: "asha", by: "owner", at: site.now)
        try await browser.get("/tokens")
        #expect(try await browser.post("/tokens/revoke", ["id": issued.entry.id]).status == .notFound)
        #expect(try site.registry.tokens(of: "asha").first?.revoked == nil)
    }
}
