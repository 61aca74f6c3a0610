import Admission
import Foundation
import Registry
import Support
import Testing

/// The pages that a refusal's `type` leads to.
struct ProblemPagesTests {
    private func page(_ slug: String) -> String? {
        problemPage(slug: Array(slug.utf8).span).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(arguments: ProblemSlug.allCases)
    func `every slug has a page with its code, its status, what to do and an example that parses`(_ slug: ProblemSlug) throws {
        let html = try #require(page(slug.text.description))
        let problem = problem(for: slug.example)
        #expect(html.contains("<code>\(problem.errorCode)</code>"))
        #expect(html.contains("status \(problem.status)"))
        #expect(html.contains("<li>"))
        #expect(!html.contains("<script"))
        #expect(!html.contains("http://") && !html.contains("https://"), "nothing is loaded from elsewhere")
        let start = try #require(html.range(of: "<pre>"))
        let end = try #require(html.range(of: "</pre>"))
        let example = html[start.upperBound..<end.lowerBound].replacing("&quot;", with: "\"").replacing("&#39;", with: "'")
        let members = try #require(try JSONSerialization.jsonObject(with: Data(example.utf8)) as? [String: Any])
        #expect(members["type"] as? String == "/problems/\(slug.text)")
        #expect(members["status"] as? Int == problem.status)
        #expect(members["errorCode"] as? String == problem.errorCode.description)
    }

    @Test(arguments: ["", "nothing", "rate-limite", "rate-limitedd", "../rate-limited", "RATE-LIMITED", "\u{0}"])
    func `no other slug has a page`(_ slug: String) {
        #expect(page(slug) == nil)
    }

    @Test func `an unknown outcome, which no GET has, is said to be looked at first`() throws {
        let html = try #require(page("outcome-unknown"))
        #expect(html.contains("look whether it was done before repeating it</p>"))
        #expect(!html.contains("a GET is retryable"))
        #expect(try #require(page("core-store-timeout")).contains("a GET is retryable</p>"))
    }

    @Test func `the index leads to every page`() {
        let html = String(decoding: problemIndexPage, as: UTF8.self)
        for slug in ProblemSlug.allCases { #expect(html.contains("<a href=\"/problems/\(slug.text)\">")) }
    }

    @Test(arguments: ProblemSlug.allCases)
    func `tags are closed and text is escaped`(_ slug: ProblemSlug) throws {
        let html = try #require(page(slug.text.description))
        for tag in ["html", "head", "body", "h1", "h2", "p", "ul", "li", "pre", "code", "a", "style", "title"] {
            #expect(
                html.components(separatedBy: "<\(tag)>").count + html.components(separatedBy: "<\(tag) ").count - 2
                    == html.components(separatedBy: "</\(tag)>").count - 1, "\(tag)")
        }
        let parser = XMLCheck.parse(html)
        #expect(parser)
    }
}

/// A page is also well-formed XML but for its doctype and void elements.
private enum XMLCheck {
    static func parse(_ html: String) -> Bool {
        var depth: [Substring] = []
        for piece in html.split(separator: "<").dropFirst() {
            let name = piece.prefix { $0.isLetter || $0.isNumber || $0 == "/" || $0 == "!" }
            switch name {
            case "!DOCTYPE", "meta": continue
            case _ where name.first == "/":
                guard depth.popLast() == name.dropFirst() else { return false }
            default: depth.append(name)
            }
        }
        return depth.isEmpty
    }
}
