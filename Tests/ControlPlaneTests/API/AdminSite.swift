import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Registry
import Testing

@testable import ControlPlane

/// The admin API over a registry with the policies and partners of the repository, and people with tokens.
struct AdminSite {
    let desk: Desk
    let plane: AskedPlane

    var registry: RegistryStore { desk.registry }

    init(partners: [PartnerDeclaration]? = nil, recordsDirectory: String? = nil) throws {
        desk = try Desk()
        let registry = desk.registry
        _ = try applyPolicy(from: repository + "/policies", to: registry, by: "owner", at: Scratch.now)
        let declared = try partners ?? loadPartners(from: repository + "/partners", under: registry.policyInForce())
        _ = try registry.importPartners(declared, at: Scratch.now)
        plane = AskedPlane(registry) { router, clock in
            let api = AdminAPI(
                registry: registry,
                settings: AdminSettings(consoleBase: "https://console.example", recordsDirectory: recordsDirectory), prober: NobodyAsked(),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, clock: clock)
            api.add(to: router)
        }
    }

    /// Somebody of the team with a token.
    func caller(_ name: String, _ roles: Set<Role>, _ scopes: [TokenScope] = TokenScope.allCases) async throws -> AdminCaller {
        try await desk.enrolled(name, roles)
        let expires = WallTime(seconds: plane.now.seconds + 30 * 86_400)
        let wish = TokenWish(name: "test", scopes: TokenScopes(scopes), expires: expires)
        let issued = try registry.createToken(wish, of: name, by: "owner", at: plane.now)
        return AdminCaller(plane: plane, name: name, token: issued.token, tokenID: issued.entry.id)
    }
}

/// Nobody's site is asked in tests.
struct NobodyAsked: SiteProber {
    func answers(_ site: String) async -> Bool? { nil }
}

/// A program with a token.
struct AdminCaller: Sendable {
    let plane: AskedPlane
    let name: String
    let token: String
    let tokenID: String

    func get(_ path: String) async throws -> PlaneAnswer { try await ask(.get, path) }

    func post(
        _ path: String, _ body: [String: any Sendable] = [:], _ more: HTTPFields = [:], beforeBody: (@Sendable () async -> Void)? = nil
    ) async throws -> PlaneAnswer {
        var fields = more
        fields[.contentType] = "application/json"
        let text = String(decoding: try JSONSerialization.data(withJSONObject: body), as: UTF8.self)
        return try await ask(.post, path, fields, body: text, beforeBody: beforeBody)
    }

    func ask(
        _ method: HTTPRequest.Method, _ path: String, _ more: HTTPFields = [:], body: String = "",
        beforeBody: (@Sendable () async -> Void)? = nil
    ) async throws -> PlaneAnswer {
        var fields = more
        fields[.authorization] = "Bearer " + token
        return try await plane.ask(method, "/admin/v1" + path, fields, body: body, beforeBody: beforeBody)
    }

    /// A move made on whatever the application now is.
    func move(_ application: String, _ move: String, on tag: String = "*") async throws -> PlaneAnswer {
        try await post("/applications/\(application)/moves", ["move": move, "reason": "tested"], [.ifMatch: tag])
    }
}

extension PlaneAnswer {
    /// The rows of a list.
    var items: [[String: Any]] { json["items"] as? [[String: Any]] ?? [] }
}
