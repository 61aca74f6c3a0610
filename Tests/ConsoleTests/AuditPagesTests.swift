import ControlPlane
import Foundation
import GRDB
import HTTPTypes
import Registry
import Support
import Testing

@testable import Console

/// The audit read, verified and taken elsewhere in the browser.
struct AuditPagesTests {
    private let site: Site

    init() throws {
        site = try Site()
        _ = try applyPolicy(from: repository + "/policies", to: site.registry, by: "owner", at: site.now)
    }

    private func auditor() async throws -> WebBrowser { try await site.browser(of: site.enrolled("anu", [.auditor])) }

    /// Numbers of the records on a page, as they stand.
    private func numbers(_ page: Page) -> [Int64] {
        page.html.matches(of: /<th scope="row" data-label="Record">(\d+)<\/th>/).compactMap { Int64($0.1) }
    }

    private func records(_ filter: AuditFilter = AuditFilter()) throws -> [AuditRecord] { try site.registry.auditRecords(filter) }

    @Test func `records come newest first, by fifty, and one finds the way back`() async throws {
        for number in 0..<120 { _ = try site.registry.invite(Invitation(name: "person-\(number)", roles: []), by: "owner", at: site.now) }
        let browser = try await auditor()
        let all = try records().map(\.number)
        #expect(all.count > 120)
        var (seen, path): ([Int64], String?) = ([], "/audit")
        while let next = path {
            let page = try await browser.get(next)
            seen += numbers(page)
            path = page.html.firstMatch(of: /rel="next" href="([^"]+)"/).map { String($0.1).replacing("&amp;", with: "&") }
        }
        #expect(seen == all.reversed())
        let middle = try await browser.get("/audit?before=101")
        #expect(numbers(middle) == (51...100).reversed())
        #expect(middle.html.contains("href=\"/audit?after=100\""))
        let newer = try await browser.get("/audit?after=100")
        #expect(numbers(newer) == all.filter { (101...150).contains($0) }.reversed())
    }

    private static let filters: [(String, AuditFilter?)] = [
        ("actor=owner", AuditFilter(actor: "owner")), ("action=account", AuditFilter(action: "account")),
        ("action=policy.apply", AuditFilter(action: "policy.apply")), ("subject=anu", AuditFilter(subject: "anu")),
        ("outcome=refused", AuditFilter(isRefused: true)), ("outcome=done", AuditFilter(isRefused: false)), ("actor=nobody", nil),
        ("from=2026-11-22", AuditFilter(since: WallTime(calendar: "2026-11-22T00:00:00+05:30"))), ("from=2100-01-01", nil),
        ("until=2026-11-22&actor=owner", AuditFilter(until: WallTime(calendar: "2026-11-23T00:00:00+05:30"), actor: "owner")),
        ("until=2026-11-21&actor=owner", nil), ("actor=%27%3B--", nil),
    ]

    @Test(arguments: filters)
    func `a filter shows what fits and no more`(query: String, filter: AuditFilter?) async throws {
        // Refused, and on record.
        #expect(throws: RegistryError.self) { try site.registry.disable("nobody", reason: "test", by: "owner", at: site.now) }
        let browser = try await auditor()
        let page = try await browser.get("/audit?" + query)
        let expected = try filter.map { try records($0).map(\.number) } ?? []
        #expect(numbers(page) == expected.reversed(), "\(query)")
        #expect(expected.isEmpty == page.words.contains("No record fits."))
    }

    @Test func `a date out of form is told, and what was typed stays`() async throws {
        let page = try await auditor().get("/audit?from=yesterday&actor=owner")
        #expect(page.words.contains("A date is written as 2021-06-10.") && page.html.contains("value=\"owner\""))
    }

    @Test func `verifying says how far all is well, and names the first place where it is not`() async throws {
        let browser = try await auditor()
        try await browser.get("/audit")
        let last = try records().last?.number ?? 0
        let good = try await browser.post("/audit/verify")
        #expect(good.words.contains("Records 1 to \(last) are as they were written."))
        let file = try DatabaseQueue(path: site.folder.path + "/state/registry.sqlite")
        try await file.write { database in
            try database.execute(sql: "DROP TRIGGER audit_is_never_changed")
            try database.execute(sql: "UPDATE audit SET reason = 'another' WHERE number = 2")
        }
        let bad = try await browser.post("/audit/verify")
        #expect(bad.html.contains("<strong>record 2 was changed: its hash does not fit what it says</strong>"))
        #expect(bad.words.contains("The audit is not as it was written.") && bad.html.contains("role=\"alert\""))
    }

    @Test func `an export is a file that verifies elsewhere, and its last record says who took it`() async throws {
        let browser = try await auditor()
        try await browser.get("/audit")
        let page = try await browser.post("/audit/export")
        #expect(page.fields[.contentDisposition] == "attachment; filename=\"audit.jsonl\"")
        #expect(page.fields[.contentType] == "application/jsonl; charset=utf-8")
        let path = site.folder.path + "/elsewhere.jsonl"
        try Data(page.html.utf8).write(to: URL(fileURLWithPath: path))
        let found = try AuditFile.verify(path, keys: [site.registry.auditPublicKey()])
        let taken = try #require(try records().last)
        #expect(found.first == 1 && found.last == taken.number)
        #expect(taken.action == "audit.export" && taken.actor == "anu" && taken.address == "192.0.2.1")
    }

    @Test func `who is neither auditor nor admin sees nothing of it, and takes nothing`() async throws {
        let browser = try await site.browser(of: site.enrolled("reva", [.reviewer, .approver, .ops]))
        try await browser.get("/")
        let before = try records(AuditFilter(action: "audit")).count
        #expect(try await browser.get("/audit").status == .forbidden)
        #expect(try await browser.post("/audit/export").status == .forbidden)
        #expect(try await browser.post("/audit/verify").status == .forbidden)
        #expect(try records(AuditFilter(action: "audit")).count == before)
    }

    @Test func `nothing on the page changes anything`() async throws {
        let browser = try await auditor()
        let page = try await browser.get("/audit")
        let actions = Set(page.html.matches(of: /<form[^>]*method="post"[^>]*action="([^"]+)"/).map { String($0.1) })
        #expect(actions == ["/audit/verify", "/audit/export", "/sign-out", "/language"])
    }
}
