import Crypto
import Foundation
import GRDB
package import Registry

extension RegistryStore {
    /// Issues a key; its text is returned here once and kept nowhere.
    package func issueKey(
        to application: Identifier, in environment: Environment, named name: String, by actor: Actor, at now: WallTime
    ) throws(RegistryError) -> IssuedKey {
        // A key that was refused has no id: what is on record is for whom it was asked.
        let attempt = AuditAttempt(.issueKey, of: .application(application), by: actor, at: now)
        return try write(asked: attempt) { database in
            let (actor, name) = (try Person.actor(actor), SafeText.withoutContacts(try Person.keyName(name)))
            try self.demandPaperwork(of: actor, to: "issue a key", at: now, database)
            return try RegistryStore.issueKey(to: application, in: environment, named: name, by: actor, at: now, database)
        }
    }

    /// All keys by time of issue, or those of one application.
    package func keys(of application: Identifier? = nil) throws(RegistryError) -> [RegisteredKey] {
        try read { database in
            if let application { _ = try RegistryStore.application(application, database) }
            return try Row.fetchAll(
                database, sql: "SELECT * FROM credential WHERE application = ?1 OR ?1 IS NULL ORDER BY created, id",
                arguments: [application?.text]
            ).map(RegistryRows.key)
        }
    }

    /// Keys by id, after one of them where it is named: a page.
    package func keys(
        of application: Identifier? = nil, after id: String? = nil, atMost limit: Int
    ) throws(RegistryError) -> [RegisteredKey] {
        try read { database in
            let (after, rest) = (id ?? "", "id > ? ORDER BY id LIMIT ?")
            guard let application else {
                return try Row.fetchAll(database, sql: "SELECT * FROM credential WHERE " + rest, arguments: [after, limit])
                    .map(RegistryRows.key)
            }
            _ = try RegistryStore.application(application, database)
            let sql = "SELECT * FROM credential WHERE application = ? AND " + rest
            return try Row.fetchAll(database, sql: sql, arguments: [application.text, after, limit]).map(RegistryRows.key)
        }
    }

    /// Issues a successor of the same name and environment; the old key goes on working for the given time.
    package func rotateKey(
        _ id: String, by actor: Actor, retiringForSeconds seconds: Int64 = Limits.retiringSeconds, at now: WallTime
    ) throws(RegistryError) -> IssuedKey {
        try write(asked: AuditAttempt(.rotateKey, of: .key(id), by: actor, at: now)) { database in
            let actor = try Person.actor(actor)
            try self.demandPaperwork(of: actor, to: "rotate a key", at: now, database)
            guard (0...Limits.retiringSecondsAtMost).contains(seconds) else {
                throw RegistryError.outOfForm("a rotated key may go on working for 0 to \(Limits.retiringSecondsAtMost / 86_400) days")
            }
            let old = try RegistryStore.key(id, database)
            guard old.state == .active else { throw RegistryError.keyState(id: id, state: old.state.name) }
            let new = try RegistryStore.issueKey(
                to: old.application, in: old.environment, named: old.name, by: actor, at: now, database)
            try database.execute(
                sql: "UPDATE credential SET state = 'retiring', until = ?, ended_by = ? WHERE id = ?",
                arguments: [now.nanoseconds + seconds * 1_000_000_000, actor.name, id])
            var after = AuditFacts(try RegistryStore.key(id, database))
            after["successor"] = .text(new.id)
            try RegistryStore.audit(
                AuditEvent(.rotateKey, of: .key(id), before: AuditFacts(old), after: after), by: actor, at: now, database)
            return new
        }
    }

    /// Ends a key for good, from now on.
    @discardableResult
    package func revokeKey(_ id: String, by actor: Actor, reason: String, at now: WallTime) throws(RegistryError) -> RegisteredKey {
        try write(asked: AuditAttempt(.revokeKey, of: .key(id), by: actor, reason: reason, at: now)) { database in
            let (actor, reason) = (try Person.actor(actor), try Person.reason(reason))
            try self.demandPaperwork(of: actor, to: "revoke a key", at: now, database)
            let key = try RegistryStore.key(id, database)
            guard key.state != .revoked else { throw RegistryError.keyState(id: id, state: key.state.name) }
            try database.execute(
                sql: "UPDATE credential SET state = 'revoked', until = ?, ended_by = ?, reason = ? WHERE id = ?",
                arguments: [now.nanoseconds, actor.name, reason, id])
            let after = try RegistryStore.key(id, database)
            let event = AuditEvent(.revokeKey, of: .key(id), before: AuditFacts(key), after: AuditFacts(after), reason: reason)
            try RegistryStore.audit(event, by: actor, at: now, database)
            return after
        }
    }

    static func issueKey(
        to application: Identifier, in environment: Environment, named name: String, by actor: Actor, at now: WallTime,
        _ database: Database
    ) throws -> IssuedKey {
        let state = try RegistryStore.application(application, database).lifecycle.state
        guard state.mayIssue(environment) else {
            throw RegistryError.mayNotIssue(application: application.text, state: state, environment)
        }
        let living = try Int.fetchOne(
            database,
            sql: "SELECT count(*) FROM credential WHERE application = ? AND (state = 'active' OR (state = 'retiring' AND until > ?))",
            arguments: [application.text, now.nanoseconds])
        guard (living ?? 0) < Limits.livingKeysPerApplication else { throw RegistryError.tooManyKeys(application: application.text) }
        return try insertKey(of: application, in: environment, named: name, by: actor, at: now, database)
    }

    private static func insertKey(
        of application: Identifier, in environment: Environment, named name: String, by actor: Actor, at now: WallTime,
        _ database: Database
    ) throws -> IssuedKey {
        var generator = SystemRandomNumberGenerator()
        let key = KeyForm.make(environment, using: &generator)
        let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")
        let id = "key-" + String((0..<12).map { _ in alphabet[Int.random(in: 0..<32, using: &generator)] })
        try database.execute(
            sql: """
                INSERT INTO credential (id, digest, application, environment, name, state, created, created_by)
                VALUES (?, ?, ?, ?, ?, 'active', ?, ?)
                """,
            arguments: [
                id, Data(SHA256.hash(data: Array(key.utf8))), application.text, environment.name, name, now.nanoseconds, actor.name,
            ])
        let facts = AuditFacts(try RegistryStore.key(id, database))
        try RegistryStore.audit(AuditEvent(.issueKey, of: .key(id), after: facts), by: actor, at: now, database)
        return IssuedKey(id: id, key: key, application: application, environment: environment)
    }

    private static func key(_ id: String, _ database: Database) throws -> RegisteredKey {
        guard let row = try Row.fetchOne(database, sql: "SELECT * FROM credential WHERE id = ?", arguments: [id]) else {
            throw RegistryError.unknown("key", id)
        }
        return try RegistryRows.key(row)
    }
}
