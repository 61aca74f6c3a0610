import ControlPlane
import HTTPTypes
import Registry
import Testing

@testable import Console

/// What names a partner's people, erased in the browser.
struct PartnerErasureTests {
    private let site: Site

    init() throws {
        site = try Site()
        try site.fill([("gone", .rejected), ("here", .live)])
    }

    @Test func `whoever may erase is shown how much it is, gives a reason, and it is gone`() async throws {
        let adi = try await site.browser(of: site.enrolled("adi", [.admin]))
        let page = try await adi.get("/partners/of-gone")
        #expect(page.words.contains("Contacts: 1 · pieces of evidence: 0 · notes: 0") && page.words.contains("desk@gone.example"))
        let unexplained = try await adi.post("/partners/of-gone/erase", ["reason": " "])
        #expect(unexplained.status == .unprocessableContent && unexplained.words.contains("A reason of 1 to 500 characters is needed."))
        #expect(try await adi.post("/partners/of-gone/erase", ["reason": "asked"]).location == "/partners/of-gone?erased=yes")
        let after = try await adi.get("/partners/of-gone?erased=yes")
        #expect(after.words.contains("What named its people is erased.") && after.words.contains("Erased on "))
        #expect(!after.html.contains("desk@gone.example") && !after.html.contains("/erase\""))
        let quoted = try await adi.get("/partners/of-gone?erased=yes&quoted=1200,3,0")
        #expect(quoted.words.contains("quote a contact, from before such were kept out of it, stay: 1200, 3, …."))
        #expect(try await adi.get("/audit").words.contains("partner.erase"))
    }

    @Test func `records of the audit that quote a contact are named`() async throws {
        _ = try await site.enrolled("asha", [.approver])
        let adi = try await site.browser(of: site.enrolled("adi", [.admin]))
        // An address of a machine within a house has no dot, and is not seen for one where reasons are kept.
        var declared = try site.registry.exported(site.id("of-gone"))
        declared.contacts = [.technical: "desk@intranet"]
        _ = try site.registry.importPartners([declared], by: "asha", at: site.now)
        _ = try site.registry.move(site.id("here"), .suspend, by: "asha", reason: "ask desk@intranet", at: site.now)
        let number = try #require(site.registry.auditRecords().last { $0.reason.contains("desk@intranet") }?.number)
        try await adi.get("/partners/of-gone")
        let done = try await adi.post("/partners/of-gone/erase", ["reason": "asked"])
        #expect(done.location == "/partners/of-gone?erased=yes&quoted=\(number)")
    }

    @Test func `where an application lives the page says which, and has no form`() async throws {
        let adi = try await site.browser(of: site.enrolled("adi", [.admin]))
        let page = try await adi.get("/partners/of-here")
        #expect(page.words.contains("Not while an application may still need them: Application here (live)."))
        #expect(!page.html.contains("/erase\""))
        let refused = try await adi.post("/partners/of-here/erase", ["reason": "asked"])
        #expect(refused.status == .unprocessableContent && refused.words.contains("application here is live"))
        #expect(try await adi.post("/partners/of-nobody/erase", ["reason": "asked"]).status == .notFound)
    }

    @Test func `nobody else sees the form or gets by with it, and it asks for password and code`() async throws {
        let adi = try await site.browser(of: site.enrolled("adi", [.admin]))
        for (name, role) in [("reva", Role.reviewer), ("asha", .approver), ("omar", .ops), ("anu", .auditor)] {
            let browser = try await site.browser(of: site.enrolled(name, [role]))
            #expect(try await !browser.get("/partners/of-gone").html.contains("/erase\""), "\(name)")
            #expect(try await browser.post("/partners/of-gone/erase", ["reason": "asked"]).status == .unprocessableContent, "\(name)")
        }
        try await adi.get("/partners/of-gone")
        site.wait(seconds: Limits.recentSeconds + 1)
        let asked = try await adi.post("/partners/of-gone/erase", ["reason": "asked"])
        #expect(asked.status != .seeOther || asked.location?.contains("erased") != true)
        #expect(try site.registry.partner(site.id("of-gone")).declaration.contacts.count == 1)
    }
}
