import ControlPlane
import Foundation
import HTTPTypes
import Registry
import Support
import Testing

@testable import Console

/// Where the shipped policies lie.
let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

/// Partners found and looked at.
struct PartnerPagesTests {
    private let site: Site

    init() throws {
        site = try Site()
        _ = try applyPolicy(from: repository + "/policies", to: site.registry, by: "owner", at: site.now)
    }

    private static func partner(
        _ id: String, _ kind: PartnerKind = .app, registration: String, site: String? = nil, contact: String? = nil,
        state: ApplicationState? = nil
    ) throws -> PartnerDeclaration {
        PartnerDeclaration(
            id: try #require(Identifier(id)), kind: kind, name: "The <\(id)>", registration: registration,
            site: site ?? "https://\(id).example", contacts: [.technical: contact ?? "it@\(id).example"],
            applications: [
                ApplicationDeclaration(
                    id: try #require(Identifier(id + "-app")), name: "\(id) booking", purpose: "Is tested.",
                    scopes: ScopeSet([.metadata, .search]), state: state)
            ])
    }

    private func fill() throws {
        let partners = [
            try Self.partner("acme", registration: "U-1", contact: "Asha@acme.example", state: .live),
            try Self.partner("bolt", .hospital, registration: "u 1", site: "https://www.acme.example"),
            try Self.partner("cord", registration: "X_9", contact: "asha@ACME.example"),
        ]
        _ = try site.registry.importPartners(partners, at: site.now)
    }

    @Test func `without partners the page says where they come from`() async throws {
        let browser = try await site.browser(of: site.enrolled("reva", [.reviewer]))
        #expect(try await browser.get("/partners").words.contains("There are no partners yet."))
    }

    @Test(arguments: [
        ("", "acme bolt cord"), ("text=BOLT", "bolt"), ("text=asha%40", "acme cord"), ("text=_9", "cord"), ("text=%25", ""),
        ("kind=hospital", "bolt"), ("kind=hospital&text=acme", "bolt"), ("kind=app&text=www", ""), ("kind=nonsense", "acme bolt cord"),
        ("page=2", ""), ("page=-1", "acme bolt cord"), ("text=%3Cscript%3E", ""),
    ])
    func `a search finds parts of names, numbers, sites and contacts, and nothing else`(query: String, found: String) async throws {
        try fill()
        let browser = try await site.browser(of: site.enrolled("anu", [.auditor]))
        let page = try await browser.get("/partners" + (query.isEmpty ? "" : "?" + query))
        let rows = ["acme", "bolt", "cord"].filter { page.html.contains("href=\"/partners/\($0)\"") }
        #expect(page.status == .ok && rows.joined(separator: " ") == found, "\(query)")
        #expect(found.isEmpty == page.words.contains("Nothing fits."))
        #expect(!page.html.contains("<script>") && !page.html.contains("The <acme>"))
    }

    @Test func `rows count applications by state, and pages keep what was asked for`() async throws {
        try fill()
        let many = try (0..<60).map { try Self.partner("many-\($0)", .pharmacy, registration: "P\($0)") }
        _ = try site.registry.importPartners(many, at: site.now)
        let browser = try await site.browser(of: site.enrolled("omar", [.ops]))
        #expect(try await browser.get("/partners?text=acme").words.contains("live: 1"))
        let first = try await browser.get("/partners?kind=pharmacy")
        #expect(first.words.contains("Partners: 60") && first.words.contains("Page 1 of 2"))
        #expect(first.html.contains("href=\"/partners?kind=pharmacy&amp;page=2\"") && !first.html.contains("rel=\"prev\""))
        let second = try await browser.get("/partners?kind=pharmacy&page=2")
        #expect(second.html.contains("rel=\"prev\"") && !second.html.contains("rel=\"next\""))
        #expect(second.html.matches(of: /href="\/partners\/many-/).count == 10)
    }

    @Test func `a partner's page has its facts, contacts, applications and what others share with it`() async throws {
        try fill()
        let browser = try await site.browser(of: site.enrolled("reva", [.reviewer]))
        let page = try await browser.get("/partners/acme")
        for text in ["The &lt;acme&gt;", "U-1", "https://acme.example", "Asha@acme.example", "live"] { #expect(page.html.contains(text)) }
        #expect(page.html.contains("href=\"/applications/acme-app\""))
        #expect(page.html.contains("href=\"/partners/bolt\"") && page.html.contains("href=\"/partners/cord\""))
        for shared in ["U1", "acme.example", "asha@acme.example"] { #expect(page.html.contains("<td>\(shared)</td>")) }
        #expect(try await browser.get("/partners/cord").html.contains("<td>asha@acme.example</td>"))
        #expect(try await browser.get("/partners/nobody").status == .notFound)
        #expect(try await browser.get("/partners/N").status == .notFound)
    }

    @Test func `contacts are for the team only`() async throws {
        try fill()
        let nobody = try await site.browser(of: site.enrolled("temp", []))
        #expect(try await nobody.get("/partners/acme").status == .forbidden)
        #expect(try await nobody.get("/funnel").status == .forbidden)
        #expect(try await WebBrowser(site).get("/partners/acme").location?.hasPrefix("/sign-in") == true)
    }
}
