import GRDB
package import Registry

/// Which applications somebody wants; all of them where nothing is said.
package struct ApplicationFilter: Sendable {
    /// In this state.
    package var state: ApplicationState?
    /// Of this partner.
    package var partner: Identifier?
    /// Of partners of this kind.
    package var kind: PartnerKind?
    /// With this person.
    package var assignee: String?
    /// Behind this one, in the order of the ids.
    package var after: Identifier?

    /// A filter from its parts.
    package init(
        state: ApplicationState? = nil, partner: Identifier? = nil, kind: PartnerKind? = nil, assignee: String? = nil,
        after: Identifier? = nil
    ) {
        (self.state, self.partner, self.kind, self.assignee, self.after) = (state, partner, kind, assignee, after)
    }
}

extension RegistryStore {
    /// The first applications by id that a filter lets through.
    package func applications(matching filter: ApplicationFilter, atMost count: Int) throws(RegistryError) -> [RegisteredApplication] {
        try read { database in
            let sql = """
                SELECT \(RegistryRows.applicationColumns) WHERE (?1 IS NULL OR state = ?1) AND (?2 IS NULL OR partner = ?2)
                AND (?3 IS NULL OR kind = ?3) AND (?4 IS NULL OR assignee = ?4) AND (?5 IS NULL OR application.id > ?5)
                ORDER BY application.id LIMIT ?6
                """
            let arguments: StatementArguments = [
                filter.state?.name, filter.partner?.text, filter.kind?.name, filter.assignee, filter.after?.text, count,
            ]
            return try Row.fetchAll(database, sql: sql, arguments: arguments).map(RegistryRows.application)
        }
    }

    /// An application with the number of the last record about it: what a decision is made on.
    package func applicationWithRecord(_ id: Identifier) throws(RegistryError) -> (application: RegisteredApplication, record: Int64) {
        try read { database in
            (try RegistryStore.application(id, database), try RegistryStore.lastChange(of: id, database))
        }
    }

    /// Partners with their applications as files declare them, all or one; that they were handed out is on record, for there are people's addresses
    /// in them.
    package func exportedPartners(
        _ partner: Identifier?, by actor: Actor, at now: WallTime
    ) throws(RegistryError) -> [PartnerDeclaration] {
        let exported = try read { try RegistryStore.exported(partner, $0) }
        let count = Int64(exported.count)
        try write(.note) { database in
            let subject = partner.map { AuditSubject.partner($0) } ?? .registry
            try RegistryStore.audit(
                AuditEvent(.exportPartners, of: subject, after: ["partners": .number(count)]), by: Person.actor(actor), at: now, database)
        }
        return exported
    }
}
