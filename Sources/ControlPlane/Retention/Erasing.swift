import Foundation
import GRDB
package import Registry

extension RegistryStore {
    /// Erases what names a partner's people, where no application of it lives; of a trial nothing. A second time there is nothing left, and
    /// nothing is put on record. Files and free pages are `settleErasures`' work.
    package func erase(
        _ partner: Identifier, by actor: Actor, reason: String, isTrial: Bool = false, at now: WallTime
    ) throws(RegistryError) -> Erasure {
        let body = { (database: Database) in
            let (actor, reason) = (try Person.actor(actor), try Person.reason(reason))
            let roles = try RegistryStore.lifecycleRules(database).retention.mayErase
            try self.demand(roles, of: actor, to: "erase what names a partner's people", at: now, database)
            return try RegistryStore.erase(partner, by: actor, reason: reason, at: now, database)
        }
        let attempt = AuditAttempt(.erasePartner, of: .partner(partner), by: actor, reason: reason, at: now)
        // What the audit quotes is looked for before: afterwards nobody knows what to look for. Not within the write, which keeps others waiting,
        // and only where something will be erased.
        let quoted = try read { database in
            let roles = try RegistryStore.lifecycleRules(database).retention.mayErase
            guard (try? self.demand(roles, of: Person.actor(actor), to: "erase", at: now, database)) != nil,
                (try? Person.reason(reason)) != nil,
                try RegistryStore.living(of: partner, at: now, database).isEmpty
            else { return [Int64]() }
            return try RegistryStore.quotedInAudit(of: partner, database)
        }
        var erasure = try isTrial ? write(.trial, body) : write(asked: attempt, as: .unpublishedDecision, body)
        erasure.quoted = erasure.contacts.isEmpty ? [] : quoted
        return erasure
    }

    /// What is there to erase of a partner; without what the audit quotes, which takes a look at all of it.
    package func erasable(of partner: Identifier) throws(RegistryError) -> Erasure {
        try read { try RegistryStore.erasable(of: partner, $0) }
    }

    /// The audit's records that quote a contact of a partner; none of a partner that is not there.
    static func quotedInAudit(of partner: Identifier, _ database: Database) throws -> [Int64] {
        let addresses = try String.fetchAll(database, sql: "SELECT address FROM contact WHERE partner = ?", arguments: [partner.text])
        guard !addresses.isEmpty else { return [] }
        let text = "lower(reason || coalesce(refusal, '') || coalesce(before, '') || coalesce(after, ''))"
        let conditions = addresses.map { _ in "instr(\(text), lower(?)) > 0" }.joined(separator: " OR ")
        return try Int64.fetchAll(
            database, sql: "SELECT number FROM audit WHERE \(conditions) ORDER BY number", arguments: StatementArguments(addresses))
    }

    static func erase(
        _ partner: Identifier, by actor: Actor, reason: String, at now: WallTime, _ database: Database
    ) throws -> Erasure {
        let erasure = try erasable(of: partner, database)
        let living = try living(of: partner, at: now, database)
        guard living.isEmpty else { throw RegistryError.stillLiving(partner: partner, living) }
        guard !erasure.isEmpty else { return erasure }
        try database.execute(sql: "DELETE FROM contact WHERE partner = ?", arguments: [partner.text])
        try database.execute(sql: "UPDATE partner SET erased = ? WHERE id = ?", arguments: [now.nanoseconds, partner.text])
        for note in erasure.notes {
            try database.execute(
                sql: "UPDATE note SET text = ?, erased = ? WHERE number = ?", arguments: [Erasure.mark, now.nanoseconds, note])
        }
        for (application, purpose) in erasure.purposes {
            try database.execute(sql: "UPDATE application SET purpose = ? WHERE id = ?", arguments: [purpose, application.text])
        }
        for entry in erasure.evidence { try erase(entry, by: actor, reason: reason, at: now, database) }
        let after = Erasure(partner: partner, contacts: [], evidence: [], notes: [], purposes: [:], quoted: [])
        let event = AuditEvent(.erasePartner, of: .partner(partner), before: erasure.facts, after: after.facts, reason: reason)
        try audit(event, by: actor, at: now, database)
        try demandSettling(at: now, database)
        return erasure
    }

    private static func living(of partner: Identifier, at now: WallTime, _ database: Database) throws -> [RegisteredApplication] {
        try applications(of: partner, database).filter { $0.isLiving(at: now) }
    }

    /// Erases a piece of evidence but for what it was and how long it held; what would still count is withdrawn by that.
    static func erase(_ entry: EvidenceEntry, by actor: Actor, reason: String, at now: WallTime, _ database: Database) throws {
        let ends = entry.withdrawn == nil && entry.expires.map { $0 > now } ?? true ? now.nanoseconds : nil
        try database.execute(
            sql: """
                UPDATE evidence SET erased = ?1, name = ?2, withdrawn = coalesce(withdrawn, ?3),
                    withdrawn_by = CASE WHEN coalesce(withdrawn, ?3) IS NOT NULL THEN coalesce(withdrawn_by, ?4) END,
                    withdrawn_reason = CASE WHEN coalesce(withdrawn, ?3) IS NOT NULL THEN ?5 END
                WHERE id = ?6
                """,
            arguments: [now.nanoseconds, "erased." + entry.type.endings[0], ends, actor.name, Erasure.mark, entry.id])
        let after = try evidence(entry.id, database)
        let event = AuditEvent(
            .eraseEvidence, of: .evidence(entry.id), before: AuditFacts(entry), after: AuditFacts(after), reason: reason)
        try audit(event, by: actor, at: now, database)
    }

    /// Has whatever is gone from the rows swept out of the files, too.
    static func demandSettling(at now: WallTime, _ database: Database) throws {
        try database.execute(sql: "INSERT INTO erasure (time) VALUES (?)", arguments: [now.nanoseconds])
    }

    private static func erasable(of id: Identifier, _ database: Database) throws -> Erasure {
        guard let partner = try partner(id, database) else { throw RegistryError.unknown("partner", id.text) }
        let ids = partner.applications.map(\.text)
        let evidence: SQLRequest<Row> = "SELECT * FROM evidence WHERE erased IS NULL AND application IN \(ids) ORDER BY number"
        let notes: SQLRequest<Int64> = "SELECT number FROM note WHERE erased IS NULL AND application IN \(ids) ORDER BY number"
        var purposes: [Identifier: String] = [:]
        for application in try partner.applications.map({ try application($0, database).declaration }) {
            let purpose = SafeText.withoutContacts(application.purpose)
            if purpose != application.purpose { purposes[application.id] = purpose }
        }
        return Erasure(
            partner: id, contacts: ContactRole.allCases.filter { partner.declaration.contacts[$0] != nil },
            evidence: try evidence.fetchAll(database).map(EvidenceEntry.init), notes: try notes.fetchAll(database), purposes: purposes,
            quoted: [])
    }
}
