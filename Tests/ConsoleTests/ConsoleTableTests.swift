import GRDB
import HTTPTypes
import Registry
import Support
import Testing

@testable import Console
@testable import ControlPlane

/// Each role, and each way of not being signed in, at each place of the console in each state of an application: every cell as the table has it.
struct ConsoleTableTests {
    @Test func `the table has every route, and none besides`() {
        let rows = (ConsoleTable.applications + ConsoleTable.places).map(\.route)
        #expect(Set(rows).count == rows.count)
        #expect(Set(rows) == Set(ConsoleRoute.all.map { "\($0.method.rawValue) \($0.path)" }))
        #expect(Set(ConsoleTable.states) == Set(ApplicationState.allCases.map(\.name)))
        #expect(Set(ConsoleTable.letters.flatMap(\.1)) == Set(Role.allCases))
    }

    @Test(arguments: ConsoleTable.states) func `each place about an application in a state, for each visitor`(state: String) async throws {
        let rows = ConsoleTable.applications
        let own = rows.filter(\.isForm).flatMap { row in TableSite.signedIn.map { row.name(for: $0) } }
        let site = try await TableSite(applications: ["shared"] + own, in: state)
        var (wrong, cells): ([String], Int) = ([], 0)
        for row in rows {
            for (letter, browser) in site.visitors {
                // Whoever may change it has one of their own: what one did is no fact for the next.
                let isOwn = row.isForm && TableSite.signedIn.contains(letter)
                let found = try await site.ask(row, about: isOwn ? row.name(for: letter) : "shared", letter, browser)
                if let found { wrong.append("\(letter) \(row.route) in \(state): \(found)") }
                cells += 1
            }
        }
        #expect(wrong.isEmpty, "\(wrong.count) of \(cells): \(wrong.prefix(8).joined(separator: "\n"))")
        #expect(cells == rows.count * 11)
        _ = try site.registry.verifyAudit()
    }

    @Test(arguments: ConsoleTable.states) func `what is done to several at once, for each visitor`(state: String) async throws {
        func name(_ action: String, _ letter: Character) -> String { "bulk-\(action)-\(letter == "-" ? "0" : String(letter))" }
        let own = ConsoleTable.bulk.flatMap { row in TableSite.signedIn.map { name(row.action, $0) } }
        let site = try await TableSite(applications: ["shared"] + own, in: state)
        #expect(Set(ConsoleTable.bulk.map(\.action)) == Set(BulkAction.allCases.map(\.rawValue)))
        var wrong: [String] = []
        for (action, roles, states) in ConsoleTable.bulk {
            for (letter, browser) in site.visitors where TableSite.signedIn.contains(letter) {
                let revision = try site.registry.revision()
                let form = [
                    ("action", action), ("application", name(action, letter)), ("reason", "tested"), ("person", "only-v"),
                    ("version", "9223372036854775807"),
                ]
                let status = try await browser.post("/inbox/bulk", pairs: form).status.code
                let isDone = (letter == "s" || roles.contains(letter)) && states.contains(state)
                if status != (letter == "-" ? 403 : 200) { wrong.append("\(letter) \(action) in \(state): \(status)") }
                if try (site.registry.revision() != revision) != isDone { wrong.append("\(letter) \(action) in \(state): done or not") }
            }
        }
        #expect(wrong.isEmpty, "\(wrong.joined(separator: "\n"))")
        #expect(try !site.registry.applications().contains { $0.lifecycle.state == .live } || state == "live")
    }

    @Test func `each other place, for each visitor`() async throws {
        let site = try await TableSite(applications: ["shared"], in: "draft")
        var (wrong, cells): ([String], Int) = ([], 0)
        for row in ConsoleTable.places {
            // A code is good once.
            if row.route == "POST /reauthenticate" { site.site.wait(seconds: 30) }
            for (letter, browser) in site.visitors {
                if let found = try await site.ask(row, about: "shared", letter, browser) {
                    wrong.append("\(letter) \(row.route): \(found)")
                }
                cells += 1
            }
        }
        #expect(wrong.isEmpty, "\(wrong.count) of \(cells): \(wrong.joined(separator: "\n"))")
        #expect(cells == ConsoleTable.places.count * 11)
        _ = try site.registry.verifyAudit()
    }

    @Test func `no form is taken without its own token, or from another site, whoever sends it`() async throws {
        let site = try await TableSite(applications: ["shared"], in: "live")
        var wrong: [String] = []
        for row in ConsoleTable.applications + ConsoleTable.places where row.isForm {
            for (letter, browser) in site.visitors {
                let revision = try site.registry.revision()
                let path = site.path(of: row, about: "shared")
                let fields = Dictionary(row.form) { first, _ in first }
                // Who is not even let in hears that first.
                let isSignedIn = TableSite.signedIn.contains(letter)
                let isLetIn = isSignedIn ? site.isLetIn(letter, row) : row.others[letter] != nil
                let turnedAway = isSignedIn ? 403 : 401
                for token in ["", site.foreignToken] {
                    let status = try await browser.post(path, fields, token: token).status.code
                    if status != (isLetIn ? 409 : turnedAway) { wrong.append("\(letter) \(row.route): \(status) without its token") }
                }
                let status = try await browser.post(path, fields, site: "cross-site").status.code
                if status != (isLetIn ? 403 : turnedAway) { wrong.append("\(letter) \(row.route): \(status) from elsewhere") }
                if try site.registry.revision() != revision { wrong.append("\(letter) \(row.route): something was changed") }
            }
        }
        #expect(wrong.isEmpty, "\(wrong.joined(separator: "\n"))")
        for (_, browser) in site.visitors.prefix(6) { #expect(try await browser.get("/").status == .ok, "nobody was signed out") }
    }
}
