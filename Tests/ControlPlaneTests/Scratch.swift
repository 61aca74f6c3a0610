import ControlPlane
import Foundation
import Registry

/// A folder of its own for one test, gone with it.
final class Scratch: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/control-plane-tests-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file below the folder.
    func write(_ text: String, to name: String) throws {
        let file = path + "/" + name
        try FileManager.default.createDirectory(
            atPath: URL(fileURLWithPath: file).deletingLastPathComponent().path, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    }

    /// A registry with the policy of the repository and no partners.
    func registry() throws -> RegistryStore {
        let registry = try RegistryStore(stateDirectory: path + "/state", at: Scratch.now)
        _ = try applyPolicy(from: repository + "/policies", to: registry, by: "test", at: Scratch.now)
        return registry
    }

    static let now = WallTime(seconds: 1_700_000_000)
}

/// An id that is known to be in form.
func id(_ text: String) -> Identifier {
    guard let identifier = Identifier(text) else { preconditionFailure("\(text) is no id") }
    return identifier
}

/// A partner with one application in a state.
func partner(
    _ name: String, application: String, in state: ApplicationState? = nil, scopes: [Scope] = [.metadata, .search]
) -> PartnerDeclaration {
    PartnerDeclaration(
        id: id(name), kind: .app, name: name, registration: "X1", site: "https://\(name).example",
        contacts: [.technical: "integration@\(name).example"],
        applications: [
            ApplicationDeclaration(id: id(application), name: application, purpose: "Is tested.", scopes: ScopeSet(scopes), state: state)
        ])
}
