import Testing

/// Tests that a page names to prove what it says: a row of a table whose last cell holds names in backticks.
struct NamedTests {
    static let page = "Sources/DataPlane/DataPlane.docc/WhatWeTrust.md"

    @Test func `every test that the page on trust names exists, and every risk names one`() throws {
        let rows = NamedTests.risks(in: try Repository.here.text(of: NamedTests.page))
        #expect(rows.count == 10)
        let tests = Repository.here.files.filter { $0.path.hasPrefix("Tests/") && $0.path.hasSuffix(".swift") }
        for (risk, names) in rows {
            #expect(!names.isEmpty, "\(risk) names no test")
            for name in names {
                #expect(tests.contains { $0.lines.contains { $0.contains("func `\(name)`(") } }, "\(risk): there is no test `\(name)`")
            }
        }
    }

    @Test func `a risk without its test would be found`() {
        let rows = NamedTests.risks(in: "| API1 One | answer | `a test`, `another` |\n| API2 Two | `code` | none |\n")
        #expect(rows.map(\.names) == [["a test", "another"], []])
    }

    /// Rows that begin with an OWASP number: their first cell, and the names in their last.
    private static func risks(in page: String) -> [(risk: String, names: [String])] {
        page.split(separator: "\n").filter { $0.hasPrefix("| API") }.map { line in
            let cells = line.split(separator: "|").map { $0.trimmingPrefix(while: { $0 == " " }) }.filter { !$0.isEmpty }
            let parts = (cells.last ?? "").split(separator: "`", omittingEmptySubsequences: false)
            let names = stride(from: 1, to: parts.count, by: 2).map { String(parts[$0]) }
            return (String(cells.first ?? ""), names)
        }
    }
}
