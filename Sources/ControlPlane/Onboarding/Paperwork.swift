import GRDB
package import Registry

extension RegistryStore {
    /// Who is meant to read a note.
    package enum Audience: String, CaseIterable, Sendable {
        case team, partner
    }

    /// Something said about an application.
    package struct NoteEntry: Hashable, Sendable {
        /// Grows by one a note.
        package var number: Int64
        /// About which.
        package var application: Identifier
        /// To whom.
        package var audience: Audience
        /// What.
        package var text: String
        /// When.
        package var time: WallTime
        /// Who said it; the gateway by itself, too.
        package var actor: String
    }

    /// Writes a note to the team or to the partner; it is never changed.
    package func addNote(
        _ text: String, on application: Identifier, to audience: Audience, by actor: Actor, at now: WallTime
    ) throws(RegistryError) -> NoteEntry {
        try write(asked: AuditAttempt(.note, of: .application(application), by: actor, at: now)) { database in
            let (actor, text) = (try Person.actor(actor), try Person.note(text))
            try self.demandPaperwork(of: actor, to: "write a note", at: now, database)
            _ = try RegistryStore.application(application, database)
            return try RegistryStore.note(text, on: application, to: audience, by: actor, at: now, database)
        }
    }

    /// All notes on an application, oldest first; only those to one audience where it is given.
    package func notes(on application: Identifier, to audience: Audience? = nil) throws(RegistryError) -> [NoteEntry] {
        try read { database in
            let sql = "SELECT * FROM note WHERE application = ?1 AND (audience = ?2 OR ?2 IS NULL) ORDER BY number"
            return try Row.fetchAll(database, sql: sql, arguments: [application.text, audience?.rawValue]).map(RegistryStore.note)
        }
    }

    /// Says who has an application; nobody where nil.
    package func assign(
        _ application: Identifier, to person: String?, by actor: Actor, at now: WallTime
    ) throws(RegistryError) {
        try write(asked: AuditAttempt(.assign, of: .application(application), by: actor, at: now)) { database in
            let actor = try Person.actor(actor)
            let person = try person.map { try Person.name($0) }
            try self.demandPaperwork(of: actor, to: "assign an application", at: now, database)
            // Who has it has an account, where there are any.
            if let person { _ = try self.asker(Actor(person), at: now, database) }
            let before = try RegistryStore.application(application, database)
            guard before.assignee != person else {
                throw RegistryError.outOfForm("application \(application.text) is with \(person ?? "nobody") already")
            }
            try database.execute(
                sql: "INSERT INTO assignment (application, person, time, actor) VALUES (?, ?, ?, ?)",
                arguments: [application.text, person, now.nanoseconds, actor.name])
            try database.execute(sql: "UPDATE application SET assignee = ? WHERE id = ?", arguments: [person, application.text])
            let after = try RegistryStore.application(application, database)
            let event = AuditEvent(.assign, of: .application(application), before: AuditFacts(before), after: AuditFacts(after))
            try RegistryStore.audit(event, by: actor, at: now, database)
        }
    }

    @discardableResult
    static func note(
        _ text: String, on application: Identifier, to audience: Audience, by actor: Actor, at now: WallTime, _ database: Database
    ) throws -> NoteEntry {
        try database.execute(
            sql: "INSERT INTO note (application, audience, text, time, actor) VALUES (?, ?, ?, ?, ?)",
            arguments: [application.text, audience.rawValue, text, now.nanoseconds, actor.name])
        let number = database.lastInsertedRowID
        // What was said stays where it can be erased one day.
        let facts: AuditFacts = ["note": .number(number), "audience": .text(audience.rawValue)]
        try audit(AuditEvent(.note, of: .application(application), after: facts), by: actor, at: now, database)
        return NoteEntry(
            number: number, application: application, audience: audience, text: text, time: now, actor: actor.name)
    }

    static func note(_ row: Row) throws -> NoteEntry {
        guard let audience = Audience(rawValue: row["audience"]) else { throw RegistryRows.damaged("audience") }
        return NoteEntry(
            number: row["number"], application: try row.identifier("application"), audience: audience, text: row["text"],
            time: WallTime(nanoseconds: row["time"]), actor: row["actor"])
    }
}
