import Foundation
import Support
import Testing

/// What an application asks the real program about itself.
@Suite(.serialized) struct OwnPageTests {
    /// One answer: its status, its `X-Request-Id`, its body.
    private struct Answer {
        let status: Int
        let id: String
        let head: String
        let json: [String: Any]
    }

    private func ask(_ caller: Caller, _ path: String, key: String = Sample.key) throws -> Answer {
        caller.send("GET \(path) HTTP/1.1\r\nHost: a\r\nx-api-key: \(key)\r\n\r\n")
        let (head, body) = try #require(caller.receive())
        let lines = head.lowercased().split(separator: "\r\n")
        let id = lines.first { $0.hasPrefix("x-request-id: ") }.map { String($0.dropFirst("x-request-id: ".count)) }
        let json = try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any]
        return Answer(
            status: Int(head.split(separator: " ")[1]) ?? 0, id: try #require(id), head: head, json: try #require(json))
    }

    @Test func `a refusal's instance leads to why, at the same moment, after a restart, and when its segment is sealed`() async throws {
        let folder = try TemporaryDirectory()
        let path = folder.path + "/decisions"
        let serving = try await Serving(burst: 2, ["--decisions", path])
        let caller = try Caller(port: serving.port)
        for _ in 0..<2 { #expect(try ask(caller, "/find").status == 503) }
        let refused = try ask(caller, "/find")
        #expect(refused.status == 429)
        let instance = try #require(refused.json["instance"] as? String)
        func check(_ caller: Caller) throws {
            let answer = try ask(caller, instance)
            try #require(answer.status == 200, "\(answer.json)")
            #expect(answer.head.contains("Cache-Control: no-store\r\n"))
            #expect(answer.json["id"] as? String == refused.id && answer.json["application"] as? String == "app-one")
            #expect(answer.json["verdict"] as? String == "rate-limited" && answer.json["rule"] as? String == "search")
            #expect(answer.json["cost"] as? Int == 1 && (answer.json["level"] as? [String: Any])?["tokens"] as? Int == 0)
            #expect((answer.json["recomputed"] as? [String: Any])?["agrees"] as? Bool == true)
            #expect(answer.json["earliest"] is String && answer.json["advice"] is String)
        }
        try check(caller)
        serving.program.send(SIGTERM)
        #expect(await serving.program.status() == 0)
        try await serving.restart(["--decisions", path])
        let later = try Caller(port: serving.port)
        try check(later)
        #expect(
            await eventually { (try? FileManager.default.contentsOfDirectory(atPath: path))?.contains { $0.hasSuffix(".sealed") } == true })
        try check(later)
        let limits = try ask(later, "/limits")
        let search = (limits.json["limits"] as? [String: [String: Any]])?["search"]
        #expect(limits.status == 200 && search?["quota"] as? Int == 2 && search?["remaining"] as? Int == 0)
        #expect(try ask(later, "/decisions/" + limits.id).json["verdict"] as? String == "admitted", "own pages are on record, too")
    }

    @Test func `what changed for the application is told with it, and another's or nobody's request is not found`() async throws {
        let folder = try TemporaryDirectory()
        let serving = try await Serving(burst: 2, ["--decisions", folder.path + "/decisions"])
        let caller = try Caller(port: serving.port)
        #expect(try ask(caller, "/find").status == 503)
        try serving.publish(try Sample.snapshot(revision: 6, burst: 1))
        #expect(await eventually { serving.program.errorsSoFar.contains("snapshot adopted") })
        let refused = try ask(caller, "/find")
        #expect(refused.status == 429)
        let changes = try #require(try ask(caller, "/decisions/" + refused.id).json["changes"] as? [[String: Any]])
        #expect(changes.contains { $0["what"] as? String == "limits of search" && ($0["after"] as? String)?.contains("burst 1") == true })
        let strange = try ask(caller, "/find", key: "somebody-elses")
        #expect(strange.status == 401)
        for id in [strange.id, String(strange.id.dropLast()) + (strange.id.hasSuffix("0") ? "1" : "0"), String(repeating: "f", count: 32)] {
            #expect(try ask(caller, "/decisions/" + id).json["errorCode"] as? String == "GWDEC0001")
        }
        #expect(try ask(caller, "/decisions/" + refused.id, key: "somebody-elses").status == 401)
    }

    @Test func `where no records are kept there is nothing to explain`() async throws {
        let serving = try await Serving()
        let caller = try Caller(port: serving.port)
        let answer = try ask(caller, "/decisions/" + String(repeating: "0", count: 32))
        #expect(answer.status == 404 && (answer.json["detail"] as? String)?.contains("keeps no records") == true)
    }
}
