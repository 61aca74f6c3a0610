import ControlPlane
import HTTPTypes
import Registry
import Testing

@testable import Console

/// What admins do with accounts.
struct AccountPagesTests {
    private let site: Site

    init() throws { site = try Site() }

    @Test func `an admin invites somebody, and the link is shown once`() async throws {
        let browser = try await site.browser(of: site.enrolled("admin", [.admin]))
        #expect(try await browser.get("/accounts/invite").status == .ok)
        let made = try await browser.post(
            "/accounts/invite", ["name": "Bela", "person": "Bela <b>Rao</b>", "language": "hi", "role": "reviewer"])
        #expect(made.status == .ok && made.words.contains("Bela &lt;b&gt;Rao&lt;/b&gt;"))
        let link = try #require(made.html.firstMatch(of: /https:\/\/console\.example(\/link\/[A-Za-z0-9_-]{43})</))
        #expect(try await WebBrowser(site).get(String(link.1)).status == .ok)
        let account = try site.registry.account("bela")
        #expect(account.roles == [.reviewer] && account.language == .hindi && account.createdBy == "admin")
        let again = try await browser.post("/accounts/invite", ["name": "bela", "person": "Bela", "language": "en", "role": "ops"])
        #expect(again.status == .unprocessableContent && again.words.contains("There is an account &#39;bela&#39; already"))
        #expect(again.html.contains("value=\"ops\" checked"), "what was filled in stays")
    }

    @Test func `what is dangerous asks for password and code once they are five minutes old`() async throws {
        let admin = try await site.enrolled("admin", [.admin])
        let browser = try await site.browser(of: admin)
        _ = try await site.enrolled("asha", [.reviewer])
        #expect(try await browser.get("/accounts/asha").status == .ok)
        site.wait(seconds: 300)
        #expect(try await browser.get("/accounts/asha").location == "/reauthenticate?next=/accounts/asha")
        let post = try await browser.post("/accounts/asha/disable", ["reason": "left"])
        #expect(post.status == .unauthorized && post.words.contains("Confirm that it is you"))
        #expect(post.html.contains(#"name="then" value="/accounts/asha/disable""#), "what was asked for waits")
        #expect(post.html.contains(#"name="kept-reason" value="left""#))
        #expect(try site.registry.account("asha").state == .active)
        try await browser.get("/reauthenticate?next=/accounts/asha")
        let wrong = try await browser.post(
            "/reauthenticate", ["password": "no", "code": admin.code(at: site.now), "next": "/accounts/asha"])
        #expect(wrong.status == .unauthorized && wrong.words.contains("That is not the password."))
        let right = try await browser.post(
            "/reauthenticate", ["password": Site.password, "code": admin.code(at: site.now), "next": "/accounts/asha"])
        #expect(right.location == "/accounts/asha")
        try await browser.get("/accounts/asha")
        #expect(try await browser.post("/accounts/asha/disable", ["reason": "left"]).location == "/accounts/asha?saved=yes")
        #expect(try site.registry.account("asha").state == .disabled)
        #expect(try await browser.post("/accounts/asha/enable", ["reason": "back"]).location == "/accounts/asha?saved=yes")
    }

    @Test func `what waited for password and code is done after them, in the new session and by nobody else`() async throws {
        let admin = try await site.enrolled("admin", [.admin])
        let browser = try await site.browser(of: admin)
        for name in ["asha", "bela"] { _ = try await site.enrolled(name, [.reviewer]) }
        try await browser.get("/accounts/asha")
        site.wait(seconds: 300)
        try await browser.post("/accounts/asha/disable", ["reason": "left"])
        let form = ["password": Site.password, "next": "", "then": "/accounts/asha/disable", "kept-reason": "left"]
        let wrong = try await browser.post("/reauthenticate", form.merging(["code": "000000"]) { $1 })
        #expect(wrong.status == .unauthorized && wrong.html.contains(#"name="kept-reason" value="left""#), "it goes on waiting")
        let done = try await browser.post("/reauthenticate", form.merging(["code": admin.code(at: site.now)]) { $1 })
        #expect(done.location == "/accounts/asha?saved=yes" && done.fields[values: .setCookie].count == 1)
        #expect(try site.registry.account("asha").state == .disabled)
        #expect(try await browser.get("/accounts/asha").status == .ok)
        // What somebody may not do anyway is not done by this way either.
        let reviewer = try await site.enrolled("cara", [.reviewer])
        let other = try await site.browser(of: reviewer)
        try await other.get("/reauthenticate")
        site.wait(seconds: 30)
        let sneaked = try await other.post(
            "/reauthenticate",
            ["password": Site.password, "code": reviewer.code(at: site.now), "then": "/accounts/bela/disable", "kept-reason": "x"])
        #expect(sneaked.status == .forbidden)
        #expect(try site.registry.account("bela").state == .active)
    }

    @Test func `a disabled account's pages are over at its next click, and it may not come back`() async throws {
        _ = try await site.enrolled("admin", [.admin])
        let browser = try await site.browser(of: site.enrolled("asha", [.reviewer]))
        _ = try site.registry.disable("asha", reason: "left", by: "admin", at: site.now)
        #expect(try await browser.get("/").location == "/sign-in?after=end")
        try await browser.get("/sign-in")
        let page = try await browser.post("/sign-in", ["name": "asha", "password": Site.password])
        #expect(page.status == .forbidden && page.words.contains("This account is disabled"))
    }

    @Test func `the last admin cannot be disabled, and the page says why`() async throws {
        let browser = try await site.browser(of: site.enrolled("admin", [.admin]))
        try await browser.get("/accounts/admin")
        let page = try await browser.post("/accounts/admin/disable", ["reason": "left"])
        #expect(page.status == .unprocessableContent && page.words.contains("the only active admin"))
        #expect(try await browser.get("/accounts/nobody").status == .notFound)
    }

    @Test func `an auditor sees the accounts, and nothing to change them by`() async throws {
        let browser = try await site.browser(of: site.enrolled("auditor", [.auditor]))
        let page = try await browser.get("/accounts")
        #expect(page.status == .ok && page.words.contains("auditor") && !page.html.contains("/accounts/invite"))
        #expect(!page.html.contains("href=\"/accounts/auditor\""))
    }

    @Test func `recovery and roles are changed from an account's page`() async throws {
        let browser = try await site.browser(of: site.enrolled("admin", [.admin]))
        _ = try await site.enrolled("asha", [.reviewer])
        try await browser.get("/accounts/asha")
        #expect(try await browser.post("/accounts/asha/roles", ["role": "approver"]).location == "/accounts/asha?saved=yes")
        #expect(try site.registry.account("asha").roles == [.approver])
        #expect(try await browser.post("/accounts/asha/roles", ["role": "emperor"]).status == .badRequest)
        let link = try await browser.post("/accounts/asha/recover")
        #expect(link.status == .ok && link.html.contains("https://console.example/link/"))
    }
}
