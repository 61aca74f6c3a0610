import ControlPlane
import Foundation
import Registry
import Support
import Testing

/// Partners as YAML, JSON and tables say the same, and what is wrong in one is named by its place.
@Suite struct PartnerFormTests {
    private let scratch: Scratch
    private let policy: Policy

    init() throws {
        scratch = try Scratch()
        policy = try loadPolicy(from: repository + "/policies")
    }

    private func read(_ text: String, as name: String) throws -> [PartnerDeclaration] {
        try scratch.write(text, to: name)
        return try loadPartners(from: scratch.path + "/" + name, under: policy)
    }

    private func faults(_ text: String, as name: String = "partners.csv") throws -> [String] {
        try scratch.write(text, to: name)
        do {
            _ = try loadPartners(from: scratch.path + "/" + name, under: policy)
            return []
        } catch {
            return error.faults.map { String($0.description.dropFirst(scratch.path.count + 1)) }
        }
    }

    /// Every field quoted.
    private func table(_ rows: [[String]], lineEnd: String = "\r\n") -> String {
        rows.map { $0.map { "\"" + $0.replacing("\"", with: "\"\"") + "\"" }.joined(separator: ",") + lineEnd }.joined()
    }

    /// Anything printable, with what each of the forms has to escape.
    private func text(_ random: inout SplitMix64) -> String {
        let alphabet = Array("ab Z09é漢😀,;:\"'\\&*#[]{}|>%@`!?=+-_/.~$^()")
        let length = Int.random(in: 1...30, using: &random)
        return String((0..<length).map { _ in alphabet.randomElement(using: &random) ?? "a" })
    }

    private func partners(_ random: inout SplitMix64) throws -> [PartnerDeclaration] {
        var partners = try loadPartners(from: repository + "/partners", under: policy)
        for index in partners.indices {
            partners[index].name = text(&random)
            for application in partners[index].applications.indices {
                partners[index].applications[application].name = text(&random)
                partners[index].applications[application].purpose = text(&random)
                partners[index].applications[application].allowedAddresses =
                    Bool.random(using: &random)
                    ? nil : [try #require(AddressText.range("203.0.113.0/24")), try #require(AddressText.range("2001:db8::/32"))]
                let dates = [nil, "2021-06-10", "2021-06-10T09:30:00+05:30", "2021-06-10T04:00:00Z"]
                partners[index].applications[application].received = dates.randomElement(using: &random)?.flatMap(ReceivedDate.init)
            }
        }
        return partners
    }

    @Test(arguments: 0..<Soak.count(300)) func `each form gives the same partners again`(_ seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        let partners = try partners(&random)
        #expect(try read(PartnerDeclaration.yaml(partners), as: "all.yaml") == partners, "seed \(seed)")
        #expect(try read("[" + partners.map(\.json).joined(separator: ",\n") + "]", as: "all.json") == partners, "seed \(seed)")
        for end in ["\r\n", "\n", "\r"] {
            let text = table([PartnerDeclaration.tableHeadings] + partners.flatMap(\.tableRows), lineEnd: end)
            #expect(try read(text, as: "all.csv") == partners, "seed \(seed)")
        }
    }

    @Test func `a table may have its columns in any order, leave some out, and name a partner's facts once`() throws {
        let text = #"""
            \#u{FEFF}application,partner,scopes,name,purpose,kind,partner_name,registration,site,technical
            acme-finder,acme,metadata search,Finder,"Shows, and says ""where""",app,Acme,X1,https://acme.example,it@acme.example
            acme-booker,acme,booking,Booker,Books,,,,,

            """#
        let partners = try read(text, as: "partners.csv")
        #expect(partners.count == 1 && partners[0].contacts == [.technical: "it@acme.example"])
        #expect(partners[0].applications.map(\.id.text) == ["acme-finder", "acme-booker"])
        #expect(partners[0].applications[0].purpose == "Shows, and says \"where\"")
        #expect(partners[0].applications[0].scopes == ScopeSet([.metadata, .search]))
    }

    @Test(arguments: [
        "10-06-2021", "2021-6-10", "2021-02-29", "2021-06-10T09:30:00", "2021-06-10 09:30:00Z", "yesterday", "1969-12-31", "2262-12-31",
        "२०२१-०६-१०",
    ])
    func `when it was received is a day or a time of the calendar`(text: String) throws {
        let table = """
            partner,kind,partner_name,registration,site,technical,application,name,purpose,scopes,received
            acme,app,Acme,X1,https://acme.example,it@acme.example,acme-app,App,Is tested,search,\(text)
            """
        #expect(
            try faults(table) == [
                "partners.csv:2:85: when it was received is '\(text)', expected a day such as 2021-06-10, or a time such as 2021-06-10T09:30:00+05:30"
            ])
    }

    @Test func `what is wrong in a table is named by line and column`() throws {
        let heading = "partner,kind,partner_name,registration,site,technical,application,name,purpose,scopes\n"
        let good = "acme,app,Acme,X1,https://acme.example,it@acme.example,acme-app,App,Is tested,search\n"
        #expect(try faults(heading + good) == [])
        let misspelt = try faults(heading + good.replacing("search", with: "serch"))
        #expect(
            misspelt.count == 1 && misspelt[0].hasPrefix("partners.csv:2:78: ") && misspelt[0].contains("did you mean 'search'?"),
            "\(misspelt)")
        #expect(
            try faults(heading.replacing("kind", with: "knd") + good).first?.hasPrefix(
                "partners.csv:1:9: unknown column 'knd' (did you mean 'kind'?)") == true)
        #expect(try faults("partner,partner,application\n").contains("partners.csv:1:9: the column 'partner' is there twice"))
        #expect(try faults("kind\napp\n").contains("partners.csv:1:1: the column 'application' is missing"))
        #expect(try faults(heading + "acme,\"app\n") == ["partners.csv:2:6: a quoted field that does not end"])
        #expect(
            try faults(heading + "acme,a\"pp\n") == [
                "partners.csv:2:7: a quote within a field that does not begin with one, expected fields as RFC 4180 has them"
            ])
        #expect(
            try faults(heading + "acme,\"a\"pp\n") == [
                "partners.csv:2:9: text behind a quoted field's end, expected fields as RFC 4180 has them"
            ])
        #expect(try faults(heading + good.replacing("\n", with: ",more\n")).contains { $0.hasSuffix("more fields than the heading has") })
        #expect(
            try faults(heading + good + good.replacing("acme-app", with: "acme-two").replacing("X1", with: "X2"))
                == ["partners.csv:3:15: the partner's registration is another one than in its first line, expected the same, or nothing"])
        #expect(try faults(heading + good + good).contains { $0.hasPrefix("partners.csv:3:") && $0.contains("acme-app") })
    }

    @Test(arguments: 0..<Soak.count(2_000)) func `no bytes bring the reader of tables down`(_ seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        let pieces = [
            "\"", "\"\"", ",", "\r", "\n", "\r\n", "acme", "é", "\u{FEFF}", "partner", "application", "scopes", " ", "search", "\u{0}",
        ]
        let body = (0..<Int.random(in: 0...60, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
        // Only that it says something of each, or gives partners: what it says is the other tests' matter.
        try scratch.write("partner,application\n" + body, to: "random.csv")
        do { _ = try loadPartners(from: scratch.path + "/random.csv", under: policy) } catch {
            #expect(error.faults.allSatisfy { $0.line >= 1 && $0.column >= 1 && !$0.problem.isEmpty }, "seed \(seed)")
        }
    }

    @Test(arguments: ["=1+1", "+1", "-1", "@SUM(A1)", "'=1+1", "''@x", "=HYPERLINK(\"https://elsewhere.example\",\"Acme\")"])
    func `what strangers wrote is no formula to a spreadsheet, and comes back as it was`(_ text: String) throws {
        var declared = try loadPartners(from: repository + "/partners", under: policy)[0]
        declared.name = text
        declared.applications[0].purpose = text
        let rows = declared.tableRows
        for cell in rows.joined() { #expect(cell.first.map { !"=+-@".contains($0) } ?? true, "\(cell)") }
        #expect(rows[0].contains("'" + text))
        #expect(try read(table([PartnerDeclaration.tableHeadings] + rows), as: "all.csv") == [declared])
    }

    @Test(arguments: ["'", "'Acme'", "O'Hare", "''"]) func `an apostrophe that hides no formula is an apostrophe`(_ text: String) throws {
        var declared = try loadPartners(from: repository + "/partners", under: policy)[0]
        declared.name = text
        #expect(declared.tableRows[0].contains(text))
        #expect(try read(table([PartnerDeclaration.tableHeadings] + declared.tableRows), as: "all.csv") == [declared])
    }
}
