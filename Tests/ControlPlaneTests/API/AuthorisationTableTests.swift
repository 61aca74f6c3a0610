import GRDB
import HTTPTypes
import Registry
import Testing

@testable import ControlPlane

/// Each role at each call in each state: every cell as the table has it.
@Suite(.serialized) struct AuthorisationTableTests {
    /// By letter; `-` for somebody without a role.
    private static let people = AuthorisationTable.letters.map { ($0.0, [$0.1] as Set<Role>) } + [("-", [])]

    /// Applications enough for each cell to have one of its own, in each state from the first import on.
    private static func partners(_ count: Int) -> [PartnerDeclaration] {
        AuthorisationTable.states.flatMap { state in
            stride(from: 0, to: count, by: 50).map { start in
                let word = state.replacing("_", with: "-")
                var declaration = partner("p-\(word)-\(start)", application: "unused-\(word)-\(start)")
                declaration.applications = (start..<min(start + 50, count)).map { number in
                    ApplicationDeclaration(
                        id: id("\(word)-\(number)"), name: "x", purpose: "Is tested.", scopes: ScopeSet([.metadata, .search]),
                        state: ApplicationState(name: state))
                }
                return declaration
            }
        }
    }

    private func site(applications count: Int) async throws -> (AdminSite, [(letter: Character, caller: AdminCaller)]) {
        let site = try AdminSite(partners: AuthorisationTableTests.partners(count))
        // All that rules can ask for is on file.
        try site.registry.write(.note) { database in
            for kind in EvidenceKind.allCases {
                try database.execute(
                    sql: """
                        INSERT INTO evidence (id, application, kind, digest, name, media_type, bytes, expires, added, added_by)
                        SELECT 'ev-' || ?1 || '-' || id, id, ?1, zeroblob(32), 'x.txt', 'text/plain', 1, ?2, ?3, 'owner' FROM application
                        """,
                    arguments: [kind.name, Scratch.now.nanoseconds + 100 * 86_400_000_000_000, Scratch.now.nanoseconds])
            }
        }
        var callers: [(letter: Character, caller: AdminCaller)] = []
        for (letter, roles) in AuthorisationTableTests.people {
            callers.append((letter, try await site.caller(letter == "-" ? "no-role" : "only-\(letter)", roles)))
        }
        return (site, callers)
    }

    @Test func `each move in each state by each role`() async throws {
        let moves = AuthorisationTable.moves
        #expect(Set(moves.map(\.move)) == Set(LifecycleMove.allCases.map(\.rawValue)))
        #expect(Set(AuthorisationTable.states) == Set(ApplicationState.allCases.map(\.name)))
        let (site, callers) = try await site(applications: moves.count * AuthorisationTableTests.people.count)
        var (wrong, cells): ([String], Int) = ([], 0)
        for state in AuthorisationTable.states {
            for (number, row) in moves.enumerated() {
                for (place, (letter, caller)) in callers.enumerated() {
                    let application = "\(state.replacing("_", with: "-"))-\(number * callers.count + place)"
                    var body: [String: any Sendable] = ["move": row.move, "reason": "tested"]
                    if row.move == "grant-scopes" { body["scopes"] = ["metadata"] }
                    if row.move == "change-plan" { body["plan"] = "starter-app" }
                    let answer = try await caller.post("/applications/\(application)/moves", body, [.ifMatch: "*"])
                    let expected =
                        letter == "-" ? 403 : !row.states.contains(state) ? 409 : row.roles.contains(letter) ? 200 : 403
                    if answer.status != expected { wrong.append("\(letter) \(row.move) in \(state): \(answer.status), \(answer.text)") }
                    cells += 1
                }
                site.plane.wait(seconds: 1)
            }
        }
        #expect(wrong.isEmpty, "\(wrong.count) of \(cells): \(wrong.prefix(5).joined(separator: "\n"))")
        #expect(cells == 16 * 12 * 6)
        _ = try site.registry.verifyAudit()
    }

    @Test func `each call about an application in each state by each role`() async throws {
        let calls = AuthorisationTable.calls
        let (site, callers) = try await site(applications: calls.count * AuthorisationTableTests.people.count)
        var (wrong, cells): ([String], Int) = ([], 0)
        for state in AuthorisationTable.states {
            for (number, call) in calls.enumerated() {
                for (place, (letter, caller)) in callers.enumerated() {
                    let application = "\(state.replacing("_", with: "-"))-\(number * callers.count + place)"
                    let answer = try await AuthorisationTableTests.ask(call, application, caller)
                    let expected = !call.roles.contains(letter) ? 403 : call.states.contains(state) ? call.status : call.elsewhere
                    if answer.status != expected { wrong.append("\(letter) \(call.route) in \(state): \(answer.status), \(answer.text)") }
                    cells += 1
                }
                site.plane.wait(seconds: 1)
            }
        }
        #expect(wrong.isEmpty, "\(wrong.count) of \(cells): \(wrong.prefix(5).joined(separator: "\n"))")
        #expect(cells == calls.count * 12 * 6)
    }

    @Test func `each other call by each role`() async throws {
        // The site is held to the end: its folder goes with it.
        let (site, callers) = try await site(applications: 1)
        defer { withExtendedLifetime(site) {} }
        var wrong: [String] = []
        for call in AuthorisationTable.others {
            for (letter, caller) in callers {
                let answer = try await AuthorisationTableTests.ask(call, "none-such", caller)
                let expected = call.roles.contains(letter) ? call.status : 403
                if answer.status != expected { wrong.append("\(letter) \(call.route): \(answer.status), \(answer.text)") }
            }
        }
        #expect(wrong.isEmpty, "\(wrong.joined(separator: "\n"))")
    }

    @Test func `each call with each scope`() async throws {
        let (site, _) = try await site(applications: 1)
        var tokens: [(String, AdminCaller)] = []
        for scope in TokenScope.allCases {
            tokens.append((scope.name, try await site.caller("scope-\(scope.name)", Set(Role.allCases), [scope])))
        }
        var wrong: [String] = []
        for row in AuthorisationTable.scopes {
            for route in row.routes where route != "DELETE /token" {
                let call = AuthorisationTable.Call(route: route, roles: "", status: 0)
                for (scope, caller) in tokens {
                    let isOpen = try await AuthorisationTableTests.ask(call, "none-such", caller).problem != "token-scope"
                    if isOpen != (row.scope == nil || row.scope == scope) { wrong.append("\(route) with \(scope)") }
                }
            }
        }
        #expect(wrong.isEmpty, "\(wrong.joined(separator: "\n"))")
    }

    @Test func `the table has every call, and none besides`() {
        let routes = Set(AdminRoute.all.map { "\($0.method.rawValue) \($0.path.dropFirst(AdminRoute.root.count))" })
        let called = (AuthorisationTable.calls + AuthorisationTable.others).map { String($0.route.prefix { $0 != "?" }) }
        #expect(Set(called).union(["POST /applications/:id/moves", "DELETE /token"]) == routes)
        let scoped = AuthorisationTable.scopes.flatMap(\.routes)
        #expect(Set(scoped) == routes && scoped.count == routes.count)
    }

    private static func ask(_ call: AuthorisationTable.Call, _ name: String, _ caller: AdminCaller) async throws -> PlaneAnswer {
        let parts = call.route.split(separator: " ")
        let path = String(parts[1]).replacing(":id", with: name).replacing(":name", with: name).replacing(":number", with: "99")
            .replacing(":version", with: "00000000")
        let type = path.hasPrefix("/import") ? "application/yaml" : path.contains("/evidence?") ? "text/plain" : "application/json"
        return try await caller.ask(
            HTTPRequest.Method(rawValue: String(parts[0])) ?? .get, path, call.body.isEmpty ? [:] : [.contentType: type], body: call.body)
    }
}
