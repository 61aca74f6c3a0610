import GRDB
package import Registry

extension RegistryStore {
    /// Something the gateway said because evidence ends; what it does about it is `suspendWithoutEvidence`.
    package struct EvidenceWarning: Hashable, Sendable {
        /// Whose evidence.
        package var application: Identifier
        /// What ends.
        package var kind: EvidenceKind
        /// When.
        package var end: WallTime
        /// The warning's days; 0 when it has ended.
        package var days: Int64
    }

    /// Warns of evidence that ends, once at each of the rules' days and at its end. Only the latest of a kind counts.
    package func warnOfEndingEvidence(at now: WallTime) throws(RegistryError) -> [EvidenceWarning] {
        let rules = try lifecycleRules()
        let horizon = now.nanoseconds + (rules.expiry.warningDays.first ?? 0) * DayClock.dayNanoseconds
        let sql = """
            SELECT * FROM evidence WHERE withdrawn IS NULL AND expires <= ?1 AND (warned_days IS NULL OR warned_days > 0)
            AND NOT EXISTS (SELECT 1 FROM evidence AS later WHERE later.application = evidence.application AND later.kind = evidence.kind
                AND later.withdrawn IS NULL AND (later.expires IS NULL OR later.expires > evidence.expires))
            ORDER BY expires, number
            """
        // Asked for every minute: without a write where there is nothing to do.
        let pressing = try read { database in
            try Row.fetchAll(database, sql: sql, arguments: [horizon]).contains {
                RegistryStore.stage(of: $0, rules.expiry, at: now) != nil
            }
        }
        guard pressing else { return [] }
        return try write { database in
            try Row.fetchAll(database, sql: sql, arguments: [horizon]).compactMap { row in
                guard let days = RegistryStore.stage(of: row, rules.expiry, at: now) else { return nil }
                return try RegistryStore.warn(of: EvidenceEntry(row), days, at: now, database)
            }
        }
    }

    /// The least of the warning's days that is due and was not told yet; 0 for the end itself.
    private static func stage(of row: Row, _ rule: ExpiryRule, at now: WallTime) -> Int64? {
        guard let end = row.time("expires") else { return nil }
        let left = end.nanoseconds - now.nanoseconds
        let due = left <= 0 ? 0 : rule.warningDays.last { left <= $0 * DayClock.dayNanoseconds }
        guard let due, (row["warned_days"] as Int64?).map({ due < $0 }) ?? true else { return nil }
        return due
    }

    private static func warn(
        of entry: EvidenceEntry, _ days: Int64, at now: WallTime, _ database: Database
    ) throws -> EvidenceWarning? {
        guard let end = entry.expires else { return nil }
        let actor = Actor.gateway(.onboarding)
        try database.execute(sql: "UPDATE evidence SET warned_days = ? WHERE id = ?", arguments: [days, entry.id])
        let sentence =
            days == 0
            ? "The evidence \(entry.kind.name) (\(entry.name)) has ended."
            : "The evidence \(entry.kind.name) (\(entry.name)) ends in \(days) days or less."
        for audience in Audience.allCases {
            try note(sentence, on: entry.application, to: audience, by: actor, at: now, database)
        }
        return EvidenceWarning(application: entry.application, kind: entry.kind, end: end, days: days)
    }
}
