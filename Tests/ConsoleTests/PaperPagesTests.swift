import ControlPlane
import Foundation
import HTTPTypes
import Registry
import Testing

@testable import Console

/// Evidence, keys and notes in the browser.
struct PaperPagesTests {
    private let site: Site

    init() throws { site = try Site() }

    @Test func `evidence is handed in and comes back as a file to be kept`() async throws {
        try site.fill([("aaa", .inReview), ("bbb", .inReview)])
        let reva = try await site.browser(of: site.enrolled("reva", [.reviewer]))
        try await reva.get("/applications/aaa")
        let form = ["kind": "security-audit", "until": "2027-03-31", "issued": "2026-01-01"]
        let file = (field: "file", name: "प्रमाण \"1\".txt", text: "Seen & signed.")
        #expect(try await reva.upload("/applications/aaa/evidence", form, files: [file]).location == "/applications/aaa?saved=yes")
        let entry = try #require(site.registry.evidence(of: site.id("aaa")).first)
        #expect(entry.name == "प्रमाण \"1\".txt" && entry.expires == WallTime(seconds: 1_806_517_800), "the day there has ended")
        #expect(try await reva.get("/applications/aaa").words.contains("until 31 March 2027"))
        let page = try await reva.get("/applications/aaa/evidence/" + entry.id)
        #expect(page.status == .ok && page.html == "Seen & signed." && page.fields[.contentType] == "text/plain")
        let disposition = try #require(page.fields[.contentDisposition])
        #expect(disposition.hasPrefix("attachment; filename=\"") && disposition.contains("filename*=UTF-8''%E0%A4%AA"))
        #expect(disposition.filter { $0 == "\"" }.count == 2)
        #expect(page.fields[.xContentTypeOptions] == "nosniff" && page.fields[.cacheControl] == "no-store")
        #expect(try await reva.get("/applications/bbb/evidence/" + entry.id).status == .notFound, "each application has its own")
        let withdrawn = try await reva.post("/applications/aaa/evidence/\(entry.id)/withdraw", ["reason": "another's"])
        #expect(withdrawn.status == .seeOther)
        #expect(try await reva.get("/applications/aaa").words.contains("withdrawn"))
    }

    @Test func `evidence that cannot be is refused in a sentence`() async throws {
        try site.fill([("aaa", .inReview)])
        let reva = try await site.browser(of: site.enrolled("reva", [.reviewer]))
        try await reva.get("/applications/aaa")
        let cases: [([String: String], [(field: String, name: String, text: String)], String)] = [
            (["kind": "security-audit"], [("file", "a.txt", "x")], "needs the day on which it expires"),
            (["kind": "named-officer"], [("file", "a.pdf", "x")], "its content is no PDF"),
            (["kind": "named-officer"], [], "Choose a file."),
            (["kind": "named-officer", "until": "31.3.2027"], [("file", "a.txt", "x")], "is no day"),
            (["kind": "named-officer", "until": "2027-02-30"], [("file", "a.txt", "x")], "is no day"),
            (["kind": "named-officer", "until": "2020-01-01"], [("file", "a.txt", "x")], "has expired already"),
        ]
        for (form, files, sentence) in cases {
            let page = try await reva.upload("/applications/aaa/evidence", form, files: files)
            #expect(page.status == .unprocessableContent && page.words.contains(sentence), "\(form): \(page.status)")
        }
        #expect(try await reva.upload("/applications/aaa/evidence", ["kind": "horoscope"], files: []).status == .badRequest)
        #expect(try site.registry.evidence(of: site.id("aaa")).isEmpty)
    }

    @Test func `a key is shown once, on a page that nobody keeps`() async throws {
        try site.fill([("aaa", .sandbox)])
        let reva = try await site.browser(of: site.enrolled("reva", [.reviewer]))
        try await reva.get("/applications/aaa")
        let issued = try await reva.post("/applications/aaa/keys/sandbox", ["name": "first"])
        let key = try #require(issued.html.firstMatch(of: /pgw_sandbox_[A-Za-z0-9]{49}/)).0
        #expect(issued.status == .ok && issued.fields[.cacheControl] == "no-store" && issued.location == nil)
        let page = try await reva.get("/applications/aaa")
        #expect(page.words.contains("first") && !page.html.contains(key) && !page.html.contains("pgw_sandbox_"))
        let id = try #require(site.registry.keys(of: site.id("aaa")).first).id
        let rotated = try await reva.post("/applications/aaa/keys/\(id)/rotate", ["days": "3"])
        #expect(rotated.html.contains("pgw_sandbox_") && !rotated.html.contains(key))
        let old = try #require(site.registry.keys(of: site.id("aaa")).first { $0.id == id })
        #expect(old.state == .retiring && old.until == WallTime(seconds: site.now.seconds + 3 * 86_400))
        #expect(try await reva.post("/applications/aaa/keys/\(id)/rotate", ["days": "x"]).status == .unprocessableContent)
        #expect(try await reva.post("/applications/aaa/keys/\(id)/revoke", ["reason": "lost"]).location == "/applications/aaa?saved=yes")
        #expect(try await reva.post("/applications/aaa/keys/key-none/revoke", ["reason": "lost"]).status == .notFound)
        let production = try await reva.post("/applications/aaa/keys/production", ["name": "early"])
        #expect(production.status == .unprocessableContent && production.words.contains("no production key may be issued"))
    }

    @Test func `keys that are dangerous ask for password and code, and who has no paperwork gets none`() async throws {
        try site.fill([("aaa", .approved)])
        let asha = try await site.browser(of: site.enrolled("asha", [.approver]))
        try await asha.get("/applications/aaa")
        site.wait(seconds: 300)
        let asked = try await asha.post("/applications/aaa/keys/production", ["name": "main"])
        #expect(asked.status == .unauthorized && asked.html.contains("kept-name") && !asked.html.contains("pgw_production_"))
        #expect(try site.registry.keys(of: site.id("aaa")).isEmpty)
        for role in [Role.auditor, .admin] {
            let browser = try await site.browser(of: site.enrolled("only-\(role.name)", [role]))
            #expect(try await !browser.get("/applications/aaa").html.contains("/keys/"))
            for environment in ["sandbox", "production"] {
                let refused = try await browser.post("/applications/aaa/keys/" + environment, ["name": "x"])
                #expect(refused.status == .unprocessableContent && refused.words.contains("may not issue a key"))
            }
        }
        #expect(try site.registry.keys(of: site.id("aaa")).isEmpty)
    }

    @Test func `notes are for the team or the partner, and an application is somebody's`() async throws {
        try site.fill([("aaa", .inReview)])
        let reva = try await site.browser(of: site.enrolled("reva", [.reviewer]))
        _ = try await site.enrolled("asha", [.approver])
        try await reva.get("/applications/aaa")
        #expect(try await reva.post("/applications/aaa/notes", ["audience": "partner", "text": "Hello <there>"]).status == .seeOther)
        #expect(try await reva.post("/applications/aaa/notes", ["audience": "all", "text": "x"]).status == .badRequest)
        let empty = try await reva.post("/applications/aaa/notes", ["audience": "team", "text": " "])
        #expect(empty.status == .unprocessableContent && empty.words.contains("A note has 1 to 2000 characters."))
        #expect(try await reva.get("/applications/aaa").words.contains("Hello &lt;there&gt;"))
        #expect(try await reva.post("/applications/aaa/assignment", ["me": "reva", "person": "-"]).status == .seeOther)
        #expect(try await reva.get("/applications/aaa").words.contains("With reva"))
        #expect(try await reva.post("/applications/aaa/assignment", ["person": "asha"]).status == .seeOther)
        #expect(try await reva.post("/applications/aaa/assignment", ["person": "nobody-here"]).status == .unprocessableContent)
        #expect(try await reva.post("/applications/aaa/assignment", ["person": "-"]).status == .seeOther)
        #expect(try site.registry.application(site.id("aaa")).assignee == nil)
    }

    @Test func `a form with files is read as browsers write it, and nothing else is`() throws {
        func read(_ text: String, _ boundary: String = "B") -> MultipartForm? { MultipartForm(Data(text.utf8), boundary: boundary) }
        let head = "--B\r\nContent-Disposition: form-data; name="
        let good = try #require(
            read(
                head + "\"a\"\r\n\r\n1\r\n" + head + "\"f\"; filename=\"x%22y.txt\"\r\nContent-Type: text/plain\r\n\r\n\r\n--C\r\n--B--\r\n"
            ))
        #expect(good.fields["a"] == "1")
        #expect(good.files == [UploadedFile(field: "f", name: "x\"y.txt", bytes: Array("\r\n--C".utf8))])
        #expect(read(head + "\"f\"; filename=\"\"\r\n\r\n\r\n--B--")?.files.isEmpty == true, "nobody chose a file")
        for bad in [
            "", "--B", "--B\r\n", "x--B--", head + "\"a\"\r\n\r\n1", head + "\"a\"\r\n\r\n1\r\n--B", head + "a\r\n\r\n1\r\n--B--",
            "--B\r\n\r\n1\r\n--B--", "--B\r\nX: y\r\n\r\n1\r\n--B--", "--B1\r\n", head + "\"a\"\r\n1\r\n--B--",
        ] { #expect(read(bad) == nil, "\(bad)") }
        #expect(read("--B--")?.fields.names == [], "a form may be empty")
        #expect(read(String(repeating: head + "\"a\"\r\n\r\n1\r\n", count: 200) + "--B--") == nil)
        #expect(MultipartForm(Data("--\n--".utf8), boundary: "\n") == nil)
        #expect(MultipartForm.boundary(of: "multipart/form-data; boundary=\"x y\"") == "x y")
        #expect(MultipartForm.boundary(of: "application/x-www-form-urlencoded") == nil)
    }
}
