import Foundation
import HTTPTypes
import Registry
import Support
import Testing

@testable import ControlPlane

/// The whole way through the API: from an import to live, with keys, exceptions and the record of it.
struct AdminJourneyTests {
    private let site: AdminSite

    init() throws { site = try AdminSite() }

    private static let partner = """
        id: acme
        kind: app
        name: Acme
        registration: U52310KA2019PTC900201
        site: https://acme.example
        contacts: { technical: tech@acme.example }
        applications:
          - id: acme-finder
            name: Acme finder
            purpose: Finds slots.
            scopes: [metadata, search]
        """

    @Test func `partners come in once, in any form, whole or not at all`() async throws {
        let reva = try await site.caller("reva", [.reviewer])
        let yaml: HTTPFields = [.contentType: "application/yaml"]
        let trial = try await reva.ask(.post, "/import?dryRun=true", yaml, body: AdminJourneyTests.partner)
        #expect(trial.json["partnersAdded"] as? Int == 1 && trial.json["applicationsAdded"] as? Int == 1)
        #expect(try await reva.get("/partners/acme").status == 404)
        #expect(try await reva.ask(.post, "/import", yaml, body: AdminJourneyTests.partner).json["partnersAdded"] as? Int == 1)
        let again = try await reva.ask(.post, "/import", yaml, body: AdminJourneyTests.partner)
        #expect(again.json["partnersAdded"] as? Int == 0 && again.json["applicationsChanged"] as? Int == 0)
        for (form, type) in [("yaml", "application/yaml"), ("json", "application/json"), ("csv", "text/csv")] {
            let file = try await reva.get("/export?partner=acme&as=\(form)")
            #expect(file.status == 200 && file.fields[.contentType] == type)
            #expect(file.fields[.contentDisposition] == "attachment; filename*=UTF-8''partners.\(form)")
            let back = try await reva.ask(.post, "/import", [.contentType: type], body: file.text)
            #expect(back.status == 200 && back.json["partnersChanged"] as? Int == 0, "\(form): \(back.text)")
        }
        let faulty = try await reva.ask(.post, "/import", yaml, body: AdminJourneyTests.partner.replacing("kind: app", with: "kind: bank"))
        #expect(faulty.status == 422 && (faulty.json["faults"] as? [String])?.first?.hasPrefix("body:2:") == true, "\(faulty.text)")
        let foreign = AdminJourneyTests.partner.replacing("id: acme\n", with: "id: other\n")
        #expect(try await reva.ask(.post, "/import", yaml, body: foreign).status == 409)
        let exports = try site.registry.auditRecords(AuditFilter(action: "partner.export"), newest: 0)
        #expect(exports.count == 3 && exports.allSatisfy { $0.actor == "reva" && $0.origin == "api" && $0.subject == "acme" })
    }

    @Test func `two people bring an application to live, each on what they saw`() async throws {
        let reva = try await site.caller("reva", [.reviewer])
        let (asha, bela) = (try await site.caller("asha", [.approver]), try await site.caller("bela", [.approver]))
        _ = try await reva.ask(.post, "/import", [.contentType: "application/yaml"], body: AdminJourneyTests.partner)
        for kind in EvidenceKind.allCases {
            let sent = try await reva.ask(
                .post, "/applications/acme-finder/evidence?kind=\(kind.name)&name=report.txt&expires=2024-06-01T00:00:00Z",
                [.contentType: "text/plain"], body: "All \(kind.name) is well.")
            #expect(sent.status == 201 && sent.json["mediaType"] as? String == "text/plain", "\(sent.text)")
        }
        for move in ["submit", "review", "grant-sandbox", "certify"] {
            let answer = try await reva.move("acme-finder", move)
            #expect(answer.status == 200 && answer.json["outcome"] as? String == "moved", "\(move): \(answer.text)")
        }
        #expect(try await asha.move("acme-finder", "approve").status == 200)
        let seen = try #require(try await asha.get("/applications/acme-finder").fields[.eTag])
        let first = try await asha.move("acme-finder", "go-live", on: seen)
        #expect(first.json["outcome"] as? String == "awaits-second-person")
        #expect(try await asha.move("acme-finder", "go-live").problem == "not-allowed", "nobody is two people")
        #expect(try await reva.move("acme-finder", "go-live").problem == "not-allowed", "a reviewer decides nothing here")
        let stale = try await bela.move("acme-finder", "go-live", on: seen)
        #expect(stale.status == 412 && stale.problem == "changed-meanwhile")
        #expect((stale.json["detail"] as? String)?.contains("application.go-live by asha") == true, "\(stale.text)")
        let tag = try #require(first.fields[.eTag])
        #expect(try await bela.get("/applications/acme-finder").fields[.eTag] == tag)
        let second = try await bela.move("acme-finder", "go-live", on: tag)
        #expect(second.json["outcome"] as? String == "moved")
        #expect((second.json["application"] as? [String: Any])?["state"] as? String == "live")
        let history = try await bela.get("/applications/acme-finder/moves").items
        #expect(history.map { $0["move"] as? String } == ["submit", "review", "grant-sandbox", "certify", "approve", "go-live", "go-live"])
        #expect(try await asha.move("acme-finder", "submit").problem == "not-now")
    }

    @Test func `a move names what it was decided on`() async throws {
        let asha = try await site.caller("asha", [.approver])
        let body = ["move": "suspend", "reason": "x"]
        #expect(try await asha.post("/applications/eka-care-app/moves", body).status == 428)
        for tag in ["5", "W/\"5\"", "\"x\"", "\"-1\"", "\"999999999999999999999\""] {
            #expect(try await asha.post("/applications/eka-care-app/moves", body, [.ifMatch: tag]).status == 412, "\(tag)")
        }
        let detail = try await asha.get("/applications/eka-care-app")
        let tag = try #require(detail.fields[.eTag])
        #expect(try await asha.get("/applications/eka-care-app").fields[.eTag] == tag, "looking changes nothing")
        #expect((detail.json["allowedMoves"] as? [String])?.contains("suspend") == true)
        let ops = try await site.caller("omar", [.ops])
        _ = try await ops.post("/applications/eka-care-app/notes", ["to": "team", "text": "looked at"])
        #expect(try await asha.move("eka-care-app", "suspend", on: tag).status == 200, "what was only said is no change")
    }

    @Test func `a key is issued, shown once, rotated and revoked`() async throws {
        let omar = try await site.caller("omar", [.ops])
        let issued = try await omar.post("/applications/eka-care-app/keys", ["environment": "sandbox", "name": "staging"])
        let key = try #require(issued.json["key"] as? String)
        #expect(issued.status == 201 && key.hasPrefix("pgw_sandbox_") && issued.fields[.cacheControl] == "no-store")
        let number = try #require(issued.json["id"] as? String)
        let list = try await omar.get("/keys?application=eka-care-app")
        #expect(list.items.contains { $0["id"] as? String == number && $0["createdBy"] as? String == "omar" } && !list.text.contains(key))
        let successor = try await omar.post("/keys/\(number)/rotate", ["retireAfterSeconds": 60])
        #expect(successor.status == 201 && successor.json["environment"] as? String == "sandbox")
        #expect(try await omar.post("/keys/\(number)/rotate").problem == "not-now")
        let revoked = try await omar.post("/keys/\(number)/revoke", ["reason": "found in public"])
        #expect(revoked.json["state"] as? String == "revoked" && revoked.json["reason"] as? String == "found in public")
        #expect(try await omar.post("/applications/eka-care-app/keys", ["environment": "moon", "name": "x"]).status == 400)
    }

    @Test func `notes, assignment, evidence, extra quota and stand-ins`() async throws {
        let (reva, omar) = (try await site.caller("reva", [.reviewer]), try await site.caller("omar", [.ops]))
        let note = try await reva.post("/applications/eka-care-app/notes", ["to": "partner", "text": "Please sign."])
        #expect(note.status == 201 && note.json["by"] as? String == "reva")
        #expect(try await reva.get("/applications/eka-care-app/notes").items.last?["text"] as? String == "Please sign.")
        let json: HTTPFields = [.contentType: "application/json"]
        #expect(
            try await reva.ask(.put, "/applications/eka-care-app/assignment", json, body: #"{"to":"omar"}"#).json["assignee"] as? String
                == "omar")
        #expect(try await reva.get("/applications?assignee=omar").items.count == 1)
        #expect(try await reva.ask(.put, "/applications/eka-care-app/assignment", json, body: #"{"to":null}"#).json["assignee"] == nil)
        let sent = try await reva.ask(
            .post, "/applications/eka-care-app/evidence?kind=named-officer&name=%E0%A4%85.txt", [.contentType: "text/plain"], body: "Meera")
        let evidence = try #require(sent.json["id"] as? String)
        let file = try await omar.get("/evidence/\(evidence)")
        #expect(file.text == "Meera" && file.fields[.contentType] == "text/plain")
        #expect(
            file.fields[.contentDisposition] == "attachment; filename*=UTF-8''%E0%A4%85.txt"
                && file.fields[.xContentTypeOptions] == "nosniff")
        #expect(try await reva.post("/evidence/\(evidence)/withdraw", ["reason": "wrong file"]).json["standing"] as? String == "withdrawn")
        let until = "2023-11-16T00:00:00Z"
        let quota = try await omar.post(
            "/applications/eka-care-app/extra-quota", ["percent": 50, "until": until, "reason": "vaccination drive"])
        #expect(quota.status == 201 && quota.json["percent"] as? Int == 50, "\(quota.text)")
        #expect(try await omar.post("/applications/eka-care-app/extra-quota/end", ["reason": "over"]).json["endedBy"] as? String == "omar")
        let stand = try await reva.post("/delegations", ["away": "reva", "to": "omar", "until": until, "reason": "leave"])
        #expect(stand.status == 201)
        let number = try #require(stand.json["id"] as? String)
        #expect(try await omar.ask(.post, "/delegations/\(number)/end").json["ended"] != nil)
        #expect(try await omar.ask(.post, "/delegations/\(number)/end").problem == "not-there")
    }

    @Test func `admins invite and disable; auditors read, export and verify, and change nothing`() async throws {
        let (admin, audra) = (try await site.caller("admin", [.admin]), try await site.caller("audra", [.auditor]))
        let invited = try await admin.post("/accounts", ["name": "meera", "roles": ["reviewer"], "language": "hi"])
        #expect((invited.json["link"] as? String)?.hasPrefix("https://console.example/link/") == true, "\(invited.text)")
        #expect(try await admin.post("/accounts", ["name": "meera", "roles": ["reviewer"]]).problem == "not-accepted")
        #expect(try await admin.post("/accounts/meera/disable", ["reason": "left"]).json["state"] as? String == "disabled")
        #expect(try await audra.get("/accounts").items.count == 3)
        #expect(try await audra.post("/accounts", ["name": "other", "roles": ["admin"]]).problem == "not-allowed")
        #expect(try await audra.post("/applications/eka-care-app/notes", ["to": "team", "text": "x"]).problem == "not-allowed")
        #expect(try await audra.get("/audit/verify").json["isIntact"] as? Bool == true)
        let export = try await audra.get("/audit/export")
        #expect(export.fields[.contentType] == "application/jsonl" && export.text.hasSuffix("\n"))
        let pem = try await audra.get("/audit/public-key").text
        let path = site.desk.scratch.path + "/audit.jsonl"
        try Data(export.bytes).write(to: URL(fileURLWithPath: path))
        let summary = try AuditFile.verify(path, keys: [try #require(AuditPublicKey(pem: pem))])
        #expect(summary.last > 10)
    }

    @Test func `policies are compared, applied, announced, cancelled and rolled back`() async throws {
        let omar = try await site.caller("omar", [.ops])
        let inForce = try await omar.get("/policies/in-force").json
        let (plans, routes) = (try #require(inForce["plans"] as? String), try #require(inForce["routes"] as? String))
        let version = try #require(inForce["version"] as? String)
        #expect((try await omar.post("/policies/diff", ["plans": plans, "routes": routes]).json["changes"] as? [Any])?.isEmpty == true)
        let dearer = routes.replacing("cost: 3", with: "cost: 4")
        let difference = try await omar.post("/policies/diff", ["plans": plans, "routes": dearer]).json
        #expect((difference["changes"] as? [Any])?.isEmpty == false && difference["old"] as? String == version)
        let wish: [String: any Sendable] = ["plans": plans, "routes": dearer, "plannedOn": String(version.prefix(12)), "reason": "dearer"]
        let announced = try await omar.post("/policies", wish.merging(["at": "2023-12-01T00:00:00+05:30"]) { $1 })
        let next = try #require(announced.json["id"] as? String)
        #expect(announced.status == 201 && announced.json["status"] as? String == "announced", "\(announced.text)")
        #expect(try await omar.post("/policies/\(next)/cancel", ["reason": "not yet"]).json["status"] as? String == "cancelled")
        let stale = wish.merging(["plannedOn": String(repeating: "0", count: 64)]) { $1 }
        #expect(try await omar.post("/policies", stale).problem == "changed-meanwhile")
        #expect(try await omar.post("/policies", wish).status == 201)
        #expect(try site.registry.policyInForce().version == next)
        let again = wish.merging(["plannedOn": String(next.prefix(12))]) { $1 }
        #expect(try await omar.post("/policies", again).status == 200, "the same again changes nothing")
        #expect(try await omar.post("/policies/previous/rollback", ["reason": "too dear"]).json["id"] as? String == version)
        let faulty = try await omar.post("/policies", wish.merging(["routes": "routes: ["]) { $1 })
        #expect(faulty.status == 422 && (faulty.json["faults"] as? [String])?.first?.hasPrefix("routes:") == true, "\(faulty.text)")
        #expect(try await omar.get("/lifecycle-rules").json["builtIn"] as? Bool == false)
        let blind = try await omar.post("/policies", wish.filter { $0.key != "plannedOn" })
        #expect(
            blind.status == 400 && (blind.json["detail"] as? String)?.contains("plannedOn") == true,
            "nobody overwrites what they have not seen")
    }

    /// All ids of a list, page by page.
    private func paged(_ path: String, _ caller: AdminCaller) async throws -> [String] {
        var (seen, next): ([String], String?) = ([], nil)
        repeat {
            let page = try await caller.get(path + (next.map { "&after=\($0)" } ?? ""))
            #expect(page.items.count <= 2)
            seen += page.items.compactMap { $0["id"] as? String }
            next = page.json["next"] as? String
        } while next != nil
        return seen
    }

    @Test func `what is long comes in pages that leave none out and show none twice`() async throws {
        let reva = try await site.caller("reva", [.reviewer])
        for application in ["eka-care-app", "paytm-finder", "eka-care-app", "eka-care-app", "paytm-finder"] {
            _ = try site.registry.issueKey(to: id(application), in: .sandbox, named: "x", by: "reva", at: Scratch.now)
        }
        let all = try site.registry.keys()
        #expect(all.count >= 5 && Set(all.map(\.application)).count > 1)
        #expect(try await paged("/keys?limit=2", reva) == all.map(\.id).sorted())
        let own = all.filter { $0.application == id("eka-care-app") }.map(\.id).sorted()
        #expect(try await paged("/keys?limit=2&application=eka-care-app", reva) == own)
        #expect(try await paged("/partners?limit=2", reva) == site.registry.partners().map(\.declaration.id.text))
        #expect(try await paged("/applications?limit=2", reva) == site.registry.applications().map(\.declaration.id.text))
        #expect(try await reva.get("/applications?state=live&kind=app").items.allSatisfy { $0["state"] as? String == "live" })
        #expect(try await reva.get("/applications/eka-care-app/checks").items.count == 7)
        #expect(try await reva.get("/open-reviews").items.isEmpty)
        #expect(try await reva.get("/usage").items.isEmpty)
        #expect(try await reva.get("/decisions").problem == "not-now")
    }
}
