import GRDB
package import Registry

extension RegistryStore {
    /// Partners by id, after one where it is named: all of them, or a page.
    package func partners(after id: Identifier? = nil, atMost limit: Int? = nil) throws(RegistryError) -> [RegisteredPartner] {
        try read { database in
            let sql = "SELECT id FROM partner WHERE id > ? ORDER BY id LIMIT ?"
            let rows = try Row.fetchAll(database, sql: sql, arguments: [id?.text ?? "", limit ?? -1])
            let ids = try rows.map { try $0.identifier("id") }
            return try ids.compactMap { try RegistryStore.partner($0, database) }
        }
    }

    /// One partner.
    package func partner(_ id: Identifier) throws(RegistryError) -> RegisteredPartner {
        try read { database in
            guard let partner = try RegistryStore.partner(id, database) else { throw RegistryError.unknown("partner", id.text) }
            return partner
        }
    }

    /// All applications by id, or those of one partner.
    package func applications(of partner: Identifier? = nil) throws(RegistryError) -> [RegisteredApplication] {
        try read { database in
            if let partner, try RegistryStore.partner(partner, database) == nil { throw RegistryError.unknown("partner", partner.text) }
            return try RegistryStore.applications(of: partner, database)
        }
    }

    /// One application.
    package func application(_ id: Identifier) throws(RegistryError) -> RegisteredApplication {
        try read { try RegistryStore.application(id, $0) }
    }

    /// All moves of an application, oldest first.
    package func moves(of application: Identifier) throws(RegistryError) -> [RecordedMove] {
        try read { database in
            _ = try RegistryStore.application(application, database)
            let sql = "SELECT * FROM move WHERE application = ? ORDER BY number"
            return try Row.fetchAll(database, sql: sql, arguments: [application.text]).map(RegistryRows.move)
        }
    }

    /// A partner as a partner file would declare it, decisions included: imported into an empty registry, it gives this partner again, but
    /// for what a file cannot say: keys, moves, who submitted, and how much of a withdrawal's 30 days is over.
    package func exported(_ partner: Identifier) throws(RegistryError) -> PartnerDeclaration {
        try read { try RegistryStore.exported(partner, $0)[0] }
    }

    /// All partners so, or one, as they are at one moment, in three statements.
    static func exported(_ partner: Identifier?, _ database: Database) throws -> [PartnerDeclaration] {
        func rows(_ table: String, of column: String) throws -> [Row] {
            let condition = partner == nil ? "" : "WHERE \(column) = ?"
            let arguments: StatementArguments = partner.map { [$0.text] } ?? []
            return try Row.fetchAll(database, sql: "SELECT * FROM \(table) \(condition) ORDER BY \(column)", arguments: arguments)
        }
        let contacts = Dictionary(grouping: try rows("contact", of: "partner")) { $0["partner"] as String }
        let applications = Dictionary(grouping: try applications(of: partner, database), by: \.partner)
        let found = try rows("partner", of: "id").map { row in
            var declaration = try RegistryRows.partner(row, contacts: RegistryRows.contacts(contacts[row["id"]] ?? []))
            declaration.applications = (applications[declaration.id] ?? []).map(\.exported)
            return declaration
        }
        if let partner, found.isEmpty { throw RegistryError.unknown("partner", partner.text) }
        return found
    }

    static func applications(of partner: Identifier? = nil, _ database: Database) throws -> [RegisteredApplication] {
        let condition = partner == nil ? "" : "WHERE application.partner = ?"
        let arguments: StatementArguments = partner.map { [$0.text] } ?? []
        let sql = "SELECT \(RegistryRows.applicationColumns) \(condition) ORDER BY application.id"
        return try Row.fetchAll(database, sql: sql, arguments: arguments).map(RegistryRows.application)
    }

    static func application(_ id: Identifier, _ database: Database) throws -> RegisteredApplication {
        let sql = "SELECT \(RegistryRows.applicationColumns) WHERE application.id = ?"
        guard let row = try Row.fetchOne(database, sql: sql, arguments: [id.text]) else {
            throw RegistryError.unknown("application", id.text)
        }
        return try RegistryRows.application(row)
    }

    static func partner(_ id: Identifier, _ database: Database) throws -> RegisteredPartner? {
        guard let row = try Row.fetchOne(database, sql: "SELECT * FROM partner WHERE id = ?", arguments: [id.text]) else { return nil }
        let contacts = try RegistryRows.contacts(
            Row.fetchAll(database, sql: "SELECT role, address FROM contact WHERE partner = ?", arguments: [id.text]))
        let applications = try Row.fetchAll(database, sql: "SELECT id FROM application WHERE partner = ? ORDER BY id", arguments: [id.text])
        return RegisteredPartner(
            declaration: try RegistryRows.partner(row, contacts: contacts), applications: try applications.map { try $0.identifier("id") },
            erased: row.time("erased"))
    }
}

extension RegisteredApplication {
    /// The declaration with the decisions that a first import takes over. A grant that a later import no longer asks for stays out: an
    /// import refuses it. Where nothing else was granted there is nothing to go on with: it stands where it began, or returns there.
    package var exported: ApplicationDeclaration {
        var exported = declaration
        exported.state = lifecycle.state
        exported.resumesIn = lifecycle.returnsTo
        let asked = granted.intersection(declaration.scopes)
        exported.granted = asked == declaration.scopes || asked.isEmpty ? nil : asked
        if !granted.isEmpty && asked.isEmpty {
            if lifecycle.returnsTo == nil { exported.state = .draft } else { exported.resumesIn = .draft }
        }
        return exported
    }
}
