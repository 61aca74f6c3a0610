import Registry

/// Partners and their applications as a table: an application a line, its partner's facts before its own, as spreadsheets have them. It becomes the
/// tree that a partner file is, so that both are read by the same rules.
enum PartnerTable {
    /// A column: its heading, and the key it stands for in a partner file.
    private struct Column {
        let heading: String
        let key: String
        /// Words with blanks between.
        var isList = false
    }

    private static let partner = [
        Column(heading: "partner", key: "id"), Column(heading: "kind", key: "kind"), Column(heading: "partner_name", key: "name"),
        Column(heading: "registration", key: "registration"), Column(heading: "site", key: "site"),
    ]
    private static let contacts = ContactRole.allCases.map { Column(heading: $0.rawValue, key: $0.rawValue) }
    private static let application = [
        Column(heading: "application", key: "id"), Column(heading: "name", key: "name"), Column(heading: "purpose", key: "purpose"),
        Column(heading: "scopes", key: "scopes", isList: true), Column(heading: "plan", key: "plan"),
        Column(heading: "allowed_addresses", key: "allowed-addresses", isList: true),
        Column(heading: "certificates", key: "certificates", isList: true), Column(heading: "state", key: "state"),
        Column(heading: "resumes_in", key: "resumes-in"), Column(heading: "granted", key: "granted", isList: true),
        Column(heading: "received", key: "received"),
    ]
    /// The columns in the order they are written in.
    static let headings = (partner + contacts + application).map(\.heading)

    /// The partners of a table, in the order in which they come first.
    static func read(_ text: String, file: String, into faults: inout FaultList) -> [PartnerFile] {
        guard let rows = CommaSeparated(text, file: file, into: &faults)?.rows, let heading = rows.first else { return [] }
        guard let places = places(heading, into: &faults) else { return [] }
        var order: [String] = []
        var groups: [String: [[String: CommaSeparated.Field]]] = [:]
        for row in rows.dropFirst() {
            if row.count > heading.count { faults.add(at: row[heading.count].position, "more fields than the heading has") }
            var fields: [String: CommaSeparated.Field] = [:]
            for (name, place) in places where place < row.count {
                fields[name] = CommaSeparated.Field(text: PartnerTable.text(ofCell: row[place].text), position: row[place].position)
            }
            let id = fields["partner"]?.text ?? ""
            if groups[id] == nil { order.append(id) }
            groups[id, default: []].append(fields)
        }
        return order.compactMap { id in groups[id].flatMap { PartnerFile(tree($0, into: &faults), into: &faults) } }
    }

    /// Where each column stands; nil and faults where one is unknown, twice there, or missing that has to be there.
    private static func places(_ heading: [CommaSeparated.Field], into faults: inout FaultList) -> [String: Int]? {
        var places: [String: Int] = [:]
        let before = faults.faults.count
        for (place, field) in heading.enumerated() {
            if !headings.contains(field.text) {
                let guess = nearest(to: field.text, among: headings).map { " (did you mean '\($0)'?)" } ?? ""
                faults.add(
                    at: field.position, "unknown column '\(field.text.prefix(60))'\(guess)",
                    expected: "one of \(headings.joined(separator: ", "))")
            } else if places.updateValue(place, forKey: field.text) != nil {
                faults.add(at: field.position, "the column '\(field.text)' is there twice")
            }
        }
        for needed in ["partner", "application"] where places[needed] == nil {
            faults.add(at: heading[0].position, "the column '\(needed)' is missing")
        }
        return faults.faults.count == before ? places : nil
    }

    /// One partner as a partner file's tree: its facts from the first line; a later line may repeat them, or leave them out.
    private static func tree(_ rows: [[String: CommaSeparated.Field]], into faults: inout FaultList) -> FileTree {
        let first = rows[0]
        let position = first["partner"]?.position ?? FilePosition(file: "", line: 1, column: 1)
        for row in rows.dropFirst() {
            for column in partner + contacts {
                guard let field = row[column.heading], !field.text.isEmpty, field.text != first[column.heading]?.text ?? "" else {
                    continue
                }
                faults.add(
                    at: field.position, "the partner's \(column.heading) is another one than in its first line",
                    expected: "the same, or nothing")
            }
        }
        var entries = entries(of: first, partner)
        entries.append(
            FileTree.Entry(
                key: "contacts", position: position,
                value: FileTree(position: position, content: .mapping(self.entries(of: first, contacts)))))
        let applications = rows.filter { row in application.contains { !(row[$0.heading]?.text ?? "").isEmpty } }.map { row in
            FileTree(position: row["application"]?.position ?? position, content: .mapping(self.entries(of: row, application)))
        }
        entries.append(
            FileTree.Entry(key: "applications", position: position, value: FileTree(position: position, content: .list(applications))))
        return FileTree(position: position, content: .mapping(entries))
    }

    /// A text as a cell holds it. What begins like a formula is one to a spreadsheet, and strangers wrote it: behind an apostrophe it is text. One that
    /// stood there before gets another, so that each text has a cell of its own.
    static func cell(of text: String) -> String { isFormula(text) ? "'" + text : text }

    /// The text of a cell.
    private static func text(ofCell cell: String) -> String { cell.hasPrefix("'") && isFormula(cell) ? String(cell.dropFirst()) : cell }

    private static func isFormula(_ text: String) -> Bool { text.drop { $0 == "'" }.first.map("=+-@".contains) ?? false }

    private static func entries(of row: [String: CommaSeparated.Field], _ columns: [Column]) -> [FileTree.Entry] {
        columns.compactMap { column in
            guard let field = row[column.heading], !field.text.isEmpty else { return nil }
            let words = field.text.split(separator: " ").map { FileTree(position: field.position, content: .scalar(String($0))) }
            // A blank is no empty list: it says nothing.
            guard !column.isList || !words.isEmpty else { return nil }
            let content = column.isList ? FileTree.Content.list(words) : .scalar(field.text)
            return FileTree.Entry(key: column.key, position: field.position, value: FileTree(position: field.position, content: content))
        }
    }
}

extension PartnerDeclaration {
    /// Its lines of the table, a field a column: importing them gives the same declaration.
    package var tableRows: [[String]] {
        let own =
            [id.text, kind.name, name, registration, site]
            + ContactRole.allCases.map { declaredContacts[$0] ?? "" }
        let blank = [String](repeating: "", count: PartnerTable.headings.count - own.count)
        let rows = applications.isEmpty ? [own + blank] : applications.map { own + $0.tableFields }
        return rows.map { $0.map(PartnerTable.cell) }
    }

    /// The table's headings.
    package static var tableHeadings: [String] { PartnerTable.headings }
}

extension ApplicationDeclaration {
    fileprivate var tableFields: [String] {
        [
            id.text, name, purpose, scopes.scopes.map(\.name).joined(separator: " "), plan?.text ?? "",
            (allowedAddresses ?? []).map(AddressText.text).joined(separator: " "),
            (certificates ?? []).map(CertificateText.text).joined(separator: " "), state?.name ?? "", resumesIn?.name ?? "",
            granted.map { $0.scopes.map(\.name).joined(separator: " ") } ?? "", received?.text ?? "",
        ]
    }
}
