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
        /// Why; empty where nobody said.
        package var reason: String
    }

    /// The policy in force: the last one accepted.
    package func policyInForce() throws(RegistryError) -> Policy { try read { try RegistryStore.policyInForce($0) } }

    /// All policies ever accepted, newest first.
    package func policies() throws(RegistryError) -> [PolicyEntry] { try read { try RegistryStore.policies($0) } }

    /// What applications would lose under a policy, a sentence each; where there is any, it would be refused.
    package func misfits(of policy: Policy) throws(RegistryError) -> [String] { try read { try RegistryStore.misfits(of: policy, $0) } }

    /// Puts a policy in force; false if it was already. Refused whole if an application would lose its plan or a granted scope's bucket.
    package func acceptPolicy(_ policy: Policy, by actor: Actor, at now: WallTime) throws(RegistryError) -> Bool {
        try acceptPolicy(policy, as: PolicyDecision(ofGateway: actor, at: now))
    }

    /// The same as somebody decided it.
    package func acceptPolicy(_ policy: Policy, as decision: PolicyDecision) throws(RegistryError) -> Bool {
        try write(asked: AuditAttempt(.applyPolicy, of: policy.version, as: decision)) { database in
            try self.demandPolicies(of: decision, database)
            return try RegistryStore.acceptPolicy(policy, as: decision, database)
        }
    }

    /// Refuses whoever asks from afar and has no account that may change policies, or no longer: files, and commands on the machine, are its owner's.
    func demandPolicies(of decision: PolicyDecision, _ database: Database) throws {
        switch decision.actor.origin {
        case .commandLine, .gateway: return
        case .api, .console: try demand(Privilege.policies, of: decision.actor, to: "change policies", at: decision.time, database)
        }
    }

    /// Puts the policy before the one in force, or any that ever was, in force again: from what the registry kept, whatever became of its files.
    package func rollBackPolicy(to digits: String?, as decision: PolicyDecision) throws(RegistryError) -> PolicyEntry {
        try write(asked: AuditAttempt(.rollBackPolicy, of: digits ?? "the one before", as: decision)) { database in
            try self.demandPolicies(of: decision, database)
            let inForce = try RegistryStore.versionInForce(database)
            let kept = try RegistryStore.policies(database).map(\.version)
            let version: String
            if let digits {
                version = try RegistryStore.version(digits, among: kept, sort: "accepted policy")
                guard version != inForce else { throw RegistryError.outOfForm("policy \(version.prefix(16)) is in force already") }
            } else {
                guard let before = kept.first(where: { $0 != inForce }) else {
                    throw RegistryError.outOfForm("there was no other policy before the one in force")
                }
                version = before
            }
            let sql = "SELECT version, plans, routes FROM policy WHERE version = ? LIMIT 1"
            guard let row = try Row.fetchOne(database, sql: sql, arguments: [version]) else { throw RegistryRows.damaged("policy") }
            _ = try RegistryStore.acceptPolicy(RegistryStore.policy(row), as: decision, calledOnRecord: .rollBackPolicy, database)
            return try RegistryStore.policies(database)[0]
        }
    }

    static func acceptPolicy(
        _ policy: Policy, as decision: PolicyDecision, calledOnRecord action: AuditAction = .applyPolicy, _ database: Database
    ) throws -> Bool {
        let inForce = try versionInForce(database)
        guard try putInForce(policy, as: decision, database) else { return false }
        let event = AuditEvent(
            action, of: .policy(policy.version), before: inForce.map { ["inForce": .text($0)] }, after: ["inForce": .text(policy.version)],
            reason: decision.reason)
        try audit(event, by: decision.actor, at: decision.time, database)
        return true
    }

    /// The same for who puts it on record himself.
    static func putInForce(_ policy: Policy, as decision: PolicyDecision, _ database: Database) throws -> Bool {
        let inForce = try versionInForce(database)
        try decision.check(against: inForce)
        guard inForce != policy.version else { return false }
        try checkFit(of: policy, database)
        try database.execute(
            sql: "INSERT INTO policy (version, plans, routes, accepted, accepted_by, reason) VALUES (?, ?, ?, ?, ?, ?)",
            arguments: [
                policy.version, CanonicalPolicy.plans(policy), CanonicalPolicy.routes(policy), decision.time.nanoseconds,
                decision.actor.name, decision.reason,
            ])
        return true
    }

    static func policyInForce(_ database: Database) throws -> Policy {
        let sql = "SELECT version, plans, routes FROM policy ORDER BY number DESC LIMIT 1"
        guard let row = try Row.fetchOne(database, sql: sql) else { throw RegistryError.noPolicy }
        return try policy(row)
    }

    static func versionInForce(_ database: Database) throws -> String? {
        try String.fetchOne(database, sql: "SELECT version FROM policy ORDER BY number DESC LIMIT 1")
    }

    static func policies(_ database: Database) throws -> [PolicyEntry] {
        try Row.fetchAll(database, sql: "SELECT version, accepted, accepted_by, reason FROM policy ORDER BY number DESC").map { row in
            PolicyEntry(
                version: row["version"], accepted: WallTime(nanoseconds: row["accepted"]), acceptedBy: row["accepted_by"],
                reason: row["reason"])
        }
    }

    /// The policy of a row with its canonical texts.
    static func policy(_ row: Row) throws -> Policy {
        guard let policy = CanonicalPolicy.policy(plans: row["plans"], routes: row["routes"]), policy.version == row["version"] else {
            throw RegistryRows.damaged("policy")
        }
        return policy
    }

    /// The one version that begins with these digits.
    static func version(_ digits: String, among versions: [String], sort: String) throws(RegistryError) -> String {
        let digits = try PolicyDecision.versionDigits(digits)
        let found = Set(versions.filter { $0.hasPrefix(digits) })
        guard let version = found.first else { throw .unknown(sort, digits) }
        guard found.count == 1 else { throw .outOfForm("\(found.count) policies begin with '\(digits)': give more digits") }
        return version
    }
}
