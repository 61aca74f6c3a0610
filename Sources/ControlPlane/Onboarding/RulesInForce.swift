import GRDB
package import Registry
import Synchronization

// By which rules applications move. They are kept beside the policy, not in its version: what a request is judged by stays the same when only
// who may approve it changes, and a record's policy is still the one that its verdict came from.

extension RegistryStore {
    /// The rules in force: what `lifecycle.yaml` last said, or the built-in ones.
    package func lifecycleRules() throws(RegistryError) -> LifecycleRules { try read { try RegistryStore.lifecycleRules($0) } }

    /// What `lifecycle.yaml` last said, word for word; nil where there was none.
    package func lifecycleRulesText() throws(RegistryError) -> String? { try read { try RegistryStore.rulesText($0) } }

    static func lifecycleRules(_ database: Database) throws -> LifecycleRules {
        guard let text = try rulesText(database) else { return .unwritten }
        if let last = lastRead.withLock({ $0 }), last.text == text { return last.rules }
        let rules = try rules(text)
        lastRead.withLock { $0 = ReadRules(text: text, rules: rules) }
        return rules
    }

    private struct ReadRules {
        let text: String
        let rules: LifecycleRules
    }

    /// The text read last, and what it says: every move asks for it, and reading YAML takes longer than the move.
    private static let lastRead = Mutex<ReadRules?>(nil)

    private static func rules(_ text: String) throws -> LifecycleRules {
        var faults = FaultList()
        guard let tree = parseFileTree(text, file: "lifecycle.yaml", into: &faults),
            let rules = LifecycleFile(tree, isStored: true, into: &faults).rules
        else { throw RegistryRows.damaged("lifecycle_rules") }
        return rules
    }

    private static func rulesText(_ database: Database) throws -> String? {
        try Row.fetchOne(database, sql: "SELECT text FROM lifecycle_rules ORDER BY number DESC LIMIT 1")?["text"]
    }

    /// Puts rules in force, as the file says them or, without one, the built-in ones; false if they are already.
    @discardableResult
    static func acceptRules(_ text: String?, by actor: Actor, at now: WallTime, _ database: Database) throws -> Bool {
        let before = try rulesText(database)
        guard before != text else { return false }
        try database.execute(
            sql: "INSERT INTO lifecycle_rules (text, accepted, accepted_by) VALUES (?, ?, ?)",
            arguments: [text, now.nanoseconds, actor.name])
        func facts(_ text: String?) -> AuditFacts { ["sha256": text.map { .text(CertificateText.text(sha256(Array($0.utf8)))) }] }
        let event = AuditEvent(
            .acceptRules, of: AuditSubject("lifecycle-rules", "lifecycle.yaml"), before: facts(before), after: facts(text))
        try audit(event, by: actor, at: now, database)
        return true
    }
}
