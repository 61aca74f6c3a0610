import ControlPlane
import HTTPTypes
import Registry
import Testing

@testable import Console

/// What somebody wrote is not lost where it was not taken: after a session's end, and after a refusal.
struct KeptFormTests {
    private let site: Site
    private let idle: Int64 = 1_800

    init() throws { site = try Site() }

    /// The fields that wait on a page, as its form would send them.
    private func waiting(on page: Page) -> [String: String] {
        let fields = page.html.matches(of: /<input type="hidden" name="(then|kept-[a-z-]+)" value="([^"]*)">/)
        return Dictionary(fields.map { (String($0.1), String($0.2)) }) { first, _ in first }
    }

    private func signIn(_ browser: WebBrowser, as member: Member, with form: [String: String]) async throws -> Page {
        site.wait(seconds: 30)
        let code = try await browser.post("/sign-in", form.merging(["name": member.name, "password": Site.password]) { $1 })
        #expect(code.status == .ok && waiting(on: code) == form)
        return try await browser.post("/sign-in/code", form.merging(["code": member.code(at: site.now)]) { $1 })
    }

    @Test func `a note written for half an hour is written once its owner has signed in again`() async throws {
        try site.fill([("aaa", .inReview)])
        let member = try await site.enrolled("reva", [.reviewer])
        let reva = try await site.browser(of: member)
        let shown = try await reva.get("/applications/aaa")
        #expect(shown.html.contains("<input type=\"hidden\" name=\"of\" value=\"reva\">"))
        site.wait(seconds: idle)
        let note = ["audience": "partner", "text": "Please name <one> officer.", "of": "reva"]
        let over = try await reva.post("/applications/aaa/notes", note)
        #expect(over.status == .unauthorized && over.words.contains("Sign in again as reva, and what you sent is done then."))
        let form = waiting(on: over)
        #expect(form["then"] == "/applications/aaa/notes" && form["kept-of"] == "reva" && form["kept-token"] == nil)
        #expect(form["kept-text"] == "Please name &lt;one&gt; officer." && over.html.contains("value=\"reva\""))
        let wrong = try await reva.post("/sign-in", form.merging(["name": "reva", "password": "no"]) { $1 })
        #expect(wrong.status == .unauthorized && waiting(on: wrong)["then"] == form["then"], "a wrong password loses nothing")
        let plain = form.mapValues { $0.replacing("&lt;", with: "<").replacing("&gt;", with: ">") }
        site.wait(seconds: 30)
        let code = try await reva.post("/sign-in", plain.merging(["name": "reva", "password": Site.password]) { $1 })
        #expect(code.status == .ok && waiting(on: code) == form)
        let done = try await reva.post("/sign-in/code", plain.merging(["code": member.code(at: site.now)]) { $1 })
        #expect(done.location == "/applications/aaa?saved=yes")
        #expect(try site.registry.notes(on: site.id("aaa")).map(\.text) == ["Please name <one> officer."])
        #expect(try await reva.get("/applications/aaa").status == .ok, "and the session goes on")
    }

    @Test func `another who signs in does nothing of it`() async throws {
        try site.fill([("aaa", .inReview)])
        _ = try await site.enrolled("omar", [.ops])
        let asha = try await site.enrolled("asha", [.approver])
        let reva = try await site.browser(of: site.enrolled("reva", [.reviewer]))
        try await reva.get("/applications/aaa")
        site.wait(seconds: idle)
        let over = try await reva.post("/applications/aaa/notes", ["audience": "team", "text": "Mine", "of": "reva"])
        let page = try await signIn(reva, as: asha, with: waiting(on: over))
        #expect(page.location == "/")
        #expect(try site.registry.notes(on: site.id("aaa")).isEmpty)
    }

    @Test func `of a form of another session, from another site, or with a password nothing is kept`() async throws {
        try site.fill([("aaa", .inReview)])
        let reva = try await site.browser(of: site.enrolled("reva", [.reviewer]))
        try await reva.get("/applications/aaa")
        site.wait(seconds: idle)
        let (token, path) = (reva.token, "/applications/aaa/notes")
        let note = ["audience": "team", "text": "Mine", "of": "reva"]
        let good = try await reva.post(path, note, token: token)
        #expect(waiting(on: good)["kept-text"] == "Mine", "this one is")
        let forms: [Page] = [
            try await reva.post(path, note, token: "x"), try await reva.post(path, note, token: token, site: "cross-site"),
            try await reva.post(path, ["audience": "team", "text": "Mine"], token: token),
            try await reva.post(path, ["text": String(repeating: "x", count: 40_000), "of": "reva"], token: token),
            try await reva.post("/reauthenticate", ["password": Site.password, "code": "123456", "of": "reva"], token: token),
        ]
        for page in forms { #expect(page.status == .unauthorized && waiting(on: page).isEmpty && !page.html.contains(Site.password)) }
        let stranger = WebBrowser(site)
        try await stranger.get("/sign-in")
        #expect(try await waiting(on: stranger.post(path, note, token: token)).isEmpty)
    }

    @Test func `what waited for a password waits for the sign-in, without the password`() async throws {
        try site.fill([("aaa", .approved)])
        let member = try await site.enrolled("asha", [.approver])
        let asha = try await site.browser(of: member)
        try await asha.get("/applications/aaa")
        site.wait(seconds: 300)
        let asked = try await asha.post("/applications/aaa/keys/production", ["name": "main", "of": "asha"])
        let kept = waiting(on: asked)
        #expect(kept["kept-name"] == "main")
        site.wait(seconds: idle)
        let over = try await asha.post("/reauthenticate", kept.merging(["password": Site.password, "code": "000000", "of": "asha"]) { $1 })
        #expect(waiting(on: over) == kept && !over.html.contains(Site.password))
        let key = try await signIn(asha, as: member, with: kept)
        #expect(key.status == .ok && key.html.contains("pgw_production_"))
        #expect(try site.registry.keys(of: site.id("aaa")).map(\.name) == ["main"])
    }

    @Test func `a move that came with files is not made without them, and nothing else of it is lost`() async throws {
        try site.fill([("aaa", .inReview)])
        let member = try await site.enrolled("reva", [.reviewer])
        let reva = try await site.browser(of: member)
        let version = try #require(await reva.get("/applications/aaa").version)
        site.wait(seconds: idle)
        let form = ["version": version, "reason": "My own words", "scope": "search", "of": "reva"]
        let path = "/applications/aaa/moves/grant-sandbox"
        let over = try await reva.upload(path, form, files: [("file-named-officer", "officer.txt", "Seen.")])
        #expect(over.status == .unauthorized && waiting(on: over)["kept-lost-files"] == "yes")
        let page = try await signIn(reva, as: member, with: waiting(on: over))
        #expect(page.status == .unprocessableContent && page.words.contains("Choose the files again: the rest is filled in."))
        #expect(page.html.contains(">My own words</textarea>"))
        #expect(try site.registry.application(site.id("aaa")).lifecycle.state == .inReview)
        let made = try await reva.upload(path, form, files: [("file-named-officer", "officer.txt", "Seen.")])
        #expect(made.location?.contains("done=grant-sandbox") == true)
        #expect(try site.registry.evidence(of: site.id("aaa")).count == 1)
    }

    @Test func `a form that is refused is open and filled in`() async throws {
        try site.fill([("aaa", .approved)])
        let asha = try await site.browser(of: site.enrolled("asha", [.approver]))
        try await asha.get("/applications/aaa")
        try site.handIn([.namedOfficer], to: "aaa", by: "asha")
        let key = try site.registry.issueKey(to: site.id("aaa"), in: .sandbox, named: "k", by: "asha", at: site.now)
        let entry = try #require(try site.registry.evidence(of: site.id("aaa")).first)
        let long = String(repeating: "y", count: 600)
        let papers = [
            ("evidence/\(entry.id)/withdraw", "reason", long), ("keys/\(key.id)/revoke", "reason", long),
            ("keys/sandbox", "name", long), ("keys/\(key.id)/rotate", "days", "99999"),
        ]
        for (path, field, value) in papers {
            let page = try await asha.post("/applications/aaa/" + path, [field: value])
            #expect(page.status == .unprocessableContent)
            let form = page.html.split(separator: "<details").first { $0.contains("action=\"/applications/aaa/\(path)\"") }
            #expect(form?.hasPrefix(" class=\"inline\" open>") == true && form?.contains("value=\"\(value)\"") == true, "\(path)")
            #expect(page.html.split(separator: "<details").count { $0.hasPrefix(" class=\"inline\" open>") } == 1, "no other is")
        }
        let evidence = try await asha.upload(
            "/applications/aaa/evidence", ["kind": "functional-test", "issued": "2026-01-02", "until": "2020-01-01"],
            files: [("file", "a.txt", "x")])
        #expect(evidence.html.contains("name=\"issued\" type=\"date\" value=\"2026-01-02\""))
        #expect(evidence.html.contains("name=\"until\" type=\"date\" value=\"2020-01-01\""))
    }
}
