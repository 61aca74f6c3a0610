import GRDB
import Registry

extension RegistryStore {
    /// Checks the chain of this registry, from its first record to its last, by its own checkpoints and by those kept elsewhere. Throws
    /// `AuditFault` for the first record that is not as it was.
    package func verifyAudit(keys: [AuditPublicKey]? = nil, kept: [AuditCheckpoint] = []) throws -> AuditSummary {
        let keys = try keys ?? [auditPublicKey()]
        return try readAny { try RegistryStore.verifyAudit(keys: keys, kept: kept, $0) }
    }

    static func verifyAudit(keys: [AuditPublicKey], kept: [AuditCheckpoint] = [], _ database: Database) throws -> AuditSummary {
        let own = try auditCheckpoints(database)
        var verification = AuditVerification(keys: keys, awaiting: own + kept, isWhole: true)
        let request: SQLRequest<Row> = "SELECT \(AuditRows.columns) FROM audit ORDER BY number"
        let rows = try request.fetchCursor(database)
        while let row = try rows.next() {
            let record: AuditRecord
            do { record = try AuditRows.record(row) } catch is RegistryError {
                throw AuditFault(row["number"], "was changed: it cannot be read")
            }
            if let missing = verification.gap(before: record) {
                throw AuditFault(missing, "is missing: record \(record.number) follows record \(missing - 1)")
            }
            try verification.take(record)
        }
        try verification.end()
        var summary = verification.summary
        summary.checkpoints = own.count
        // SQLite remembers the highest number there ever was.
        let counted = try Int64.fetchOne(database, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'audit'") ?? 0
        guard counted <= summary.last else {
            throw AuditFault(summary.last + 1, "is missing, and what followed: there were \(counted) records")
        }
        try checkAgreement(database)
        return summary
    }

    /// What the chain says last of applications' and keys' states is what the registry says: nobody went past it.
    private static func checkAgreement(_ database: Database) throws {
        let sql = """
            SELECT number, subject_kind, subject, json_extract(after, '$.state') AS state FROM audit
            WHERE refusal IS NULL AND subject_kind IN ('application', 'key') AND state IS NOT NULL ORDER BY number
            """
        var said: [AuditSubject: (number: Int64, state: String)] = [:]
        let rows = try Row.fetchCursor(database, sql: sql)
        while let row = try rows.next() { said[AuditSubject(row["subject_kind"], row["subject"])] = (row["number"], row["state"]) }
        for (kind, table) in [("application", "application"), ("key", "credential")] {
            for row in try Row.fetchAll(database, sql: "SELECT id, state FROM \(table)") {
                // What was there before the audit began has no word in it yet.
                guard let word = said.removeValue(forKey: AuditSubject(kind, row["id"])), word.state != row["state"] else { continue }
                throw AuditFault(
                    word.number,
                    "says last that \(kind) \(row["id"] as String) is \(word.state), and the registry has it as \(row["state"] as String)")
            }
        }
        if let (subject, word) = said.min(by: { $0.value.number < $1.value.number }) {
            throw AuditFault(word.number, "says last that \(subject.kind) \(subject.id) is \(word.state), and the registry has none")
        }
    }
}
