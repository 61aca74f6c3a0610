import GRDB
import Registry

extension RegistrySchema {
    /// What the inbox is searched by: when an application was received, and what tells two partners to be one.
    static func inbox(_ database: Database) throws {
        try database.execute(sql: inboxColumns)
        for row in try Row.fetchAll(database, sql: "SELECT * FROM partner") {
            let partner = CheckedPartner(try RegistryRows.partner(row, contacts: [:]))
            try database.execute(
                sql: "UPDATE partner SET number_mark = ?, domain_mark = ? WHERE id = ?",
                arguments: [partner.number, partner.domain, partner.id.text])
        }
        try database.execute(sql: inboxIndexes)
    }

    private static let inboxColumns = """
        ALTER TABLE application ADD COLUMN received INTEGER;
        UPDATE application SET received =
            (SELECT min(time) FROM move WHERE move.application = application.id AND move IN ('submit', 'import'));
        ALTER TABLE partner ADD COLUMN number_mark TEXT NOT NULL DEFAULT '';
        ALTER TABLE partner ADD COLUMN domain_mark TEXT NOT NULL DEFAULT '';
        """

    /// `application_in_state` has all that is filtered and ordered by: the wide rows are read of one page only.
    private static let inboxIndexes = """
        CREATE INDEX application_by_age ON application (coalesce(received, since), number);
        CREATE INDEX application_in_state ON application (state, since, received, assignee, id);
        CREATE INDEX application_with ON application (assignee, state) WHERE assignee IS NOT NULL;
        CREATE INDEX application_awaiting ON application (pending_since) WHERE pending_move IS NOT NULL;
        CREATE INDEX evidence_that_counts ON evidence (application, kind, expires) WHERE withdrawn IS NULL;
        CREATE INDEX partner_by_number ON partner (number_mark);
        CREATE INDEX partner_by_domain ON partner (domain_mark);
        CREATE INDEX contact_by_address ON contact (lower(address));
        """
}

extension CheckedPartner {
    /// A partner as the checks see it.
    init(_ declaration: PartnerDeclaration) {
        self.init(
            id: declaration.id, kind: declaration.kind, registration: declaration.registration, site: declaration.site,
            contacts: declaration.contacts.sorted { $0.key.rawValue < $1.key.rawValue }.map(\.value))
    }
}
