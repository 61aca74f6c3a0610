import GRDB
package import Registry

/// All that the team sees of an application at one moment, and what somebody may do about it.
package struct Dossier: Sendable {
    /// The application.
    package var application: RegisteredApplication
    /// Its partner.
    package var partner: RegisteredPartner
    /// Its moves, oldest first.
    package var moves: [RecordedMove]
    /// Its evidence, newest first.
    package var evidence: [EvidenceEntry]
    /// Evidence that the next step needs and does not find.
    package var missing: [EvidenceGap]
    /// Its keys by time of issue.
    package var keys: [RegisteredKey]
    /// What was said of it, oldest first.
    package var notes: [RegistryStore.NoteEntry]
    /// The moves of its state, for who asks.
    package var options: [MoveOption]
    /// Whether who asks may add evidence, write notes, assign, and see to keys.
    package var mayDoPaperwork: Bool
    /// What its partner changed since the team looked at it last.
    package var changes: [FactChange]
    /// When the team looked at it last: took it into review, or asked for changes.
    package var reviewed: WallTime?
    /// What it has on top of its plan now.
    package var extraQuota: RegistryStore.ExtraQuotaEntry?
    /// When a break-glass resume must have been looked at; nil where none is open.
    package var reviewDue: WallTime?
    /// The rules in force.
    package var rules: LifecycleRules
    /// The policy in force: its plans are those that may be given.
    package var policy: Policy
    /// The audit's last record: what was decided later is not in here.
    package var record: Int64
}

extension RegistryStore {
    /// An application with all that belongs to it, as somebody may see it.
    package func dossier(of id: Identifier, for actor: Actor, at now: WallTime) throws(RegistryError) -> Dossier {
        try read { database in
            let application = try RegistryStore.application(id, database)
            guard let partner = try RegistryStore.partner(application.partner, database) else {
                throw RegistryError.unknown("partner", application.partner.text)
            }
            let asker = try self.asker(Person.actor(actor), at: now, database)
            let rules = try RegistryStore.lifecycleRules(database)
            func rows<Value>(_ table: String, _ order: String, _ value: (Row) throws -> Value) throws -> [Value] {
                try Row.fetchAll(
                    database, sql: "SELECT * FROM \(table) WHERE application = ? ORDER BY \(order)", arguments: [id.text]
                ).map(value)
            }
            let reviewed = try RegistryStore.lastReview(of: id, database)
            let onFile = try RegistryStore.evidenceOnFile(of: id, database)
            return Dossier(
                application: application, partner: partner, moves: try rows("move", "number", RegistryRows.move),
                evidence: try rows("evidence", "number DESC", EvidenceEntry.init),
                missing: onFile.gaps(in: application.neededEvidence(under: rules), at: now),
                keys: try rows("credential", "created, id", RegistryRows.key), notes: try rows("note", "number", RegistryStore.note),
                options: try RegistryStore.moveOptions(of: application, for: asker, at: now, database),
                mayDoPaperwork: asker.right(among: rules.paperwork, at: now) != nil,
                changes: try reviewed.map { FactChange.all(in: try RegistryStore.changes(of: id, since: $0.record, database)) } ?? [],
                reviewed: reviewed?.time,
                extraQuota: try rows("extra_quota", "number DESC", RegistryStore.extraQuota).first { $0.end == nil && now < $0.until },
                reviewDue: application.lifecycle.review.map { $0.due(under: rules) }, rules: rules,
                policy: try RegistryStore.policyInForce(database), record: try RegistryStore.auditLength(database))
        }
    }

    /// The record of the last time that the team looked at an application.
    private static func lastReview(of id: Identifier, _ database: Database) throws -> (record: Int64, time: WallTime)? {
        let request: SQLRequest<Row> = """
            SELECT number, time FROM audit WHERE subject_kind = 'application' AND subject = \(id.text) AND refusal IS NULL
            AND action IN ('application.review', 'application.request-changes') ORDER BY number DESC LIMIT 1
            """
        return try request.fetchOne(database).map { ($0["number"], WallTime(nanoseconds: $0["time"])) }
    }
}
