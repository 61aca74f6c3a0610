import ControlPlane
import Foundation
import HTTPTypes
import Registry
import Testing

@testable import Console

/// Signing in and what guards every request, by the console's own answers.
struct SigningInTests {
    private let site: Site

    init() throws { site = try Site() }

    @Test func `an invitation leads in two steps to the home page`() async throws {
        let token = try site.registry.invite(
            Invitation(name: "asha", displayName: "Asha Rao", roles: [.admin], language: .hindi), by: "owner", at: site.now)
        let browser = WebBrowser(site)
        let first = try await browser.get("/link/\(token.text)")
        #expect(first.status == .ok && first.words.contains("Welcome, Asha Rao"))
        let short = try await browser.post("/link/\(token.text)", ["password": "short", "repeated": "short"])
        #expect(short.status == .unprocessableContent && short.words.contains("at least 12 characters"))
        let chosen = try await browser.post("/link/\(token.text)", ["password": Site.password, "repeated": Site.password])
        #expect(chosen.status == .seeOther && chosen.location == "/link/\(token.text)")
        let second = try await browser.get("/link/\(token.text)")
        let secret = Member.bytes(base32: String(try #require(second.html.firstMatch(of: /<code id="secret"[^>]*>([^<]*)</)).1))
        #expect(secret.count == 20 && second.html.contains("otpauth://totp/"))
        let wrong = try await browser.post("/link/\(token.text)", ["code": "000000"])
        #expect(wrong.status == .unauthorized && wrong.words.contains("That code is not the one"))
        let done = try await browser.post("/link/\(token.text)", ["code": TimeBasedCode.code(of: secret, at: site.now)])
        #expect(done.location == "/" && browser.cookies[Console.sessionCookie] != nil)
        let home = try await browser.get("/")
        #expect(home.status == .ok && home.html.contains("lang=\"hi\"") && home.words.contains("नमस्ते, Asha Rao"))
        let again = try await WebBrowser(site).get("/link/\(token.text)")
        #expect(again.status == .gone && again.words.contains("no longer works"))
    }

    @Test func `password, then code, then where one wanted to go`() async throws {
        let asha = try await site.enrolled("asha", [.reviewer])
        let browser = WebBrowser(site)
        #expect(try await browser.get("/sessions").location == "/sign-in?next=/sessions")
        try await browser.get("/sign-in?next=/sessions")
        site.wait(seconds: 30)
        let wrong = try await browser.post("/sign-in", ["name": "asha", "password": "no", "next": "/sessions"])
        #expect(wrong.status == .unauthorized && wrong.words.contains("do not go together") && wrong.html.contains("value=\"/sessions\""))
        let right = try await browser.post("/sign-in", ["name": "asha", "password": Site.password, "next": "/sessions"])
        #expect(right.location == "/sign-in/code?next=/sessions")
        #expect(try await browser.get("/sessions").location?.hasPrefix("/sign-in") == true, "half is not enough")
        try await browser.get("/sign-in/code?next=/sessions")
        let half = browser.cookies[Console.sessionCookie]
        let code = try await browser.post("/sign-in/code", ["code": asha.code(at: site.now), "next": "/sessions"])
        #expect(code.location == "/sessions" && browser.cookies[Console.sessionCookie] != half)
        #expect(try await browser.get("/sessions").words.contains("This one"))
    }

    @Test func `too many failures are told with the wait`() async throws {
        let browser = WebBrowser(site)
        try await browser.get("/sign-in")
        for _ in 0..<10 { try await browser.post("/sign-in", ["name": "asha", "password": "no"]) }
        let page = try await browser.post("/sign-in", ["name": "asha", "password": "no"])
        #expect(page.status == .tooManyRequests && page.fields[.retryAfter] == "60" && page.words.contains("Try again in 60 seconds."))
        site.wait(seconds: 60)
        #expect(try await browser.post("/sign-in", ["name": "asha", "password": "no"]).status == .unauthorized)
    }

    @Test func `a session that is over leads back to the sign-in, and what it wanted to change is not changed`() async throws {
        let asha = try await site.enrolled("asha", [.reviewer])
        let browser = try await site.browser(of: asha)
        try await browser.get("/sessions")
        site.wait(seconds: 1_800)
        let post = try await browser.post("/sessions/end-others")
        #expect(post.status == .unauthorized && post.words.contains("Your session has ended"))
        #expect(try await browser.get("/sessions").location == "/sign-in?after=end&next=/sessions")
        #expect(try await browser.get("/sign-in?after=end").words.contains("Your session has ended. Sign in again."))
    }

    @Test func `signing out ends the session`() async throws {
        let asha = try await site.enrolled("asha", [])
        let browser = try await site.browser(of: asha)
        let session = try #require(browser.cookies[Console.sessionCookie])
        try await browser.get("/")
        #expect(try await browser.post("/sign-out").location == "/sign-in?after=sign-out")
        #expect(browser.cookies[Console.sessionCookie] == nil)
        browser.cookies[Console.sessionCookie] = session
        #expect(try await browser.get("/").location == "/sign-in?after=end")
    }

    @Test func `a form without its own token is out of date`() async throws {
        let asha = try await site.enrolled("asha", [])
        let browser = try await site.browser(of: asha)
        let other = try await site.browser(of: asha)
        try await browser.get("/")
        for token in [other.token, "", "nonsense"] {
            let page = try await browser.post("/sign-out", token: token)
            #expect(page.status == .conflict && page.words.contains("This form is out of date"))
        }
        #expect(try await browser.get("/").status == .ok)
        let stranger = WebBrowser(site)
        try await stranger.get("/sign-in")
        #expect(try await stranger.post("/sign-in", ["name": "asha", "password": Site.password], token: other.token).status == .conflict)
    }

    @Test(arguments: ["cross-site", "same-site", "none", ""])
    func `what comes from elsewhere changes nothing`(origin: String) async throws {
        let asha = try await site.enrolled("asha", [])
        let browser = try await site.browser(of: asha)
        try await browser.get("/")
        #expect(try await browser.post("/sign-out", site: origin).status == .forbidden)
        #expect(try await browser.get("/").status == .ok)
    }

    @Test(
        arguments: [
            ("https://console.example", true), ("http://console.example", true), ("https://evil.example", false), ("null", false),
            (nil, false),
            ("https://console.example.evil.example", false),
        ] as [(String?, Bool)])
    func `a browser that does not say whose site it was must name its origin`(origin: String?, holds: Bool) {
        let fields: HTTPFields = origin.map { [.origin: $0] } ?? [:]
        #expect(SameOrigin.holds(fields, authority: "console.example") == holds)
    }

    @Test func `methods, sizes and forms that no page has are refused`() async throws {
        let browser = WebBrowser(site)
        let put = try await browser.send(.put, "/sign-in", [:])
        #expect(put.status == .methodNotAllowed && put.fields[.allow] == "GET, HEAD, POST")
        let head = try await browser.send(.head, "/sign-in", [:])
        #expect(head.status == .ok && head.html.isEmpty)
        #expect(try await browser.get("/nowhere").status == .notFound)
        #expect(try await browser.get("/link/short").status == .gone)
        try await browser.get("/sign-in")
        #expect(try await browser.post("/sign-in", ["name": String(repeating: "a", count: 40_000)]).status == .contentTooLarge)
        let site = try #require(HTTPField.Name("Sec-Fetch-Site"))
        #expect(try await browser.send(.post, "/sign-in", [.contentType: "text/plain", site: "same-origin"], "a=1").status == .badRequest)
        #expect(
            try await browser.send(.post, "/sign-in", [.contentType: "application/x-www-form-urlencoded", site: "same-origin"], "%zz")
                .status == .badRequest)
    }

    @Test func `every answer forbids what pages do not need`() async throws {
        let browser = WebBrowser(site)
        for path in ["/sign-in", "/", "/nowhere", "/link/x"] {
            let page = try await browser.get(path)
            let policy = try page.fields[#require(HTTPField.Name("Content-Security-Policy"))] ?? ""
            #expect(policy.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self'") && !policy.contains("unsafe"))
            #expect(page.fields[.cacheControl] == "no-store" && page.fields[.xContentTypeOptions] == "nosniff")
            #expect(try page.fields[#require(HTTPField.Name("X-Request-Id"))]?.count == 32)
        }
        let page = try await browser.get("/sign-in")
        for match in page.html.matches(of: /(?:href|src)="(\/assets\/[^"]*)"/) {
            let asset = try await browser.get(String(match.1))
            #expect(asset.status == .ok && asset.fields[.cacheControl] == "public, max-age=31536000, immutable")
        }
        #expect(try await browser.get("/favicon.ico").status == .ok)
    }

    @Test func `a language is chosen before and after signing in`() async throws {
        let browser = WebBrowser(site)
        browser.fields[.acceptLanguage] = "hi-IN,hi;q=0.9"
        #expect(try await browser.get("/sign-in").html.contains("<html lang=\"hi\">"))
        #expect(try await browser.post("/language", ["language": "en", "next": "/sign-in"]).location == "/sign-in")
        #expect(try await browser.get("/sign-in").html.contains("<html lang=\"en\">"))
        let asha = try await site.enrolled("asha", [])
        let signedIn = try await site.browser(of: asha)
        try await signedIn.get("/")
        try await signedIn.post("/language", ["language": "hi", "next": "//evil.example"])
        #expect(try site.registry.account("asha").language == .hindi)
        #expect(try await signedIn.get("/").html.contains("<html lang=\"hi\">"))
    }

    @Test func `behind a proxy the address it saw counts, and in front of none nobody's word`() async throws {
        let (proxied, reached) = (try Site(isBehindTLSProxy: true), try Site(isBehindTLSProxy: true, isBeyondTrust: true))
        for (site, expected) in [(proxied, "203.0.113.5"), (reached, "192.0.2.1"), (self.site, "192.0.2.1")] {
            let asha = try await site.enrolled("asha", [])
            site.wait(seconds: 30)
            let browser = WebBrowser(site)
            browser.fields[try #require(HTTPField.Name("X-Forwarded-For"))] = "198.51.100.1, 203.0.113.5"
            try await browser.get("/sign-in")
            try await browser.post("/sign-in", ["name": "asha", "password": Site.password])
            try await browser.get("/sign-in/code")
            try await browser.post("/sign-in/code", ["code": asha.code(at: site.now)])
            #expect(try await browser.get("/sessions").words.contains(expected))
        }
    }
}
