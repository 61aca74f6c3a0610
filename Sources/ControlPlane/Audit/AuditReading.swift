import Decisions
import Foundation
import GRDB
package import Registry

/// Which records somebody wants; all of them where nothing is said.
package struct AuditFilter: Sendable {
    /// From this time on.
    package var since: WallTime?
    /// Before this time.
    package var until: WallTime?
    /// By whom.
    package var actor: String?
    /// What was done: an action, or the noun of several.
    package var action: String?
    /// What it was done to: an id, or a sort of thing and an id with a slash between.
    package var subject: String?
    /// Only what was refused, or only what was done.
    package var isRefused: Bool?

    /// A filter from its parts.
    package init(
        since: WallTime? = nil, until: WallTime? = nil, actor: String? = nil, action: String? = nil, subject: String? = nil,
        isRefused: Bool? = nil
    ) {
        (self.since, self.until) = (since, until)
        (self.actor, self.action, self.subject, self.isRefused) = (actor, action, subject, isRefused)
    }

    /// As a condition of SQL.
    var condition: SQL {
        var parts: [SQL] = []
        if let since { parts.append("time >= \(since.nanoseconds)") }
        if let until { parts.append("time < \(until.nanoseconds)") }
        if let actor { parts.append("actor = \((try? Person.name(actor)) ?? actor)") }
        if let action { parts.append(action.contains(".") ? "action = \(action)" : "action LIKE \(action + ".%")") }
        if let subject {
            let pieces = subject.split(separator: "/", maxSplits: 1).map(String.init)
            parts.append(
                pieces.count == 2 ? "subject_kind = \(pieces[0]) AND subject = \(pieces[1])" : "subject = \(subject)")
        }
        if let isRefused { parts.append(isRefused ? "refusal IS NOT NULL" : "refusal IS NULL") }
        return parts.reduce(SQL(sql: "TRUE")) { "\($0) AND (\($1))" }
    }
}

/// Some of the records that fit.
package struct AuditPage: Sendable {
    /// Where it begins.
    package enum Place: Hashable, Sendable {
        /// With the newest.
        case newest
        /// With the newest that is older than a record.
        case before(Int64)
        /// So that it ends with the oldest that is newer than a record.
        case after(Int64)
    }

    /// The newest first.
    package var records: [AuditRecord]
    /// Whether newer ones fit, too.
    package var hasNewer: Bool
    /// Whether older ones fit, too.
    package var hasOlder: Bool

    /// A page from its parts.
    package init(records: [AuditRecord], hasNewer: Bool, hasOlder: Bool) {
        (self.records, self.hasNewer, self.hasOlder) = (records, hasNewer, hasOlder)
    }
}

extension RegistryStore {
    /// The newest records that fit, oldest first; all that fit where the limit is 0.
    package func auditRecords(_ filter: AuditFilter = AuditFilter(), newest limit: Int = 0) throws(RegistryError) -> [AuditRecord] {
        try read { database in
            let bound: SQL = limit > 0 ? "LIMIT \(limit)" : ""
            let request: SQLRequest<Row> = "SELECT \(AuditRows.columns) FROM audit WHERE \(filter.condition) ORDER BY number DESC \(bound)"
            return try request.fetchAll(database).map(AuditRows.record).reversed()
        }
    }

    /// A page of the records that fit, the newest first.
    package func auditPage(_ filter: AuditFilter, at place: AuditPage.Place, rows: Int) throws(RegistryError) -> AuditPage {
        try read { database in
            let (beyond, order): (SQL, SQL) =
                switch place {
                case .newest: ("TRUE", "DESC")
                case .before(let number): ("number < \(number)", "DESC")
                case .after(let number): ("number > \(number)", "ASC")
                }
            let request: SQLRequest<Row> = """
                SELECT \(AuditRows.columns) FROM audit WHERE \(filter.condition) AND \(beyond) ORDER BY number \(order) LIMIT \(rows + 1)
                """
            let found = try request.fetchAll(database).map(AuditRows.record)
            let shown = found.prefix(rows).sorted { $0.number > $1.number }
            func isAny(_ condition: SQL) throws -> Bool {
                let request: SQLRequest<Bool> = "SELECT EXISTS (SELECT 1 FROM audit WHERE \(filter.condition) AND \(condition))"
                return try request.fetchOne(database) ?? false
            }
            guard let first = shown.first?.number, let last = shown.last?.number else {
                return AuditPage(records: [], hasNewer: false, hasOlder: false)
            }
            return AuditPage(records: shown, hasNewer: try isAny("number > \(first)"), hasOlder: try isAny("number < \(last)"))
        }
    }

    /// How many records there are.
    static func auditLength(_ database: Database) throws -> Int64 {
        try Int64.fetchOne(database, sql: "SELECT max(number) FROM audit") ?? 0
    }
}

/// Rows of the chain to values, byte by byte as they are kept: whoever changed a byte is not to be forgiven by a repair.
enum AuditRows {
    private static let texts = [
        "actor", "origin", "address", "token", "action", "subject_kind", "subject", "before", "after", "reason", "refusal",
    ]

    /// What `record` reads: texts as their bytes.
    static let columns = SQL(
        sql: (["number", "time", "previous", "hash"] + texts.map { "CAST(\($0) AS BLOB) AS \($0)" }).joined(separator: ", "))

    static func record(_ row: Row) throws -> AuditRecord {
        AuditRecord(
            number: row["number"], time: WallTime(nanoseconds: row["time"]).timestamp(), actor: try text("actor", row),
            origin: try text("origin", row), address: try optionalText("address", row), token: try optionalText("token", row),
            action: try text("action", row), subjectKind: try text("subject_kind", row), subject: try text("subject", row),
            before: try optionalText("before", row), after: try optionalText("after", row), reason: try text("reason", row),
            refusal: try optionalText("refusal", row), previous: try digest(row["previous"]), hash: try digest(row["hash"]))
    }

    static func digest(_ bytes: Data?) throws -> Digest {
        guard let digest = bytes.flatMap({ Digest(Array($0)) }) else { throw RegistryRows.damaged("hash") }
        return digest
    }

    private static func text(_ column: String, _ row: Row) throws -> String {
        guard let text = try optionalText(column, row) else { throw RegistryRows.damaged(column) }
        return text
    }

    private static func optionalText(_ column: String, _ row: Row) throws -> String? {
        guard let bytes = row[column] as Data? else { return nil }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw RegistryRows.damaged(column) }
        return text
    }
}
