import GRDB
package import Registry

extension RegistryStore {
    /// What a change of certificates is called among the moves.
    static let bindingMove = "bind-certificate"

    /// Binds an application to client certificates by their fingerprints, in place of those before; to none, its key alone is enough again.
    package func bindCertificates(
        _ certificates: [Digest], to application: Identifier, by actor: Actor, reason: String, at now: WallTime
    ) throws(RegistryError) -> RegisteredApplication {
        let attempt = AuditAttempt(.bindCertificates, of: .application(application), by: actor, reason: reason, at: now)
        return try write(asked: attempt) { database in
            let (actor, reason) = (try Person.actor(actor), try Person.reason(reason))
            guard certificates.count <= Limits.certificatesPerApplication else {
                throw RegistryError.outOfForm("an application is bound to at most \(Limits.certificatesPerApplication) certificates")
            }
            guard Set(certificates).count == certificates.count else { throw RegistryError.outOfForm("a certificate is given twice") }
            try self.demand(Privilege.certificates, of: actor, to: "bind certificates", at: now, database)
            let before = try RegistryStore.application(application, database)
            guard (before.declaration.certificates ?? []) != certificates else {
                throw RegistryError.outOfForm("application \(application.text) is bound to exactly these certificates already")
            }
            try database.execute(
                sql: "UPDATE application SET certificates = ? WHERE id = ?",
                arguments: [RegistryRows.text(certificates), application.text])
            try RegistryStore.recordBinding(of: before, by: actor, reason: reason, at: now, database)
            let after = try RegistryStore.application(application, database)
            let event = AuditEvent(
                .bindCertificates, of: .application(application), before: AuditFacts(before), after: AuditFacts(after), reason: reason)
            try RegistryStore.audit(event, by: actor, at: now, database)
            return after
        }
    }

    /// Recorded as moves are, from a state to the same.
    static func recordBinding(
        of application: RegisteredApplication, by actor: Actor, reason: String, at now: WallTime, _ database: Database
    ) throws {
        try record(
            RecordedMove(
                number: 0, application: application.declaration.id, from: application.lifecycle.state, to: application.lifecycle.state,
                move: bindingMove, actor: actor.name, time: now, reason: reason, isPending: false),
            database)
    }
}
