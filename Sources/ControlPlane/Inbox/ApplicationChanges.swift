import Foundation
import GRDB
package import Registry

extension RegistryStore {
    /// What was decided about an application after a record of the audit, oldest first: moves, evidence, keys, what its partner declares. What
    /// was only said of it, who has it, and who looked, are no changes.
    package func changes(of application: Identifier, since record: Int64) throws(RegistryError) -> [AuditRecord] {
        try read { try RegistryStore.changes(of: application, since: record, $0) }
    }

    static func changes(of application: Identifier, since record: Int64, _ database: Database) throws -> [AuditRecord] {
        // The plus keeps the search by subject: of a subject there are few records, after a record there may be very many.
        let request: SQLRequest<Row> = """
            SELECT \(AuditRows.columns) FROM audit WHERE +number > \(record) AND \(changes(of: application)) ORDER BY number
            """
        return try request.fetchAll(database).map(AuditRows.record)
    }

    /// The last record of what was decided about an application: what a decision on it is made on; 0 where the audit has none.
    static func lastChange(of application: Identifier, _ database: Database) throws -> Int64 {
        let request: SQLRequest<Int64> = "SELECT max(number) FROM audit WHERE \(changes(of: application))"
        return try request.fetchOne(database) ?? 0
    }

    /// As a condition of SQL.
    private static func changes(of application: Identifier) -> SQL {
        """
        refusal IS NULL AND action NOT IN ('application.note', 'application.assign', 'evidence.read', 'partner.export') AND (
            (subject_kind = 'application' AND subject = \(application.text))
            OR (subject_kind = 'partner' AND subject = (SELECT partner FROM application WHERE id = \(application.text)))
            OR (subject_kind = 'evidence' AND subject IN (SELECT id FROM evidence WHERE application = \(application.text)))
            OR (subject_kind = 'key' AND subject IN (SELECT id FROM credential WHERE application = \(application.text)))
        )
        """
    }

    /// Refuses whoever decided on what is no longer so.
    static func demandUnchanged(_ application: Identifier, since record: Int64?, _ database: Database) throws {
        guard let record else { return }
        let changes = try changes(of: application, since: record, database)
        guard changes.isEmpty else { throw RegistryError.changedMeanwhile(application: application.text, changes) }
    }

    /// The last record of the audit: what somebody sees now was decided up to there.
    package func lastRecord() throws(RegistryError) -> Int64 { try read { try RegistryStore.auditLength($0) } }
}

/// A declared fact that is another now than before.
package struct FactChange: Hashable, Sendable {
    /// Of what: `application` or `partner`.
    package var subject: String
    /// The fact's name on record, such as `purpose`.
    package var name: String
    /// What it was; empty where there was nothing.
    package var before: [String]
    /// What it is.
    package var after: [String]
}

extension FactChange {
    /// What imports changed, from the first's before to the last's after.
    static func all(in records: [AuditRecord]) -> [FactChange] {
        var changes: [FactChange] = []
        for record in records where record.action == "application.import" || record.action == "partner.import" {
            let (before, after) = (facts(record.before), facts(record.after))
            for name in Set(before.keys).union(after.keys).sorted() {
                let change = FactChange(subject: record.subjectKind, name: name, before: before[name] ?? [], after: after[name] ?? [])
                if let known = changes.firstIndex(where: { $0.subject == change.subject && $0.name == name }) {
                    changes[known].after = change.after
                } else {
                    changes.append(change)
                }
            }
        }
        return changes.filter { $0.before != $0.after }
    }

    private static func facts(_ text: String?) -> [String: [String]] {
        guard let text, let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] else { return [:] }
        return object.mapValues { value in (value as? [Any] ?? [value]).map { "\($0)" } }
    }
}

extension AuditRecord {
    /// When, to the second; nil where it is out of form.
    package var moment: WallTime? {
        (try? Date(String(time.prefix(19)) + "Z", strategy: .iso8601)).map { WallTime(seconds: Int64($0.timeIntervalSince1970)) }
    }
}
