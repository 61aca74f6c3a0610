import GRDB
package import Registry

/// Which partners somebody looks for.
package struct PartnerSearch: Hashable, Sendable {
    /// Part of a name, an id, a registration number, a site or a contact; all where it is empty.
    package var text: String
    /// Only of this kind.
    package var kind: PartnerKind?
    /// Which page of them, from 1.
    package var page: Int

    /// Rows of a page: what a person reads through.
    package static let pageRows = 50

    /// A search from its parts.
    package init(text: String = "", kind: PartnerKind? = nil, page: Int = 1) {
        (self.text, self.kind, self.page) = (text, kind, min(max(page, 1), 1_000_000))
    }

    fileprivate var condition: SQL {
        let part = "%" + text.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_") + "%"
        let matches: SQL = """
            (id LIKE \(part) ESCAPE '\\' OR name LIKE \(part) ESCAPE '\\' OR registration LIKE \(part) ESCAPE '\\' OR site LIKE \(part) ESCAPE '\\'
            OR EXISTS (SELECT 1 FROM contact WHERE contact.partner = partner.id AND address LIKE \(part) ESCAPE '\\'))
            """
        let ofKind: SQL = kind.map { "kind = \($0.name)" } ?? "TRUE"
        return text.isEmpty ? ofKind : "\(ofKind) AND \(matches)"
    }
}

/// Partners that were found.
package struct FoundPartners: Sendable {
    /// One of them.
    package struct Row: Hashable, Sendable {
        /// Its declared facts, without contacts and applications.
        package var declaration: PartnerDeclaration
        /// How many of its applications are in each state.
        package var states: [ApplicationState: Int]
    }

    /// Those of the page, by name.
    package var rows: [Row]
    /// How many there are on all pages.
    package var total: Int
}

/// Another partner that has something of one's own.
package struct PartnerDuplicate: Hashable, Sendable {
    /// What they share: `duplicateNumber`, `duplicateOfficer` or `duplicateDomain`.
    package var subject: AutomaticCheck.Subject
    /// The other.
    package var partner: Identifier
    /// What is shared.
    package var value: String
}

extension RegistryStore {
    /// A page of the partners that fit.
    package func find(_ search: PartnerSearch) throws(RegistryError) -> FoundPartners {
        try read { database in
            let counting: SQLRequest<Int> = "SELECT count(*) FROM partner WHERE \(search.condition)"
            let rows: SQLRequest<Row> = """
                SELECT * FROM partner WHERE \(search.condition) ORDER BY name COLLATE NOCASE, id
                LIMIT \(PartnerSearch.pageRows) OFFSET \((search.page - 1) * PartnerSearch.pageRows)
                """
            let partners = try rows.fetchAll(database).map { try RegistryRows.partner($0, contacts: [:]) }
            let ids = partners.map(\.id.text)
            let counts: SQLRequest<Row> =
                "SELECT partner, state, count(*) AS number FROM application WHERE partner IN \(ids) GROUP BY partner, state"
            var states: [String: [ApplicationState: Int]] = [:]
            for row in try counts.fetchAll(database) { states[row["partner"], default: [:]][try row.state("state")] = row["number"] }
            return FoundPartners(
                rows: partners.map { FoundPartners.Row(declaration: $0, states: states[$0.id.text] ?? [:]) },
                total: try counting.fetchOne(database) ?? 0)
        }
    }

    /// Other partners that share a registration number, a contact or a domain with one, as the automatic checks see it: twenty of each sort at most.
    package func duplicates(of partner: Identifier) throws(RegistryError) -> [PartnerDuplicate] {
        try read { database in
            let own = try RegistryStore.checkedPartner(partner, database)
            return try RegistryStore.partners(like: own, atMost: CheckedPartner.alikeAtMost, database).flatMap { other in
                own.shared(with: other).map { PartnerDuplicate(subject: $0.subject, partner: other.id, value: $0.value) }
            }.sorted { ($0.subject.rawValue, $0.partner.text, $0.value) < ($1.subject.rawValue, $1.partner.text, $1.value) }
        }
    }
}
