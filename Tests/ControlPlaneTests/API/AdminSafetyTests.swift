import Foundation
import GRDB
import HTTPTypes
import NIOCore
import Registry
import Testing

@testable import ControlPlane

/// What a token must not do, however its call is sent.
struct AdminSafetyTests {
    private let site: AdminSite
    private let yaml: HTTPFields = [.contentType: "application/yaml"]

    init() throws { site = try AdminSite() }

    @Test func `a token revoked before the body has come gives out no key`() async throws {
        let omar = try await site.caller("omar", [.ops])
        let answer = try await omar.post(
            "/applications/eka-care-app/keys", ["environment": "sandbox", "name": "x"],
            beforeBody: { [site] in _ = try? site.registry.revokeToken(omar.tokenID, by: "owner", reason: "lost", at: site.plane.now) })
        #expect(answer.status == 401 && answer.problem == "ended-token", "\(answer.text)")
        #expect(try !site.registry.keys().contains { $0.createdBy == "omar" })
    }

    @Test func `a token that ends, an account that is disabled, and a role that is taken before the body has come count`() async throws {
        let (asha, bela) = (try await site.caller("asha", [.approver]), try await site.caller("bela", [.approver, .admin]))
        let path = "/applications/eka-care-app/keys"
        let body = ["environment": "sandbox", "name": "x"]
        let demoted = try await asha.post(
            path, body,
            beforeBody: { [site] in
                _ = try? site.registry.setRoles([.auditor], of: "asha", by: "owner", at: site.plane.now)
            })
        #expect(demoted.problem == "not-allowed")
        let late = try await bela.post(path, body, beforeBody: { [site] in site.plane.wait(seconds: 31 * 86_400) })
        #expect(late.problem == "ended-token")
        #expect(try site.registry.keys().allSatisfy { $0.createdBy != "asha" && $0.createdBy != "bela" })
    }

    @Test func `whoever has no account any more changes no policy and imports nothing, though the call was let in`() async throws {
        _ = try await site.caller("omar", [.ops])
        let gone = Actor("omar", from: .api(address: "192.0.2.1", token: "tok-x"))
        let registry = site.registry
        let decision = try PolicyDecision(by: gone, reason: "x", at: Scratch.now)
        _ = try registry.disable("omar", reason: "left", by: "owner", at: Scratch.now)
        _ = try await site.caller("asha", [.reviewer])
        let policy = try registry.policyInForce()
        let refusals: [() throws -> Void] = [
            { _ = try registry.acceptPolicy(policy, as: decision) },
            { _ = try registry.announcePolicy(policy, from: after(60), as: decision) },
            { _ = try registry.cancelAnnouncement(of: policy.version, as: decision) },
            { _ = try registry.rollBackPolicy(to: nil, as: decision) },
            { _ = try registry.importPartners([], by: gone, at: Scratch.now) },
        ]
        for refused in refusals {
            let error = #expect(throws: RegistryError.self) { try refused() }
            #expect(error?.description.contains("'omar'") == true, "\(String(describing: error))")
        }
        let asha = Actor("asha", from: .api(address: "192.0.2.1", token: "tok-y"))
        #expect(throws: RegistryError.self) {
            _ = try registry.rollBackPolicy(to: nil, as: PolicyDecision(by: asha, reason: "x", at: Scratch.now))
        }
    }

    @Test func `rules of moves are not to be had through here`() async throws {
        let omar = try await site.caller("omar", Set(Role.allCases))
        let inForce = try await omar.get("/policies/in-force").json
        let (plans, routes) = (try #require(inForce["plans"] as? String), try #require(inForce["routes"] as? String))
        let version = try #require(inForce["version"] as? String)
        let rules = try String(contentsOfFile: repository + "/policies/lifecycle.yaml", encoding: .utf8)
        let answer = try await omar.post(
            "/policies",
            [
                "plans": plans, "routes": routes.replacing("cost: 3", with: "cost: 4"), "plannedOn": version, "reason": "x",
                "lifecycle": rules.replacing("approve: [approver]", with: "approve: [ops]"),
            ])
        #expect(answer.status == 400 && (answer.json["detail"] as? String)?.contains("a member 'lifecycle'") == true, "\(answer.text)")
        #expect(try site.registry.policyInForce().version == version && site.registry.lifecycleRules() == .standard)
    }

    @Test func `an import says its letters in UTF-8 or not at all`() async throws {
        let asha = try await site.caller("asha", [.reviewer])
        let table = """
            partner,kind,partner_name,registration,site,technical,application,name,purpose,scopes
            acme,app,Caf?,X1,https://acme.example,it@acme.example,acme-app,App,Is tested,search

            """
        let bytes = ByteBuffer(bytes: table.utf8.map { $0 == 0x3F ? 0xE9 : $0 })
        let fields: HTTPFields = [.contentType: "text/csv", .authorization: "Bearer " + asha.token]
        let answer = try await site.plane.ask(.post, "/admin/v1/import", fields, bytes: bytes)
        #expect(answer.status == 400 && answer.problem == "malformed-request")
        #expect((answer.json["detail"] as? String) == "the body is not UTF-8")
        #expect(throws: RegistryError.self) { try site.registry.partner(id("acme")) }
    }

    @Test func `a stand-in is named for times that are near, and no time ends the process`() async throws {
        let asha = try await site.caller("asha", [.reviewer])
        _ = try await site.caller("bela", [.reviewer])
        func give(_ from: String?, _ until: String) async throws -> PlaneAnswer {
            var body: [String: any Sendable] = ["away": "asha", "to": "bela", "until": until, "reason": "leave"]
            if let from { body["from"] = from }
            return try await asha.post("/delegations", body)
        }
        #expect(try await give(nil, "2023-11-16T00:00:00Z").status == 201)
        for (from, until) in [
            ("2262-04-11T00:00:00Z", "2262-04-11T23:30:00Z"), ("2024-11-16T00:00:00Z", "2024-11-17T00:00:00Z"),
            ("1970-01-01T00:00:00Z", "2262-04-11T23:30:00Z"),
        ] {
            let answer = try await give(from, until)
            #expect(answer.status == 422 && answer.problem == "not-accepted", "\(answer.text)")
        }
        #expect(try await give("2024-11-01T00:00:00Z", "2024-11-17T00:00:00Z").status == 201)
    }

    @Test func `where use cannot be written down, reading goes on`() async throws {
        let asha = try await site.caller("asha", [.reviewer])
        try site.registry.write(.note) { database in
            try database.execute(
                sql: "CREATE TRIGGER full BEFORE UPDATE ON access_token BEGIN SELECT RAISE(ABORT, 'the disk is full'); END")
        }
        #expect(try await asha.get("/partners").status == 200)
    }
}
