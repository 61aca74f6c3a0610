import GRDB
package import Registry

extension RegistryStore {
    /// What the rules had erased.
    package struct RetentionOutcome: Hashable, Sendable {
        /// Partners whose last application ended long ago.
        package var partners: [Erasure] = []
        /// Evidence that has not counted for long.
        package var evidence: [EvidenceEntry] = []
        /// What could not be erased, each with why: it is due still.
        package var failures: [String] = []
    }

    /// Why the gateway erases by itself.
    private static let byRule = "kept as long as the rules say"

    /// Erases what has been kept as long as the rules say, a partner or a piece a transaction: what a crash leaves is due still. What cannot be erased,
    /// or not even be read, holds up nothing else.
    package func applyRetention(at now: WallTime) -> RetentionOutcome {
        var outcome = RetentionOutcome()
        outcome.each("partner", of: { try read { try RegistryStore.partnersDue(at: now, $0) } }) { outcome, id in
            guard let partner = Identifier(id) else { throw RegistryError.storage("its id is damaged") }
            if let erasure = try eraseByRule(partner, at: now) { outcome.partners.append(erasure) }
        }
        outcome.each("evidence", of: { try read { try RegistryStore.evidenceDue(at: now, $0) } }) { outcome, id in
            if let entry = try eraseByRule(evidence: id, at: now) { outcome.evidence.append(entry) }
        }
        return outcome
    }

    /// Whoever came back meanwhile is kept.
    private func eraseByRule(_ partner: Identifier, at now: WallTime) throws(RegistryError) -> Erasure? {
        let quoted = try read { try RegistryStore.quotedInAudit(of: partner, $0) }
        var erasure: Erasure? = try write(.unpublishedDecision) { database in
            guard try !RegistryStore.partnersDue(only: partner, at: now, database).isEmpty else { return nil }
            return try RegistryStore.erase(partner, by: .gateway(.retention), reason: RegistryStore.byRule, at: now, database)
        }
        erasure?.quoted = quoted
        return erasure
    }

    private func eraseByRule(evidence id: String, at now: WallTime) throws(RegistryError) -> EvidenceEntry? {
        try write(.unpublishedDecision) { database in
            guard try !RegistryStore.evidenceDue(only: id, at: now, database).isEmpty else { return nil }
            let entry = try RegistryStore.evidence(id, database)
            try RegistryStore.erase(entry, by: .gateway(.retention), reason: RegistryStore.byRule, at: now, database)
            try RegistryStore.demandSettling(at: now, database)
            return entry
        }
    }

    /// Ids of partners with something to erase, no application that lives, and nothing said, handed in or declared since.
    private static func partnersDue(
        only partner: Identifier? = nil, at now: WallTime, _ database: Database
    ) throws -> [String] {
        let sql = """
            SELECT id FROM partner WHERE (EXISTS (SELECT 1 FROM contact WHERE partner = partner.id)
                OR EXISTS (SELECT 1 FROM application JOIN evidence ON evidence.application = application.id
                    WHERE application.partner = partner.id AND evidence.erased IS NULL)
                OR EXISTS (SELECT 1 FROM application JOIN note ON note.application = application.id
                    WHERE application.partner = partner.id AND note.erased IS NULL))
            AND EXISTS (SELECT 1 FROM application WHERE partner = partner.id)
            AND NOT EXISTS (SELECT 1 FROM application WHERE partner = partner.id AND coalesce(\(ended), ?2) > ?1)
            AND coalesce((SELECT max(time) FROM audit WHERE subject_kind = 'partner' AND subject = partner.id AND refusal IS NULL
                AND action <> 'partner.export'), 0) <= ?1
            AND NOT EXISTS (SELECT 1 FROM application JOIN evidence ON evidence.application = application.id
                WHERE application.partner = partner.id AND evidence.added > ?1)
            AND NOT EXISTS (SELECT 1 FROM application JOIN note ON note.application = application.id
                WHERE application.partner = partner.id AND note.time > ?1)
            """
        return try due(sql, of: "partner.id", orderedBy: "partner.id", only: partner?.text, keptFor: \.contactsDays, at: now, database)
    }

    /// When an application ended; null where it lives, or where nobody recorded since when it is as it is.
    private static let ended = """
        CASE WHEN application.state IN ('rejected', 'revoked') THEN application.since
            WHEN application.state = 'withdrawn' AND application.withdrawn_until <= ?2 THEN application.withdrawn_until END
        """

    /// Ids of evidence that stopped counting long ago: withdrawn, at its end, followed by one of its kind that holds as long, or of what has ended.
    private static func evidenceDue(
        only id: String? = nil, at now: WallTime, _ database: Database
    ) throws -> [String] {
        let sql = """
            SELECT evidence.id FROM evidence JOIN application ON application.id = evidence.application WHERE evidence.erased IS NULL
            AND (evidence.withdrawn <= ?1 OR evidence.expires <= ?1 OR \(ended) <= ?1
                OR EXISTS (SELECT 1 FROM evidence AS later WHERE later.application = evidence.application AND later.kind = evidence.kind
                    AND later.number > evidence.number AND later.withdrawn IS NULL AND later.added <= ?1
                    AND (later.expires IS NULL OR later.expires >= evidence.expires)))
            """
        return try due(sql, of: "evidence.id", orderedBy: "evidence.number", only: id, keptFor: \.evidenceDays, at: now, database)
    }

    /// The ids, in order, that a statement finds for the time before which it must be (?1) and now (?2); of all, or whether of one.
    private static func due(
        _ sql: String, of column: String, orderedBy order: String, only id: String?, keptFor days: KeyPath<RetentionRule, Int64?>,
        at now: WallTime,
        _ database: Database
    ) throws -> [String] {
        let rule = try lifecycleRules(database).retention
        guard let latest = RetentionRule.due(after: rule[keyPath: days], at: now) else { return [] }
        let condition = id == nil ? "?3 IS NULL" : column + " = ?3"
        return try String.fetchAll(
            database, sql: "\(sql) AND \(condition) ORDER BY \(order)", arguments: [latest.nanoseconds, now.nanoseconds, id])
    }
}

extension RegistryStore.RetentionOutcome {
    /// Does something with each of what a list says is due, and keeps what came of it. Where nothing at all succeeds any more it stops: a registry that
    /// takes nothing is not asked for each of thousands.
    fileprivate mutating func each(_ sort: String, of due: () throws -> [String], erase: (inout Self, String) throws -> Void) {
        var failuresInARow = 0
        do {
            for id in try due() where failuresInARow < Limits.retentionFailures {
                do {
                    try erase(&self, id)
                    failuresInARow = 0
                } catch {
                    failures.append("\(sort) \(SafeText.bounded(id, to: Limits.auditSubjectBytes)): \(error)")
                    failuresInARow += 1
                }
            }
            if failuresInARow == Limits.retentionFailures { failures.append("\(sort): none behind these was looked at") }
        } catch { failures.append("\(sort): \(error)") }
    }
}
