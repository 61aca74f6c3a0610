import GRDB
package import Registry

extension RegistryStore {
    /// Since when which policy is tried beside the one in force.
    package struct ShadowEntry: Hashable, Sendable {
        /// SHA-256 of its canonical form; nil where none is tried since.
        package var version: String?
        /// Since when.
        package var since: WallTime
        /// Who decided it.
        package var setBy: String
        /// Why; empty where nobody said.
        package var reason: String
    }

    /// Every policy that was tried, newest first; the first entry counts.
    package func shadows() throws(RegistryError) -> [ShadowEntry] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT version, since, set_by, reason FROM shadow ORDER BY number DESC").map { row in
                ShadowEntry(
                    version: row["version"], since: WallTime(nanoseconds: row["since"]), setBy: row["set_by"], reason: row["reason"])
            }
        }
    }

    /// Tries a policy beside the one in force, or none; false if that is so already. Refused where it could not be in force itself.
    package func setShadow(_ policy: Policy?, as decision: PolicyDecision) throws(RegistryError) -> Bool {
        try write(asked: AuditAttempt(.shadowPolicy, of: policy?.version ?? "none", as: decision)) { database in
            let before = try RegistryStore.shadowPolicy(database)
            guard before?.version != policy?.version else { return false }
            if let policy { try RegistryStore.checkFit(of: policy, database) }
            try database.execute(
                sql: "INSERT INTO shadow (version, plans, routes, since, set_by, reason) VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [
                    policy?.version, policy.map(CanonicalPolicy.plans), policy.map(CanonicalPolicy.routes), decision.time.nanoseconds,
                    decision.actor.name, decision.reason,
                ])
            let event = AuditEvent(
                .shadowPolicy, of: .policy(policy?.version ?? "none"), before: ["shadow": before.map { .text($0.version) }],
                after: ["shadow": policy.map { .text($0.version) }], reason: decision.reason)
            try RegistryStore.audit(event, by: decision.actor, at: decision.time, database)
            return true
        }
    }

    static func shadowPolicy(_ database: Database) throws -> Policy? {
        let sql = "SELECT version, plans, routes FROM shadow ORDER BY number DESC LIMIT 1"
        guard let row = try Row.fetchOne(database, sql: sql), row["version"] as String? != nil else { return nil }
        return try policy(row)
    }
}
