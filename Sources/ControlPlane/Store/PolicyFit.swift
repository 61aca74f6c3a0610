import GRDB
import Registry

// What applications were granted, against policies: no decision about either may leave an application without what it has.

extension RegistryStore {
    /// Refuses a policy under which an application would lose its plan or a granted scope's bucket.
    static func checkFit(of policy: Policy, _ database: Database) throws {
        let problems = try misfits(of: policy, database)
        guard problems.isEmpty else { throw RegistryError.policyInUse(problems) }
    }

    /// The applications that would lose something, a sentence each.
    static func misfits(of policy: Policy, _ database: Database) throws -> [String] {
        try applications(database).compactMap { application in
            guard let name = application.plan else { return nil }
            guard let plan = policy.plan(name) else {
                return "application \(application.declaration.id.text) has the plan '\(name.text)', which it lacks"
            }
            let missing = application.granted.scopes.filter { plan[$0] == nil }.map(\.name)
            guard !missing.isEmpty else { return nil }
            let scopes = missing.joined(separator: ", ")
            return "application \(application.declaration.id.text) was granted \(scopes), for which its plan '\(name.text)' has no bucket"
        }
    }

    /// Refuses a grant that a policy beside the one in force could not serve: that policy was accepted for all that was granted before it.
    static func checkFit(of grant: Grant, to application: Identifier, _ database: Database) throws {
        let tried = try shadowPolicy(database).map { [("the shadow policy", "turn it off first", $0)] } ?? []
        let later = try announcedPolicies(database).map { ("the announced policy", "cancel it first", $0.policy) }
        for (which, remedy, policy) in tried + later {
            let place = "application \(application.text): \(which) \(policy.version.prefix(16))"
            guard let plan = policy.plan(grant.plan) else {
                throw RegistryError.plan("\(place) has no plan '\(grant.plan.text)': \(remedy)")
            }
            guard let scope = grant.scopes.scopes.first(where: { plan[$0] == nil }) else { continue }
            throw RegistryError.plan("\(place) has no bucket for the scope '\(scope.name)' in the plan '\(grant.plan.text)': \(remedy)")
        }
    }
}
