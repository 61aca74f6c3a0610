import HTTPTypes
import Registry
import Testing

@testable import Console
@testable import ControlPlane

/// Whoever asks for a page that their roles do not allow is in the audit, and does not fill it.
struct RefusedCallsTests {
    private let site: Site

    init() throws { site = try Site() }

    /// What was refused, in the order it was asked.
    private func refused() throws -> [AuditRecord] { try site.registry.auditRecords().filter { $0.action.hasPrefix("console.") } }

    @Test func `pages and forms that roles do not allow are on record, by whom and what`() async throws {
        let asha = try await site.browser(of: site.enrolled("asha", [.reviewer]))
        _ = try await site.enrolled("bela", [.ops])
        try await asha.get("/")
        #expect(try await asha.get("/accounts/bela").status == .forbidden)
        #expect(try await asha.post("/accounts/bela/disable", ["reason": "mine"]).status == .forbidden)
        #expect(try await asha.post("/audit/export").status == .forbidden)
        let records = try refused()
        #expect(records.map(\.action) == ["console.open-page", "console.send-form", "console.send-form"])
        #expect(
            records.map(\.subject) == ["GET /accounts/:name", "POST /accounts/:name/disable", "POST /audit/export"])
        #expect(records.allSatisfy { $0.actor == "asha" && $0.address == "192.0.2.1" && $0.origin == "console" })
        #expect(records.first?.refusal == "'asha' may not open the page /accounts/bela: that is for admin")
        #expect(records.last?.refusal == "'asha' may not send the form /audit/export: that is for admin or auditor")
        _ = try site.registry.verifyAudit()
        let nothing = try await site.browser(of: site.enrolled("nothing", []))
        #expect(try await nothing.get("/inbox").status == .forbidden)
        #expect(try refused().last?.refusal?.hasPrefix("'nothing' may not open the page /inbox") == true)
        // What nobody was refused is not on record, and neither is who is not even signed in.
        let length = try refused().count
        try await asha.get("/inbox")
        try await WebBrowser(site).get("/accounts")
        #expect(try refused().count == length)
    }

    @Test func `what waited for password and code and is not allowed is on record too`() async throws {
        let asha = try await site.enrolled("asha", [.reviewer])
        let browser = try await site.browser(of: asha)
        try await browser.get("/reauthenticate")
        site.wait(seconds: 30)
        let page = try await browser.post(
            "/reauthenticate",
            ["password": Site.password, "code": asha.code(at: site.now), "then": "/accounts/asha/roles", "kept-role": "admin"])
        #expect(page.status == .forbidden)
        #expect(try refused().map(\.subject) == ["POST /accounts/:name/roles"])
    }

    @Test func `twenty are on record at once, then one a minute, with a word that there were more`() async throws {
        let asha = try await site.browser(of: site.enrolled("asha", [.reviewer]))
        for _ in 0..<25 { try await asha.get("/audit") }
        var records = try refused()
        #expect(records.count == 21)
        #expect(records.dropLast().allSatisfy { $0.refusal?.contains("too many") == false })
        #expect(records.last?.refusal?.hasSuffix("too many were refused for all to be on record") == true)
        site.wait(seconds: 59)
        try await asha.get("/audit")
        #expect(try refused().count == 21)
        site.wait(seconds: 1)
        for _ in 0..<5 { try await asha.get("/audit") }
        #expect(try refused().count == 22, "the word that there were more is said once")
        // Nobody else's are kept out by hers.
        let bela = try await site.browser(of: site.enrolled("bela", [.ops]))
        try await bela.get("/accounts")
        records = try refused()
        #expect(records.count == 23 && records.last?.actor == "bela")
    }
}
