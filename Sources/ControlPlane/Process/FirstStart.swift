import GRDB
package import Registry

/// What opening a state folder for serving did.
package struct StartReport: Sendable {
    /// The registry, open.
    package var registry: RegistryStore
    /// What the first start imported; nil on later starts.
    package var imported: ImportSummary?
    /// The sandbox key issued on the first start, to be shown once; nil on later starts, or where no application may have one.
    package var issuedKey: IssuedKey?
    /// By what the first admin begins, shown once; nil where there are accounts already.
    package var adminLink: SecretToken?
    /// Whether anybody can sign in to the console.
    package var hasActiveAccount: Bool
    /// Whether a policy other than the one before is now in force.
    package var policyChanged: Bool
    /// Why files without a fault were not taken all the same, in a sentence.
    package var policyKept: String?
    /// Why the files' policy was not taken; empty unless `keepingPolicy` was asked for.
    package var faults: [ConfigurationFault]
}

/// Opens a state folder for serving. On an empty registry: accepts the policy, imports the partners, issues one sandbox key and
/// publishes, all in one transaction. Later: takes what was due meanwhile, and then a policy whose files changed, if it is valid.
package enum FirstStart {
    /// Who takes policies at a start.
    static let actor = Actor.gateway(.start)

    /// Does so; a faulty file throws `ConfigurationFaults`, a policy that drops what is in use `RegistryError.policyInUse`, unless
    /// `keepingPolicy` and a policy is in force already.
    package static func run(
        stateDirectory: String, partnersDirectory: String, policiesDirectory: String, keepingPolicy: Bool = false, at now: WallTime
    ) throws -> StartReport {
        let registry = try RegistryStore(stateDirectory: stateDirectory)
        var report = StartReport(
            registry: registry, imported: nil, issuedKey: nil, adminLink: nil, hasActiveAccount: false, policyChanged: false,
            policyKept: nil,
            faults: [])
        if try registry.isEmpty() {
            let faults = checkConfiguration(partnersDirectory: partnersDirectory, policiesDirectory: policiesDirectory)
            guard faults.isEmpty else { throw ConfigurationFaults(faults) }
            let policy = try loadPolicy(from: policiesDirectory)
            let rules = try loadLifecycleRules(from: policiesDirectory)
            let partners = try loadPartners(from: partnersDirectory, under: policy)
            let leftover = SnapshotPublisher.publishedRevision(in: stateDirectory)
            try registry.write { database in
                report.policyChanged = try RegistryStore.acceptPolicy(policy, as: PolicyDecision(ofGateway: actor, at: now), database)
                try RegistryStore.acceptRules(rules.text, by: actor, at: now, database)
                let start = PolicyDecision(ofGateway: actor, at: now)
                let files = RegistryStore.FolderFiles(policy, rules: rules.text)
                try RegistryStore.remember(files, of: policiesDirectory, for: report.policyChanged ? nil : start, database)
                // Another process may have been first.
                guard try RegistryStore.isEmpty(database) else { return }
                try RegistryStore.startAbove(leftover, database)
                let imported = try RegistryStore.importPartners(partners, by: .gateway(.importing), at: now, database)
                report.imported = imported
                report.issuedKey = try issueFirstKey(at: now, database)
                let event = AuditEvent(.firstStart, of: .registry, after: AuditFacts(imported))
                try RegistryStore.audit(event, by: actor, at: now, database)
            }
        } else {
            report.policyChanged = try registry.takeDuePolicies(at: now).contains { $0.end?.outcome == .taken }
            do {
                let reading = try readPolicyAgain(from: policiesDirectory, to: registry, by: actor, at: now)
                if reading == .taken { report.policyChanged = true }
                let objections = try [reading.objection, rulesKept(from: policiesDirectory, in: registry)].compactMap(\.self)
                report.policyKept = objections.isEmpty ? nil : objections.joined(separator: "; ")
            } catch let error as ConfigurationFaults where keepingPolicy {
                report.faults = error.faults
            } catch RegistryError.policyInUse(let problems) where keepingPolicy {
                report.faults = problems.map {
                    ConfigurationFault(file: policiesDirectory + "/plans.yaml", line: 1, column: 1, problem: $0)
                }
            }
        }
        try SnapshotPublisher.publish(registry, to: stateDirectory)
        report.adminLink = try registry.inviteFirstAdmin(by: .gateway(.start), at: now)
        report.hasActiveAccount = try registry.hasActiveAccount()
        return report
    }

    /// A sandbox key for the application that can show the most from anywhere: live, with a citizen's whole journey, the first by id.
    private static func issueFirstKey(at now: WallTime, _ database: Database) throws -> IssuedKey? {
        let journey = ScopeSet([.metadata, .search, .identity, .beneficiary, .booking])
        func worth(_ application: RegisteredApplication) -> Int {
            application.granted.intersection(journey).scopes.count * 2 + (application.lifecycle.state == .live ? 1 : 0)
        }
        let suitable = try RegistryStore.applications(database).filter {
            $0.lifecycle.state.mayIssue(.sandbox) && ($0.declaration.allowedAddresses ?? []).isEmpty
        }
        let most = suitable.map(worth).max()
        guard let chosen = suitable.first(where: { worth($0) == most }) else { return nil }
        return try RegistryStore.issueKey(
            to: chosen.declaration.id, in: .sandbox, named: "first start", by: actor, at: now, database)
    }
}

extension RegistryStore {
    /// Whether no partner was ever imported.
    package func isEmpty() throws(RegistryError) -> Bool { try read { try RegistryStore.isEmpty($0) } }

    /// Lets an empty registry count on from a snapshot that an earlier one left behind: a lower revision would never be published over it.
    static func startAbove(_ published: UInt64?, _ database: Database) throws {
        guard let published else { return }
        guard let number = Int64(exactly: published), number < .max else {
            throw RegistryError.snapshotAhead(published: published, registry: try revision(database))
        }
        try database.execute(sql: "UPDATE revision SET number = ? WHERE number < ?", arguments: [number, number])
    }

    static func isEmpty(_ database: Database) throws -> Bool {
        try Int.fetchOne(database, sql: "SELECT count(*) FROM partner") == 0
    }
}
