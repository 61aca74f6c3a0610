import Foundation
import Support
import Testing

/// What `openapi.yaml` says is there.
@Suite(.serialized) struct DocumentedRouteTests {
    /// Path, method and whether it is the control plane's, of every operation: the document is written one way, a path at two blanks, its methods at four.
    private func operations() throws -> [(path: String, method: String, isControlPlane: Bool)] {
        let text = try String(contentsOfFile: Repository.root + "/openapi.yaml", encoding: .utf8)
        var (operations, path, isControlPlane): ([(String, String, Bool)], String, Bool) = ([], "", false)
        for line in text.split(separator: "\n") {
            if line.hasPrefix("  /"), line.hasSuffix(":") { (path, isControlPlane) = (String(line.dropFirst(2).dropLast()), false) }
            if line.hasPrefix("      - url: "), line.hasSuffix(":8081") { isControlPlane = true }
            for method in ["get", "put", "post", "delete", "patch"] where line == "    \(method):" {
                operations.append((path, method.uppercased(), isControlPlane))
            }
        }
        return operations
    }

    @Test func `every operation of the document is routed, by its method`() async throws {
        let gateway = try await Gateway.started()
        let operations = try operations()
        #expect(operations.count >= 31)
        for operation in operations {
            let path = operation.path.replacing("{state_id}", with: "21").replacing("{slug}", with: "missing-key")
                .replacing("{id}", with: String(repeating: "0", count: 32)).replacing(/\{[a-z]+\}/, with: "none")
            let client = HTTPClient("http://127.0.0.1:\(operation.isControlPlane ? gateway.console : gateway.listen)")
            let answer = try await client.call(operation.method, path, body: operation.method == "GET" ? nil : Data("{}".utf8))
            let problem = answer.json?["type"] as? String
            #expect(!["/problems/no-such-route", "/problems/method-not-allowed"].contains(problem), "\(operation.method) \(path)")
            #expect(![404, 405].contains(answer.status), "\(operation.method) \(path): \(answer.status)")
        }
        #expect(await gateway.stop() == 0)
    }
}
