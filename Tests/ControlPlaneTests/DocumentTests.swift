import Foundation
import HTTPTypes
import Registry
import Testing
import Yams

@testable import ControlPlane

/// `openapi.yaml` says what is routed, and nothing else.
@Suite struct DocumentTests {
    /// One operation of the document.
    private struct Operation {
        let path: String
        let method: String
        let members: [String: Any]
        let parameters: [[String: Any]]

        var name: String { "\(method) \(path)" }
        /// By place: the names of its parameters.
        func parameters(in place: String, areRequired: Bool) -> Set<String> {
            Set(
                parameters.filter { $0["in"] as? String == place && ($0["required"] as? Bool ?? false) == areRequired }
                    .compactMap { $0["name"] as? String })
        }
        /// Each way to be let in: the schemes that it takes together.
        var identities: Set<Set<String>> {
            Set((members["security"] as? [[String: Any]] ?? []).map { Set($0.keys) })
        }
    }

    private let document: [String: Any]

    init() throws {
        let text = try String(contentsOfFile: repository + "/openapi.yaml", encoding: .utf8)
        document = try #require(try Yams.load(yaml: text) as? [String: Any])
    }

    private func operations() throws -> [Operation] {
        let components = try #require(document["components"] as? [String: Any])
        let shared = try #require(components["parameters"] as? [String: [String: Any]])
        let paths = try #require(document["paths"] as? [String: [String: Any]])
        return paths.flatMap { path, item in
            item.compactMap { method, members -> Operation? in
                guard ["get", "put", "post", "delete", "patch"].contains(method), let members = members as? [String: Any] else {
                    return nil
                }
                let parameters = (members["parameters"] as? [[String: Any]] ?? []).map { parameter in
                    (parameter["$ref"] as? String).flatMap { shared[String($0.split(separator: "/").last ?? "")] } ?? parameter
                }
                return Operation(path: path, method: method.uppercased(), members: members, parameters: parameters)
            }
        }
    }

    @Test func `every route of the policy that ships stands in it as the policy has it, and none besides`() throws {
        let operations = try operations().filter { $0.path.hasPrefix("/api/") }
        let policy = try loadPolicy(from: repository + "/policies")
        #expect(Set(operations.map(\.name)) == Set(policy.routes.map { "\($0.method.token) \($0.path)" }))
        for route in policy.routes {
            let operation = try #require(operations.first { $0.name == "\(route.method.token) \(route.path)" })
            #expect(operation.members["x-scope"] as? String == route.scope.name, "\(operation.name)")
            #expect(operation.members["x-cost"] as? Int == Int(route.cost), "\(operation.name)")
            let identities: Set<Set<String>> =
                switch route.identities {
                case .anyone: [[], ["application"]]
                case .application: [["application"]]
                case .applicationAndCitizen: [["application", "citizen"]]
                }
            #expect(operation.identities == identities, "\(operation.name)")
            for isRequired in [true, false] {
                let names = Set(route.parameters.filter { $0.isRequired == isRequired }.map(\.name))
                #expect(operation.parameters(in: "query", areRequired: isRequired) == names, "\(operation.name)")
            }
            #expect((operation.members["requestBody"] != nil) == (route.maximumBodyBytes > 0), "\(operation.name)")
        }
    }

    @Test func `every call of the admin API stands in it as it is, and none besides`() throws {
        let operations = try operations().filter { $0.path.hasPrefix(AdminRoute.root) }
        func name(_ route: AdminRoute) -> String { "\(route.method.rawValue) \(route.path.replacing(/:([a-z]+)/) { "{\($0.1)}" })" }
        #expect(Set(operations.map(\.name)) == Set(AdminRoute.all.map(name)))
        for route in AdminRoute.all {
            let operation = try #require(operations.first { $0.name == name(route) })
            #expect(operation.members["operationId"] as? String == route.operation, "\(operation.name)")
            #expect(operation.members["x-token-scope"] as? String == route.scope?.name, "\(operation.name)")
            let roles = (operation.members["x-roles"] as? [String])?.compactMap(Role.init(name:))
            #expect(roles.map { RoleSet($0) } == route.roles, "\(operation.name)")
            #expect(operation.identities == [["token"]], "\(operation.name)")
            let query = operation.parameters(in: "query", areRequired: false).union(operation.parameters(in: "query", areRequired: true))
            #expect(query == Set(route.query), "\(operation.name)")
            let body = (operation.members["requestBody"] as? [String: Any])?["content"] as? [String: Any]
            switch route.body {
            case .nothing: #expect(body == nil, "\(operation.name)")
            case .json: #expect(body?.keys.sorted() == ["application/json"], "\(operation.name)")
            case .bytes(let types, _): #expect(body?.keys.sorted() == types.sorted(), "\(operation.name)")
            }
        }
    }

    @Test func `each operation has a name of its own`() throws {
        let names = try operations().compactMap { $0.members["operationId"] as? String }
        #expect(try names.count == operations().count)
        #expect(Set(names).count == names.count)
    }
}
