import Foundation
import HTTPTypes
import Registry
import Testing

@testable import ControlPlane

/// Queries and bodies are read strictly, and what they say is checked by the registry.
struct AdminFormTests {
    private let site: AdminSite
    private let json: HTTPFields = [.contentType: "application/json"]

    init() throws { site = try AdminSite() }

    @Test(arguments: [
        ("/partners?limit=0", "limit"), ("/partners?limit=1001", "limit"), ("/partners?limit=+5", "limit"),
        ("/partners?limit=5&limit=5", "twice"),
        ("/partners?page=2", "no parameter 'page'"), ("/partners?after=NO", "after"), ("/applications?state=flying", "one of draft"),
        ("/applications?kind=bank", "pharmacy"), ("/audit?since=yesterday", "2026-03-01"), ("/export?as=xml", "yaml, json or csv"),
        ("/partners?x=%ff", "percent-encoded"), ("/audit?refused=maybe", "true or false"), ("/keys?application=%00", "application"),
    ])
    func `a parameter out of form is named`(_ path: String, _ said: String) async throws {
        let asha = try await site.caller("asha", [.admin])
        let answer = try await asha.get(path)
        #expect(answer.status == 400 && answer.problem == "bad-parameter")
        #expect((answer.json["detail"] as? String)?.contains(said) == true, "\(answer.text)")
    }

    @Test(arguments: [
        ("", "no JSON object"), ("[]", "no JSON object"), ("{", "no JSON object"), ("{}", "lacks the member to"),
        (#"{"to":"team"}"#, "lacks the member text"), (#"{"to":"all","text":"x"}"#, "team, partner"),
        (#"{"to":"team","text":1}"#, "a text"),
        (#"{"to":"team","text":"x","by":"asha"}"#, "a member 'by'"), (#"{"to":null,"text":"x"}"#, "team, partner"),
    ])
    func `a body out of form is told of`(_ body: String, _ said: String) async throws {
        let asha = try await site.caller("asha", [.reviewer])
        let answer = try await asha.ask(.post, "/applications/eka-care-app/notes", json, body: body)
        #expect(answer.status == 400 && answer.problem == "malformed-request")
        #expect((answer.json["detail"] as? String)?.contains(said) == true, "\(answer.text)")
    }

    @Test func `a number is no flag and no fraction`() async throws {
        let asha = try await site.caller("asha", [.approver])
        let key = try site.registry.issueKey(to: id("eka-care-app"), in: .sandbox, named: "x", by: "asha", at: Scratch.now)
        for value in ["true", "1.5", "\"5\"", "1e30"] {
            let answer = try await asha.ask(.post, "/keys/\(key.id)/rotate", json, body: "{\"retireAfterSeconds\":\(value)}")
            #expect(answer.problem == "malformed-request", "\(value)")
        }
        let answer = try await asha.ask(.post, "/keys/\(key.id)/rotate", json, body: "{\"retireAfterSeconds\":0}")
        #expect(answer.status == 201, "\(answer.text)")
    }

    @Test func `another type of body is 415, and one too long 413`() async throws {
        let asha = try await site.caller("asha", [.reviewer])
        let path = "/applications/eka-care-app/notes"
        #expect(try await asha.ask(.post, path, [.contentType: "text/plain"], body: "{}").problem == "unsupported-type")
        #expect(try await asha.ask(.post, path, [:], body: "{}").status == 415)
        let long = "{\"to\":\"team\",\"text\":\"" + String(repeating: "x", count: Limits.adminBodyBytes) + "\"}"
        let answer = try await asha.ask(.post, path, json, body: long)
        #expect(answer.status == 413 && answer.problem == "body-too-large")
        #expect(try await asha.ask(.post, path, [.contentType: "Application/JSON; charset=utf-8"], body: "{}").status == 400)
    }

    @Test(arguments: ["/partners/NO", "/partners/none-such", "/applications/none-such", "/evidence/ev-none", "/decisions/none", "/nothing"])
    func `what is not there is 404`(_ path: String) async throws {
        let asha = try await site.caller("asha", [.reviewer])
        let answer = try await asha.get(path)
        #expect(
            [404, 409].contains(answer.status) && ["not-there", "no-such-route", "not-now"].contains(answer.problem), "\(answer.text)")
    }

    @Test func `a method that a path does not have is 405 with those it has`() async throws {
        let asha = try await site.caller("asha", [.reviewer])
        let answer = try await asha.ask(.delete, "/partners")
        #expect(answer.status == 405 && answer.fields[.allow] == "GET, HEAD" && answer.problem == "method-not-allowed")
        #expect(try await asha.ask(.get, "/applications/eka-care-app/assignment").fields[.allow] == "PUT")
        let head = try await asha.ask(.head, "/partners")
        #expect(head.status == 200 && head.bytes.isEmpty)
    }
}
