import GRDB
import Registry

// What applications were granted, against policies: no decision about either may leave an application without what it has.

extension RegistryStore {
    /// Refuses a policy under which an application would lose its plan or a granted scope's bucket.
    static func checkFit(of policy: Policy, _ database: Database) throws {
        let problems = try misfits(of: policy, database)
        guard problems.isEmpty else { throw RegistryError.policyInUse(problems) }
    }

    /// What applications would lose, a sentence for all that would lose the same.
    static func misfits(of policy: Policy, _ database: Database) throws -> [String] {
        var losses: [Loss] = []
        for application in try applications(database) {
            guard let name = application.plan else { continue }
            let plan = policy.plan(name)
            let missing = plan.map { plan in application.granted.scopes.filter { plan[$0] == nil } } ?? []
            guard plan == nil || !missing.isEmpty else { continue }
            let id = application.declaration.id
            if let known = losses.firstIndex(where: { $0.plan == name && $0.missing == missing }) {
                losses[known].applications.append(id)
            } else {
                losses.append(Loss(plan: name, missing: missing, applications: [id]))
            }
        }
        return losses.map(\.sentence)
    }

    /// Refuses a grant that a policy beside the one in force could not serve: that policy was accepted for all that was granted before it.
    static func checkFit(of grant: GrantTerms, to application: Identifier, _ database: Database) throws {
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

/// Applications of one plan that would lose the same.
private struct Loss {
    let plan: Identifier
    /// Scopes without a bucket; none where the plan itself is missing.
    let missing: [Scope]
    var applications: [Identifier]

    /// Names enough of them to find the rest.
    private static let named = 3

    var sentence: String {
        let names = applications.prefix(Loss.named).map(\.text).joined(separator: ", ")
        let more = applications.count > Loss.named ? " and \(applications.count - Loss.named) more" : ""
        let isOne = applications.count == 1
        let subject = "application\(isOne ? "" : "s") \(names)\(more)"
        guard !missing.isEmpty else { return "\(subject) \(isOne ? "has" : "have") the plan '\(plan.text)', which it lacks" }
        let scopes = missing.map(\.name).joined(separator: ", ")
        let owner = isOne ? "its" : "their"
        return "\(subject) \(isOne ? "was" : "were") granted \(scopes), for which \(owner) plan '\(plan.text)' has no bucket"
    }
}
