import Foundation
import GRDB
package import Registry

extension RegistryStore {
    /// Takes evidence for an application: the file is on disk before the row that names it counts, and only where all else is in order.
    package func addEvidence(
        _ submission: EvidenceSubmission, to application: Identifier, by actor: Actor, at now: WallTime
    ) throws(RegistryError) -> EvidenceEntry {
        let actor = try Person.actor(actor)
        let name = try Person.fileName(submission.name)
        let type = try EvidenceFileType.of(submission.bytes, named: name)
        try RegistryStore.checkDates(of: submission, at: now)
        // Nobody fills the disk who may not.
        let digest = EvidenceFolder.digest(of: submission.bytes)
        return try write(asked: AuditAttempt(.addEvidence, of: .application(application), by: actor, at: now)) { database in
            try self.demandPaperwork(of: actor, to: "add evidence", at: now, database)
            _ = try RegistryStore.application(application, database)
            let count = try Int.fetchOne(
                database, sql: "SELECT count(*) FROM evidence WHERE application = ? AND withdrawn IS NULL", arguments: [application.text])
            guard (count ?? 0) < Limits.evidencePerApplication else {
                throw RegistryError.outOfForm("application \(application.text) has \(count ?? 0) pieces of evidence: withdraw some first")
            }
            let id = RegistryStore.evidenceIdentifier()
            try database.execute(
                sql: """
                    INSERT INTO evidence (id, application, kind, digest, name, media_type, bytes, issued, expires, added, added_by)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    id, application.text, submission.kind.name, Data(digest.bytes), name, type.rawValue, submission.bytes.count,
                    submission.issued?.nanoseconds, submission.expires?.nanoseconds, now.nanoseconds, actor.name,
                ])
            let entry = try RegistryStore.evidence(id, database)
            try RegistryStore.audit(AuditEvent(.addEvidence, of: .evidence(id), after: AuditFacts(entry)), by: actor, at: now, database)
            _ = try EvidenceFolder(stateDirectory: self.stateDirectory).keep(submission.bytes)
            return entry
        }
    }

    /// Removes files of evidence that no row has any more: erased, or left by a crash. Within a write, so that nobody is adding one. Returns
    /// how many it was; nil where a backup is being made, whose registry still has them.
    package func sweepEvidence() throws(RegistryError) -> Int? {
        let folder = EvidenceFolder(stateDirectory: stateDirectory)
        do {
            return try FileLock.holdingIfFree(folder.lock) {
                try write(.note) { database in
                    try folder.sweep(keeping: EvidenceFolder.digestsInUse(database))
                }
            }
        } catch let error as RegistryError { throw error } catch {
            throw RegistryError.storage(error, doing: "remove files of evidence")
        }
    }

    /// All evidence of an application, the newest first.
    package func evidence(of application: Identifier) throws(RegistryError) -> [EvidenceEntry] {
        try read { database in
            _ = try RegistryStore.application(application, database)
            let sql = "SELECT * FROM evidence WHERE application = ? ORDER BY number DESC"
            return try Row.fetchAll(database, sql: sql, arguments: [application.text]).map(EvidenceEntry.init)
        }
    }

    /// One piece of evidence, and its file as it was handed in. Who got it is on record, and who was refused: there are names and signatures in it.
    package func evidenceFile(_ id: String, by actor: Actor, at now: WallTime) throws(RegistryError) -> (EvidenceEntry, [UInt8]) {
        let attempt = AuditAttempt(.readEvidence, of: .evidence(id), by: actor, at: now)
        let entry = try write(asked: attempt, as: .note) { database in
            let actor = try Person.actor(actor)
            // Whoever has any role may look, auditors too; whoever has none may not.
            try self.demand(RoleSet(Role.allCases), of: actor, to: "read evidence", at: now, database)
            return try RegistryStore.evidence(id, database)
        }
        guard entry.erased == nil else {
            throw .outOfForm("the file of evidence \(id) was erased: when it was on file and how long it held stays")
        }
        guard let bytes = try EvidenceFolder(stateDirectory: stateDirectory).content(entry.digest) else {
            throw .storage("the file of evidence \(id) is gone, or is no longer what was handed in")
        }
        try write(.note) { database in
            let facts: AuditFacts = ["application": .text(entry.application.text), "kind": .text(entry.kind.name)]
            let event = AuditEvent(.readEvidence, of: .evidence(id), after: facts)
            try RegistryStore.audit(event, by: Person.actor(actor), at: now, database)
        }
        return (entry, bytes)
    }

    /// Takes evidence back: it counts no more, and stays on record.
    package func withdrawEvidence(_ id: String, by actor: Actor, reason: String, at now: WallTime) throws(RegistryError) -> EvidenceEntry {
        try write(asked: AuditAttempt(.withdrawEvidence, of: .evidence(id), by: actor, reason: reason, at: now)) { database in
            let (actor, reason) = (try Person.actor(actor), try Person.reason(reason))
            try self.demandPaperwork(of: actor, to: "withdraw evidence", at: now, database)
            let entry = try RegistryStore.evidence(id, database)
            guard entry.withdrawn == nil else { throw RegistryError.outOfForm("evidence \(id) is withdrawn already") }
            try database.execute(
                sql: "UPDATE evidence SET withdrawn = ?, withdrawn_by = ?, withdrawn_reason = ? WHERE id = ?",
                arguments: [now.nanoseconds, actor.name, reason, id])
            let after = try RegistryStore.evidence(id, database)
            let event = AuditEvent(
                .withdrawEvidence, of: .evidence(id), before: AuditFacts(entry), after: AuditFacts(after), reason: reason)
            try RegistryStore.audit(event, by: actor, at: now, database)
            return after
        }
    }

    /// What is on file of an application, for decisions: the latest end of each kind, and of what was ever on file when it stopped counting.
    static func evidenceOnFile(of application: Identifier, _ database: Database) throws -> EvidenceOnFile {
        let sql = "SELECT kind, expires, withdrawn FROM evidence WHERE application = ?"
        let (never, always) = (WallTime(nanoseconds: .min), WallTime(nanoseconds: .max))
        var (until, heldUntil): ([EvidenceKind: WallTime], [EvidenceKind: WallTime]) = ([:], [:])
        for row in try Row.fetchAll(database, sql: sql, arguments: [application.text]) {
            guard let kind = EvidenceKind(name: row["kind"]) else { throw RegistryRows.damaged("kind") }
            let (end, withdrawn) = (row.time("expires") ?? always, row.time("withdrawn"))
            if withdrawn == nil { until[kind] = max(until[kind] ?? never, end) }
            heldUntil[kind] = max(heldUntil[kind] ?? never, min(end, withdrawn ?? always))
        }
        return EvidenceOnFile(until, heldUntil: heldUntil)
    }

    func demandPaperwork(of actor: Actor, to what: String, at now: WallTime, _ database: Database) throws {
        try demand(RegistryStore.lifecycleRules(database).paperwork, of: actor, to: what, at: now, database)
    }

    private static func checkDates(of submission: EvidenceSubmission, at now: WallTime) throws(RegistryError) {
        if submission.kind.mustExpire && submission.expires == nil {
            throw .outOfForm("\(submission.kind.name) needs the day on which it expires")
        }
        if let issued = submission.issued, issued > now { throw .outOfForm("evidence is from a time that has been") }
        if let expires = submission.expires, expires <= now { throw .outOfForm("the evidence has expired already") }
    }

    static func evidence(_ id: String, _ database: Database) throws -> EvidenceEntry {
        guard let row = try Row.fetchOne(database, sql: "SELECT * FROM evidence WHERE id = ?", arguments: [id]) else {
            throw RegistryError.unknown("evidence", id)
        }
        return try EvidenceEntry(row)
    }

    private static func evidenceIdentifier() -> String {
        var generator = SystemRandomNumberGenerator()
        let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")
        return "ev-" + String((0..<12).map { _ in alphabet[Int.random(in: 0..<32, using: &generator)] })
    }
}
