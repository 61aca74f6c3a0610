import GRDB
package import Registry

extension RegistryStore {
    /// A policy once accepted.
    package struct PolicyEntry: Hashable, Sendable {
        /// SHA-256 of its canonical form.
        package var version: String
        /// When it was accepted.
        package var accepted: WallTime
        /// By whom.
        package var acceptedBy: String
    }

    /// The policy in force: the last one accepted.
    package func policyInForce() throws(RegistryError) -> Policy { try read { try RegistryStore.policyInForce($0) } }

    /// All policies ever accepted, newest first.
    package func policies() throws(RegistryError) -> [PolicyEntry] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT version, accepted, accepted_by FROM policy ORDER BY number DESC").map { row in
                PolicyEntry(version: row["version"], accepted: WallTime(nanoseconds: row["accepted"]), acceptedBy: row["accepted_by"])
            }
        }
    }

    /// Puts a policy in force; false if it was already. Refused whole if an application would lose its plan or a granted scope's bucket.
    package func acceptPolicy(_ policy: Policy, by actor: String, at now: WallTime) throws(RegistryError) -> Bool {
        try write { try RegistryStore.acceptPolicy(policy, by: actor, at: now, $0) }
    }

    static func acceptPolicy(_ policy: Policy, by actor: String, at now: WallTime, _ database: Database) throws -> Bool {
        let inForce = try String.fetchOne(database, sql: "SELECT version FROM policy ORDER BY number DESC LIMIT 1")
        guard inForce != policy.version else { return false }
        let problems = try applications(database).compactMap { application -> String? in
            guard let name = application.plan else { return nil }
            guard let plan = policy.plan(name) else {
                return "application \(application.declaration.id.text) has the plan '\(name.text)', which it lacks"
            }
            let missing = application.granted.scopes.filter { plan[$0] == nil }.map(\.name)
            guard !missing.isEmpty else { return nil }
            let scopes = missing.joined(separator: ", ")
            return "application \(application.declaration.id.text) was granted \(scopes), for which its plan '\(name.text)' has no bucket"
        }
        guard problems.isEmpty else { throw RegistryError.policyInUse(problems) }
        try database.execute(
            sql: "INSERT INTO policy (version, plans, routes, accepted, accepted_by) VALUES (?, ?, ?, ?, ?)",
            arguments: [policy.version, CanonicalPolicy.plans(policy), CanonicalPolicy.routes(policy), now.nanoseconds, actor])
        return true
    }

    static func policyInForce(_ database: Database) throws -> Policy {
        let sql = "SELECT version, plans, routes FROM policy ORDER BY number DESC LIMIT 1"
        guard let row = try Row.fetchOne(database, sql: sql) else { throw RegistryError.noPolicy }
        guard let policy = CanonicalPolicy.policy(plans: row["plans"], routes: row["routes"]), policy.version == row["version"] else {
            throw RegistryRows.damaged("policy")
        }
        return policy
    }
}
