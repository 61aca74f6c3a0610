import HTTPTypes
import Hummingbird
import Registry
import Testing

@testable import ControlPlane

/// Whatever the control plane refuses without a page is the one problem contract.
struct ProblemContractTests {
    private let scratch: Scratch
    private let plane: AskedPlane

    private struct Broken: Error {}

    init() throws {
        scratch = try Scratch()
        plane = try AskedPlane(scratch.registry()) { router, _ in
            router.get("/broken") { _, _ -> Response in throw Broken() }
            router.post("/page") { _, _ in
                Response(
                    status: .conflict, headers: [.contentType: "text/html; charset=utf-8"], body: .init(byteBuffer: .init(string: "<p>")))
            }
            router.get("/things/:id") { _, _ in "thing" }
            router.post("/things/list") { _, _ in "list" }
        }
    }

    @Test(arguments: [
        (HTTPRequest.Method.get, "/nothing", 404, "no-such-route"), (.post, "/metrics", 405, "method-not-allowed"),
        (.trace, "/metrics", 405, "method-not-allowed"), (.delete, "/livez", 405, "method-not-allowed"),
        (.get, "/broken", 500, "gateway-failed"), (.post, "/page", 409, "not-now"), (.get, "/problems/none", 404, "no-such-route"),
    ])
    func `a program gets a problem`(_ method: HTTPRequest.Method, _ path: String, _ status: Int, _ slug: String) async throws {
        let answer = try await plane.ask(method, path)
        #expect(answer.status == status && answer.problem == slug, "\(answer.text)")
        let id = try #require(answer.fields[RequestName.field])
        #expect(id.wholeMatch(of: /[0-9a-f]{32}/) != nil)
        let json = answer.json
        #expect(json["instance"] as? String == "/requests/" + id)
        #expect(json["status"] as? Int == status && json["title"] as? String == json["error"] as? String)
        #expect(json["retryable"] as? Bool == false && (json["errorCode"] as? String)?.hasPrefix("GW") == true)
        #expect(!answer.text.contains("Broken"), "what went wrong is for the log")
        #expect((answer.fields[.allow] == nil) == (status != 405))
    }

    @Test func `what a path allows is said, with HEAD wherever there is GET`() async throws {
        #expect(try await plane.ask(.trace, "/metrics").fields[.allow] == "GET, HEAD")
        #expect(try await plane.ask(.delete, "/things/one").fields[.allow] == "GET, HEAD")
        #expect(try await plane.ask(.delete, "/things/list").fields[.allow] == "POST", "what is written out goes first")
        let head = try await plane.ask(.head, "/livez")
        #expect(head.status == 200 && head.bytes.isEmpty && head.fields[RequestName.field] != nil)
        #expect(try await plane.ask(.head, "/nothing").bytes.isEmpty)
    }

    @Test func `who reads pages keeps the page`() async throws {
        let answer = try await plane.ask(.post, "/page", [.accept: "text/html,*/*;q=0.8"])
        #expect(answer.status == 409 && answer.text == "<p>")
    }

    @Test(arguments: ControlProblem.allCases) func `each problem has a page, one code and one title`(_ problem: ControlProblem) async throws
    {
        let page = try await plane.ask(.get, "/problems/" + problem.rawValue)
        #expect(page.status == 200 && page.fields[.contentType] == "text/html; charset=utf-8")
        #expect(page.text.contains(problem.row.code) && problem.advice.count > 20 && !page.text.contains("<script"))
        #expect(try await plane.ask(.get, "/problems/").text.contains("/problems/\(problem.rawValue)\""))
        let others = ControlProblem.allCases.filter { $0 != problem }.map(\.row)
        #expect(!others.contains { $0.code == problem.row.code || $0.title == problem.row.title })
        #expect(ControlProblem(problem.row.status).row.status == problem.row.status, "every status has a problem")
    }
}
