import ControlPlane
import Foundation
import HTTPTypes
import Registry
import Testing

@testable import Console

/// A link that two people hold: only the browser in which the password was chosen goes on.
struct LinkPagesTests {
    private let site: Site

    init() throws { site = try Site() }

    private func secret(_ page: Page) throws -> [UInt8] {
        Member.bytes(base32: String(try #require(page.html.firstMatch(of: /<code id="secret"[^>]*>([^<]*)</)).1))
    }

    @Test func `a second holder of a link never sees the first one's secret, and is told that it is in use`() async throws {
        let token = try site.registry.invite(Invitation(name: "asha", roles: [.admin]), by: "owner", at: site.now)
        let path = "/link/" + token.text
        let chosen = ["password": Site.password, "repeated": Site.password]
        let (first, second) = (WebBrowser(site), WebBrowser(site))
        try await first.get(path)
        try await second.get(path)
        #expect(try await first.post(path, chosen).status == .seeOther)
        let own = try secret(try await first.get(path))
        for page in [try await second.get(path), try await second.post(path, ["code": TimeBasedCode.code(of: own, at: site.now)])] {
            #expect(page.status == .conflict && page.words.contains("in use in another browser"))
            #expect(!page.html.contains("id=\"secret\"") && !page.html.contains("otpauth:"))
        }
        #expect(try site.registry.account("asha").state == .invited)
        #expect(try await second.post(path, ["again": "yes"]).words.contains("Step 1 of 2"))
        #expect(try await second.post(path, chosen).status == .seeOther)
        let other = try secret(try await second.get(path))
        #expect(other != own)
        let told = try await first.get(path)
        #expect(told.status == .conflict && told.words.contains("somebody else has the link"))
        #expect(try await first.post(path, ["code": TimeBasedCode.code(of: own, at: site.now)]).status == .conflict)
        // The owner begins anew, and what the other saw is worth nothing.
        try await first.post(path, ["again": "yes"])
        try await first.post(path, chosen)
        let last = try secret(try await first.get(path))
        #expect(try await second.post(path, ["code": TimeBasedCode.code(of: other, at: site.now)]).status == .conflict)
        let done = try await first.post(path, ["code": TimeBasedCode.code(of: last, at: site.now)])
        #expect(done.location == "/" && last != own && last != other)
        #expect(try await second.get(path).status == .gone)
    }

    @Test func `whoever opens the link again from a mail in the same browser goes on`() async throws {
        let token = try site.registry.invite(Invitation(name: "asha", roles: [.admin]), by: "owner", at: site.now)
        let path = "/link/" + token.text
        let browser = WebBrowser(site)
        try await browser.follow(path)
        try await browser.post(path, ["password": Site.password, "repeated": Site.password])
        let own = try secret(try await browser.get(path))
        let held = browser.cookies
        #expect(try await browser.postFromElsewhere(path, ["password": "theirs", "repeated": "theirs"]).status == .forbidden)
        #expect(browser.cookies == held, "what another site sends takes no cookie's place")
        let again = try await browser.follow(path)
        let shown = try secret(again)
        #expect(again.status == .ok && shown == own)
        let done = try await browser.post(path, ["code": TimeBasedCode.code(of: own, at: site.now)])
        #expect(done.location == "/")
        #expect(try await browser.follow("/").location?.hasPrefix("/sign-in") == true, "a session is sent by no link from elsewhere")
        #expect(try await browser.get("/").status == .ok)
    }

    @Test func `too many passwords by one link are told with the wait`() async throws {
        let token = try site.registry.invite(Invitation(name: "asha", roles: []), by: "owner", at: site.now)
        let browser = WebBrowser(site)
        try await browser.get("/link/" + token.text)
        for _ in 0..<10 {
            try await browser.post("/link/" + token.text, ["password": Site.password, "repeated": Site.password])
        }
        let page = try await browser.post("/link/" + token.text, ["password": Site.password, "repeated": Site.password])
        #expect(page.status == .tooManyRequests && page.fields[.retryAfter] == "60" && page.words.contains("Try again in 60 seconds."))
    }
}
