import GRDB
import Registry

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
    /// A registry with the shipped policy and this staff, and one application in a state.
    func onboarding(
        _ staff: Staff = .all, in state: ApplicationState? = nil, scopes: [Scope] = [.metadata, .search], at now: WallTime = Scratch.now
    ) throws -> RegistryStore {
        let registry = try RegistryStore(stateDirectory: path + "/state", accounts: staff)
        _ = try applyPolicy(from: repository + "/policies", to: registry, by: Actor.gateway(.start), at: now)
        _ = try registry.importPartners([partner("acme", application: "acme-app", in: state, scopes: scopes)], at: now)
        return registry
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
