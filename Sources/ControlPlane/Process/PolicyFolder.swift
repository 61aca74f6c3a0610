import Foundation
import GRDB
package import Registry

/// Takes the policy of a folder into force, whole or not at all; false if it is in force already. The caller publishes.
package func applyPolicy(from directory: String, to registry: RegistryStore, as decision: PolicyDecision) throws -> Bool {
    let policy = try loadPolicy(from: directory)
    let rules = try loadLifecycleRules(from: directory)
    return try registry.write(asked: AuditAttempt(.applyPolicy, of: policy.version, as: decision)) { database in
        let changedRules = try RegistryStore.acceptRules(rules.text, by: decision.actor, at: decision.time, database)
        let changed = try RegistryStore.acceptPolicy(policy, as: decision, database)
        let files = RegistryStore.FolderFiles(policy, rules: rules.text)
        try RegistryStore.remember(files, of: directory, for: changed || changedRules ? nil : decision, database)
        return changed
    }
}

/// The same, of the gateway's own doing.
package func applyPolicy(from directory: String, to registry: RegistryStore, by actor: Actor, at now: WallTime) throws -> Bool {
    try applyPolicy(from: directory, to: registry, as: PolicyDecision(ofGateway: actor, at: now))
}

/// Announces the policy of a folder for a time, whole or not at all; its lifecycle rules are not announced with it. The caller publishes.
package func announcePolicy(
    from directory: String, to registry: RegistryStore, due: WallTime, as decision: PolicyDecision
) throws -> RegistryStore.Announcement {
    let policy = try loadPolicy(from: directory)
    return try registry.write(asked: AuditAttempt(.announcePolicy, of: policy.version, as: decision)) { database in
        let announcement = try RegistryStore.announcePolicy(policy, from: due, as: decision, database)
        try RegistryStore.remember(RegistryStore.FolderFiles(version: policy.version), of: directory, for: nil, database)
        return announcement
    }
}

/// What reading a folder's files again came to: at a start, or on SIGHUP.
package enum PolicyReading: Equatable, Sendable {
    /// They are another policy, which is now in force.
    case taken
    /// They are the policy in force.
    case unchanged
    /// They are as they were when last read, and people decided otherwise since: a rollback, an announced policy, other files.
    case decidedOtherwise(files: String, inForce: String)
    /// They are what is announced for later.
    case announced(files: String, from: WallTime)

    /// Why the files were not taken, in a sentence; nil where they are in force.
    package var objection: String? {
        switch self {
        case .taken, .unchanged: nil
        case .decidedOtherwise(let files, let inForce):
            "the policy files are \(files.prefix(16)) as when they were last read; \(inForce.prefix(16)), decided since, stays in force:"
                + " 'gateway policy apply' takes the files"
        case .announced(let files, _):
            "the policy files are \(files.prefix(16)), which is announced for later and not taken before: 'gateway policy apply' takes it now"
        }
    }
}

/// Why a folder's lifecycle rules are not those in force, in a sentence; nil where they are.
package func rulesKept(from directory: String, in registry: RegistryStore) throws -> String? {
    guard try loadLifecycleRules(from: directory).rules != registry.lifecycleRules() else { return nil }
    return "lifecycle.yaml is as when it was last read; the rules decided since stay in force: 'gateway policy apply' takes the file"
}

/// Takes the policy of a folder into force if its files changed since they were last read, and so its lifecycle rules: what people decided
/// since is not undone by a restart or by a SIGHUP that was meant for something else. The caller publishes.
package func readPolicyAgain(from directory: String, to registry: RegistryStore, by actor: Actor, at now: WallTime) throws -> PolicyReading
{
    let policy = try loadPolicy(from: directory)
    let rules = try loadLifecycleRules(from: directory)
    let decision = PolicyDecision(ofGateway: actor, at: now)
    return try registry.write(asked: AuditAttempt(.applyPolicy, of: policy.version, as: decision)) { database in
        let inForce = try RegistryStore.versionInForce(database) ?? ""
        let lastRead = try RegistryStore.lastRead(of: directory, database)
        let files = RegistryStore.FolderFiles(policy, rules: rules.text)
        var changedRules = false
        if lastRead?.rules != files.rules {
            changedRules = try RegistryStore.acceptRules(rules.text, by: actor, at: now, database)
        }
        let awaited = try RegistryStore.awaitedAnnouncements(database).first { $0.version == policy.version }
        let reading: PolicyReading
        if inForce == policy.version {
            reading = .unchanged
        } else if let awaited {
            reading = .announced(files: policy.version, from: awaited.due)
        } else if lastRead?.version == policy.version {
            reading = .decidedOtherwise(files: policy.version, inForce: inForce)
        } else {
            _ = try RegistryStore.acceptPolicy(policy, as: decision, database)
            reading = .taken
        }
        try RegistryStore.remember(files, of: directory, for: reading == .taken || changedRules ? nil : decision, database)
        return reading
    }
}

extension RegistryStore {
    /// Which files a folder had when they were read.
    struct FolderFiles: Hashable {
        var version: String
        /// SHA-256 of `lifecycle.yaml`, or that there was none; nil where nobody took it from there.
        var rules: String?

        init(version: String, rules: String? = nil) { (self.version, self.rules) = (version, rules) }

        init(_ policy: Policy, rules text: String?) {
            self.init(version: policy.version, rules: text.map { CertificateText.text(sha256(Array($0.utf8))) } ?? "none")
        }

        var facts: AuditFacts { ["version": .text(version), "rules": rules.map { .text($0) }] }
    }

    /// A folder's files when they were last read without a fault.
    fileprivate static func lastRead(of directory: String, _ database: Database) throws -> FolderFiles? {
        let sql = "SELECT version, rules FROM policy_folder WHERE folder = ?"
        return try Row.fetchOne(database, sql: sql, arguments: [name(of: directory)]).map {
            FolderFiles(version: $0["version"], rules: $0["rules"])
        }
    }

    /// Remembers which files a folder had; on record for a decision where nothing else is.
    static func remember(_ files: FolderFiles, of directory: String, for decision: PolicyDecision?, _ database: Database) throws {
        let before = try lastRead(of: directory, database)
        var files = files
        files.rules = files.rules ?? before?.rules
        guard before != files else { return }
        try database.execute(
            sql: """
                INSERT INTO policy_folder (folder, version, rules) VALUES (?, ?, ?)
                ON CONFLICT (folder) DO UPDATE SET version = excluded.version, rules = excluded.rules
                """,
            arguments: [name(of: directory), files.version, files.rules])
        guard let decision else { return }
        var after = files.facts
        after["folder"] = .text(name(of: directory))
        let event = AuditEvent(
            .readPolicy, of: .policy(files.version), before: before?.facts, after: after, reason: decision.reason)
        try audit(event, by: decision.actor, at: decision.time, database)
    }

    private static func name(of directory: String) -> String { URL(fileURLWithPath: directory).standardizedFileURL.path }
}
