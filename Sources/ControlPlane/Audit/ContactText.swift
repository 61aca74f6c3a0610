extension SafeText {
    /// The text without mail addresses and telephone numbers: what is on record for good names nobody's.
    static func withoutContacts(_ text: String) -> String {
        // Both are looked for only where there can be one: most texts have neither, and an import has thousands.
        var text = text
        if text.contains("@") { text = text.replacing(/[^\s@<>,;:()\[\]]+@[^\s@<>,;:()\[\]]+\.[^\s@<>,;:()\[\].]+/, with: contact) }
        guard text.count(where: \.isNumber) >= fewestDigits else { return text }
        return text.replacing(/\+?\b\d+(?:[ \-]\d+)*\b/) { match in
            isNumber(match.output) ? contact : String(match.output)
        }
    }

    /// What stands in their place.
    private static let contact = "[contact]"
    /// A telephone number has at least so many digits where it begins with its country's, and ten without.
    private static let fewestDigits = 8

    /// Whether digits in groups are a telephone number: no date, whose groups are shorter, and no number of a ticket.
    private static func isNumber(_ text: Substring) -> Bool {
        let groups = text.drop { $0 == "+" }.split { $0 == " " || $0 == "-" }
        let digits = groups.reduce(0) { $0 + $1.count }
        guard text.first != "+" else { return (fewestDigits...15).contains(digits) }
        return (10...13).contains(digits) && groups.allSatisfy { $0.count >= 3 }
    }
}
