import HTTPTypes
import Registry
import Testing

@testable import ControlPlane

/// Who is let in, and what is told to who is not.
struct AdminIdentityTests {
    private let site: AdminSite

    init() throws { site = try AdminSite() }

    @Test func `a token alone lets in: no cookie, no key, no other scheme`() async throws {
        let asha = try await site.caller("asha", [.reviewer])
        #expect(try await asha.get("/partners").status == 200)
        let person = try await site.desk.enrolled("bela", [.admin])
        let strangers: [HTTPFields] = [
            [:], [.cookie: "__Host-session=\(person.session.text)"], [.authorization: "Basic YTpi"], [.authorization: "Bearer"],
        ]
        for fields in strangers {
            let answer = try await site.plane.ask(.get, "/admin/v1/partners", fields)
            #expect(answer.status == 401 && answer.problem == "missing-token")
            #expect(answer.fields[.wwwAuthenticate] == "Bearer realm=\"admin\"" && answer.fields[.setCookie] == nil)
        }
        let twice = try await site.plane.ask(
            .get, "/admin/v1/partners",
            HTTPFields(Array(repeating: HTTPField(name: .authorization, value: "Bearer " + asha.token), count: 2)))
        #expect(twice.problem == "malformed-request")
    }

    @Test func `a token says what is wrong with it`() async throws {
        let asha = try await site.caller("asha", [.reviewer])
        func problem(_ text: String) async throws -> String? {
            try await site.plane.ask(.get, "/admin/v1/token", [.authorization: "Bearer " + text]).problem
        }
        #expect(try await problem("secret") == "unknown-token")
        #expect(try await problem(String(asha.token.dropLast())) == "mistyped-token")
        #expect(try await problem("pgw_sandbox_x") == "mistyped-token")
        _ = try site.registry.revokeToken(asha.tokenID, by: "owner", reason: "lost", at: site.plane.now)
        #expect(try await problem(asha.token) == "ended-token")
    }

    @Test func `a token tells what it is, and may end itself`() async throws {
        let asha = try await site.caller("asha", [.reviewer, .ops], [.read])
        let own = try await asha.get("/token").json
        #expect(own["scopes"] as? [String] == ["read"] && own["roles"] as? [String] == ["reviewer", "ops"])
        #expect(try await asha.ask(.delete, "/token").json["state"] as? String == "revoked")
        #expect(try await asha.get("/token").problem == "ended-token")
    }

    @Test func `nothing is cached, nothing is for other sites, and every answer is named`() async throws {
        let asha = try await site.caller("asha", [.reviewer])
        let origin = try #require(HTTPField.Name("Origin"))
        for (method, path) in [
            (HTTPRequest.Method.get, "/partners"), (.get, "/partners/none"), (.options, "/partners"), (.get, "/nothing"),
        ] {
            let answer = try await asha.ask(method, path, [origin: "https://elsewhere.example"])
            #expect(answer.fields[.cacheControl] == "no-store" && answer.fields[RequestName.field]?.count == 32)
            #expect(!answer.fields.contains { $0.name.rawName.lowercased().hasPrefix("access-control") })
        }
        #expect(try await asha.ask(.options, "/partners").status == 405)
    }

    @Test func `a token may ask so often, is told beforehand, and waits exactly`() async throws {
        let asha = try await site.caller("asha", [.reviewer])
        let limit = try #require(HTTPField.Name("RateLimit"))
        let policy = try #require(HTTPField.Name("RateLimit-Policy"))
        let first = try await asha.get("/token")
        #expect(first.fields[policy] == "\"admin\";q=300;w=30" && first.fields[limit] == "\"admin\";r=299;t=1")
        for _ in 1..<Limits.tokenBurst { _ = try await asha.get("/token") }
        let refused = try await asha.get("/token")
        #expect(refused.status == 429 && refused.problem == "rate-limited" && refused.fields[.retryAfter] == "1")
        #expect(refused.json["retryAfterMilliseconds"] as? Int == 100 && refused.json["retryable"] as? Bool == true)
        #expect(refused.fields[limit] == "\"admin\";r=0;t=30")
        site.plane.wait(seconds: 1)
        #expect(try await asha.get("/token").status == 200)
    }

    @Test func `what a token or an account may not is refused, and on record`() async throws {
        let asha = try await site.caller("asha", [.reviewer, .auditor], [.read, .audit])
        let scope = try await asha.post("/applications/eka-care-app/keys", ["environment": "sandbox", "name": "x"])
        #expect(scope.status == 403 && scope.problem == "token-scope")
        #expect((scope.json["detail"] as? String)?.contains("the scope keys") == true)
        let bela = try await site.caller("bela", [.reviewer])
        let role = try await bela.post("/policies", ["plans": "", "routes": "", "plannedOn": "00000000", "reason": "x"])
        #expect(role.status == 403 && role.problem == "not-allowed")
        #expect(role.json["detail"] as? String == "'bela' may not do this (applyPolicy): that is for ops.")
        let nobody = try await site.caller("nobody-yet", [])
        #expect(try await nobody.get("/partners").problem == "not-allowed")
        let rows = try await asha.get("/audit?action=api&refused=true").items
        #expect(rows.map { $0["action"] as? String } == ["api.issue-key", "api.apply-policy", "api.list-partners"])
        #expect(rows.map { $0["actor"] as? String } == ["asha", "bela", "nobody-yet"])
        try #require(rows.count == 3)
        #expect(rows[1]["token"] as? String == bela.tokenID && rows[1]["address"] as? String == "192.0.2.1")
        #expect(rows[1]["subject"] as? String == "POST /admin/v1/policies")
    }
}
