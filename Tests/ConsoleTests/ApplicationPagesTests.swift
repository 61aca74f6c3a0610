import ControlPlane
import HTTPTypes
import Registry
import Testing

@testable import Console

/// One application in the browser: from submitted to live, and what is refused on the way.
struct ApplicationPagesTests {
    private let site: Site

    init() throws { site = try Site() }

    @Test func `two people take an application from submitted to live`() async throws {
        try site.fill([("aaa", .submitted), ("bbb", .submitted)])
        let reva = try await site.browser(of: site.enrolled("reva", [.reviewer, .approver]))
        let asha = try await site.browser(of: site.enrolled("asha", [.approver]))
        let end = "2027-12-31"
        func make(_ move: String, _ browser: WebBrowser, _ kinds: [EvidenceKind] = []) async throws -> Page {
            let page = try await browser.get("/applications/aaa")
            #expect(page.moves.contains(move), "\(page.moves)")
            var form = ["version": page.version ?? "", "canned": "all-in-order", "reason": ""]
            if move == "grant-sandbox" { form["scope"] = "search" }
            let path = "/applications/aaa/moves/" + move
            guard !kinds.isEmpty else { return try await browser.post(path, form) }
            for kind in kinds { #expect(page.html.contains("name=\"file-\(kind.name)\"")) }
            for kind in kinds { form["until-" + kind.name] = end }
            return try await browser.upload(path, form, files: kinds.map { ("file-" + $0.name, $0.name + ".txt", "Seen.") })
        }
        let begun = try await make("review", reva)
        #expect(begun.location == "/applications/aaa?done=review&from=submitted")
        let after = try await reva.get("/applications/aaa?done=review&from=submitted")
        #expect(after.words.contains("Done: Take into review.") && after.html.contains("<a class=\"button\" href=\"/applications/bbb\">"))
        #expect(try await make("grant-sandbox", reva, [.namedOfficer]).location?.contains("done=grant-sandbox") == true)
        #expect(try site.registry.application(site.id("aaa")).granted == ScopeSet([.search]))
        #expect(try await make("certify", reva).status == .seeOther)
        #expect(try await make("approve", reva, [.functionalTest]).status == .seeOther)
        #expect(try await make("go-live", reva, [.securityAudit, .dataUseAgreement]).location?.contains("first=yes") == true)
        #expect(try site.state(of: "aaa") == .approved)
        let pending = try await asha.get("/applications/aaa")
        #expect(pending.words.contains("A second person is needed") && pending.words.contains("Confirm: Let it go live"))
        #expect(try await make("go-live", asha).location == "/applications/aaa?done=go-live&from=approved")
        #expect(try site.state(of: "aaa") == .live)
        #expect(try site.registry.moves(of: site.id("aaa")).suffix(2).map(\.actor) == ["reva", "asha"])
        let page = try await asha.get("/applications/aaa")
        #expect(page.words.contains("All checks have passed.") && page.words.contains("waited for a second person"))
    }

    @Test func `a form shown before something changed does nothing, says what changed and keeps what was typed`() async throws {
        try site.fill([("aaa", .inReview)])
        let reva = try await site.browser(of: site.enrolled("reva", [.reviewer]))
        let version = try #require(await reva.get("/applications/aaa").version)
        try site.handIn([.namedOfficer], to: "aaa", by: "reva")
        let form = ["version": version, "reason": "My very own <words>"]
        let page = try await reva.post("/applications/aaa/moves/request-changes", form)
        #expect(page.status == .conflict && page.words.contains("This application has changed since you opened it"))
        #expect(page.words.contains("evidence added, by reva") && page.html.contains("My very own &lt;words&gt;</textarea>"))
        #expect(try site.state(of: "aaa") == .inReview)
        let again = try await reva.post(
            "/applications/aaa/moves/request-changes", ["version": try #require(page.version), "reason": "My very own words"])
        #expect(again.status == .seeOther)
        #expect(try site.state(of: "aaa") == .changesRequested)
        for version in ["", "x", "-1"] {
            let form = ["version": version, "reason": "x"]
            #expect(try await reva.post("/applications/aaa/moves/submit", form).status == .badRequest)
        }
    }

    @Test func `evidence that comes with a form for what has changed is not taken`() async throws {
        try site.fill([("aaa", .inReview)])
        let reva = try await site.browser(of: site.enrolled("reva", [.reviewer]))
        let version = try #require(await reva.get("/applications/aaa").version)
        _ = try site.registry.move(site.id("aaa"), .requestChanges, by: "reva", reason: "x", at: site.now)
        let page = try await reva.upload(
            "/applications/aaa/moves/grant-sandbox", ["version": version, "reason": "mine", "scope": "search"],
            files: [("file-named-officer", "officer.txt", "Seen.")])
        #expect(page.status == .conflict && page.html.contains("readonly>mine</textarea>"), "the form is gone, and the words are not")
        #expect(try site.registry.evidence(of: site.id("aaa")).isEmpty)
    }

    @Test func `what the registry refuses stands on the page, with the form as it was`() async throws {
        try site.fill([("aaa", .inReview)])
        let reva = try await site.browser(of: site.enrolled("reva", [.reviewer]))
        let version = try #require(await reva.get("/applications/aaa").version)
        let empty = try await reva.post("/applications/aaa/moves/reject", ["version": version, "reason": "  "])
        #expect(empty.status == .unprocessableContent && empty.words.contains("A reason of 1 to 500 characters is needed."))
        let lacking = try await reva.post(
            "/applications/aaa/moves/grant-sandbox", ["version": version, "reason": "kept", "scope": "search"])
        #expect(lacking.words.contains("needs evidence before grant-sandbox: named-officer is missing") && lacking.html.contains(">kept<"))
        let wrong = try await reva.upload(
            "/applications/aaa/moves/grant-sandbox", ["version": version, "reason": "kept", "scope": "search"],
            files: [("file-named-officer", "officer.exe", "MZ")])
        #expect(wrong.status == .unprocessableContent && wrong.words.contains("is no file that may be evidence"))
        #expect(try site.state(of: "aaa") == .inReview)
    }

    @Test func `who may not make a move sees why, and an auditor has no form at all`() async throws {
        try site.fill([("aaa", .inReview)])
        let reva = try await site.browser(of: site.enrolled("reva", [.reviewer]))
        let page = try await reva.get("/applications/aaa")
        #expect(page.moves == ["request-changes", "reject", "grant-sandbox"])
        #expect(page.words.contains("Application aaa takes revoke only from approver."))
        let auditor = try await site.browser(of: site.enrolled("anu", [.auditor]))
        let seen = try await auditor.get("/applications/aaa")
        #expect(seen.status == .ok && seen.moves.isEmpty && !seen.html.contains("action=\"/applications"))
        let version = String(try site.registry.lastRecord())
        for move in ["reject", "request-changes", "grant-sandbox"] {
            let refused = try await auditor.post("/applications/aaa/moves/" + move, ["version": version, "reason": "x", "scope": "search"])
            #expect(refused.status == .unprocessableContent && refused.words.contains("only from"))
        }
        #expect(
            try await auditor.post("/applications/aaa/notes", ["audience": "team", "text": "x"]).words.contains("may not write a note"))
        #expect(try await auditor.post("/applications/aaa/assignment", ["person": "reva"]).words.contains("may not assign"))
        #expect(try site.state(of: "aaa") == .inReview)
        #expect(try site.registry.auditRecords(AuditFilter(actor: "anu", isRefused: true)).count == 5, "refused calls are on record")
    }

    @Test func `a dangerous move asks for password and code, keeps evidence and words, and is then made`() async throws {
        try site.fill([("aaa", .approved)])
        let member = try await site.enrolled("asha", [.approver])
        let asha = try await site.browser(of: member)
        try site.handIn([.functionalTest, .namedOfficer], to: "aaa", by: "asha")
        site.wait(seconds: 300)
        let page = try await asha.get("/applications/aaa")
        #expect(page.words.contains("Asks for your password and a code"))
        let form = ["version": try #require(page.version), "reason": "All seen.", "until-security-audit": "2027-12-31"]
        let asked = try await asha.upload(
            "/applications/aaa/moves/go-live", form,
            files: [("file-security-audit", "audit.txt", "Seen."), ("file-data-use-agreement", "agreement.txt", "Signed.")])
        #expect(asked.status == .unauthorized && asked.words.contains("Confirm that it is you"))
        #expect(
            try site.registry.evidence(of: site.id("aaa")).count == 4 && site.registry.application(site.id("aaa")).lifecycle.pending == nil)
        var kept = ["password": Site.password, "code": member.code(at: site.now)]
        for match in asked.html.matches(of: /name="(then|kept-[a-z-]+)" value="([^"]*)"/) { kept[String(match.1)] = String(match.2) }
        let done = try await asha.post("/reauthenticate", kept)
        #expect(done.location == "/applications/aaa?done=go-live&first=yes&from=approved")
        #expect(try site.registry.moves(of: site.id("aaa")).last?.reason == "All seen.")
        #expect(
            try await asha.get("/applications/aaa?done=go-live&first=yes&from=approved").words.contains("Another person has to confirm"))
    }

    @Test func `an application that is not there has no page`() async throws {
        try site.fill([("aaa", .inReview)])
        let reva = try await site.browser(of: site.enrolled("reva", [.reviewer]))
        try await reva.get("/")
        for path in ["/applications/none", "/applications/A%20b", "/applications/aaa/evidence/ev-none", "/applications/none/print"] {
            #expect(try await reva.get(path).status == .notFound, "\(path)")
        }
        #expect(try await reva.post("/applications/none/moves/review", ["version": "0", "reason": "x"]).status == .notFound)
    }

    @Test func `the print view has the facts and no forms`() async throws {
        try site.fill([("aaa", .inReview)])
        let reva = try await site.browser(of: site.enrolled("reva", [.reviewer]))
        let page = try await reva.get("/applications/aaa/print")
        #expect(page.words.contains("Is &lt;tested&gt;.") && page.words.contains("desk@aaa.example") && page.moves.isEmpty)
        #expect(!page.html.contains("action=\"/applications"))
    }
}
