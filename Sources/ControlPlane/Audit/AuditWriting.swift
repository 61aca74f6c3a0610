import Foundation
import GRDB
package import Registry
import Synchronization

extension RegistryStore {
    /// Appends to the chain, in the transaction of what it is about. What was refused is appended in one of its own.
    static func audit(_ event: AuditEvent, by actor: Actor, at now: WallTime, _ database: Database) throws {
        let last = try Row.fetchOne(database, sql: "SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1")
        let previous = try last.map { try AuditRows.digest($0["hash"]) } ?? AuditRecord.noHash
        let number = (last?["number"] as Int64? ?? 0) + 1
        let record = AuditRecord(event, by: actor, at: now, number: number, after: previous)
        try database.execute(
            sql: """
                INSERT INTO audit
                (number, time, actor, origin, address, token, action, subject_kind, subject, before, after, reason, refusal, previous, hash)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                number, now.nanoseconds, record.actor, record.origin, record.address, record.token, record.action, record.subjectKind,
                record.subject, record.before, record.after, record.reason, record.refusal, Data(previous.bytes), Data(record.hash.bytes),
            ])
    }

    /// Writes what somebody asks for; where it is refused, that is on record too, and the refusal goes on.
    func write<Value>(
        asked attempt: AuditAttempt, as sort: WriteSort = .decision, _ body: (Database) throws -> Value
    ) throws(RegistryError) -> Value {
        do { return try write(sort, body) } catch {
            recordRefusal(of: attempt, for: error)
            throw error
        }
    }

    /// Puts on record that somebody asked for a page or a call that is not for them. Whoever goes on asking does not fill the audit: of each
    /// person so many are on record at once and then one a minute, and that there were more.
    package func recordRefusedCall(_ action: AuditAction, on route: String, by actor: Actor, for error: RegistryError, at now: WallTime) {
        guard let found = refusedCalls.withLock({ $0.count(of: actor.name, at: now) }) else { return }
        let attempt = AuditAttempt(action, of: AuditSubject("route", route), by: actor, at: now)
        recordRefusal(of: attempt, for: found == .last ? .outOfForm("\(error); too many were refused for all to be on record") : error)
    }

    /// Whoever asked hears why not, whether or not there is room to put it on record.
    private func recordRefusal(of attempt: AuditAttempt, for error: RegistryError) {
        guard error.isRefusal else { return }
        let event = AuditEvent(attempt.action, of: attempt.subject, reason: attempt.reason, refusal: error.description)
        // A name out of form is a reason to refuse, and on record as far as it goes.
        let typed = SafeText.bounded(attempt.actor.name, to: Limits.nameCharacters * Limits.characterBytes)
        let actor = (try? Person.actor(attempt.actor)) ?? Actor(typed.isEmpty ? "-" : typed, from: attempt.actor.origin)
        try? write(.note) { try RegistryStore.audit(event, by: actor, at: attempt.time, $0) }
    }
}

extension RegistryError {
    /// Whether somebody was refused what they asked for; nobody is by what went wrong with the world.
    var isRefusal: Bool {
        switch self {
        case .storage, .newerSchema, .snapshotAhead, .unaudited, .changedMeanwhile: false
        case .unknown, .objection, .mayNotIssue, .keyState, .tooManyKeys, .outOfForm, .scopes, .plan, .policyInUse, .plannedOnAnother,
            .noPolicy, .conflicts, .noAccount, .lacksRole, .stillLiving:
            true
        }
    }
}
