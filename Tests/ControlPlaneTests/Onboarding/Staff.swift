import Foundation
import GRDB
import Registry
import Synchronization

@testable import ControlPlane

/// Accounts as a table of names: what the decision of a move needs to know of them.
struct Staff: RolesOf {
    var roles: [String: RoleSet]

    func standing(of name: String, _ database: Database) throws -> AccountStanding {
        roles.isEmpty ? .noAccounts : roles[name].map(AccountStanding.active) ?? .unknown
    }

    /// Everybody that these tests know.
    static let all = Staff(roles: [
        "reva": RoleSet([.reviewer]), "asha": RoleSet([.approver]), "bela": RoleSet([.approver]), "omar": RoleSet([.ops]),
        "adi": RoleSet([.admin]), "anu": RoleSet([.auditor]), "temp": RoleSet([]),
    ])
}

extension Scratch {
    /// A folder of the shipped policy whose lifecycle rules are others.
    func folder(_ name: String = "rules", _ change: (String) -> String) throws -> String {
        for file in ["plans.yaml", "routes.yaml", "lifecycle.yaml"] {
            let text = try String(contentsOfFile: repository + "/policies/" + file, encoding: .utf8)
            try write(file == "lifecycle.yaml" ? change(text) : text, to: name + "/" + file)
        }
        return path + "/" + name
    }

    /// A registry with the shipped policy and this staff, and one application in a state.
    func onboarding(
        _ staff: Staff = .all, in state: ApplicationState? = nil, scopes: [Scope] = [.metadata, .search], at now: WallTime = Scratch.now
    ) throws -> RegistryStore {
        try onboarding(with: staff, in: state, scopes: scopes, at: now)
    }

    /// The same, with accounts that may change.
    func onboarding(
        with staff: any RolesOf, in state: ApplicationState? = nil, scopes: [Scope] = [.metadata, .search], at now: WallTime = Scratch.now
    ) throws -> RegistryStore {
        let registry = try RegistryStore(stateDirectory: path + "/state", accounts: staff)
        _ = try applyPolicy(from: repository + "/policies", to: registry, by: Actor.gateway(.start), at: now)
        _ = try registry.importPartners([partner("acme", application: "acme-app", in: state, scopes: scopes)], at: now)
        return registry
    }
}

/// Accounts that come and go while a registry is open.
final class ChangingStaff: RolesOf {
    private let roles: Mutex<[String: RoleSet]>

    init(_ roles: [String: RoleSet] = Staff.all.roles) { self.roles = Mutex(roles) }

    /// Gives somebody these roles; nil for no account.
    func set(_ name: String, _ roles: RoleSet?) { self.roles.withLock { $0[name] = roles } }

    func standing(of name: String, _ database: Database) throws -> AccountStanding {
        try Staff(roles: roles.withLock { $0 }).standing(of: name, database)
    }
}

extension RegistryStore {
    /// Adds a piece of evidence of each of these kinds.
    func hand(in kinds: [EvidenceKind], expires: WallTime = after(400 * 86_400), at now: WallTime = Scratch.now) throws {
        for kind in kinds {
            let file = EvidenceSubmission(kind: kind, name: "\(kind.name).txt", bytes: Array("Seen.".utf8), expires: expires)
            _ = try addEvidence(file, to: id("acme-app"), by: "reva", at: now)
        }
    }
}
