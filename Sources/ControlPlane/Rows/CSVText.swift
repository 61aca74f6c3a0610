/// Lines of comma-separated values (RFC 4180).
package enum CSVText {
    /// One line, its end included.
    package static func line(_ values: [String]) -> String { values.map(field).joined(separator: ",") + "\r\n" }

    /// Quoted where something in it would end it.
    private static func field(_ text: String) -> String {
        // By scalars: a carriage return and a line feed make one character.
        let needsQuotes = text.unicodeScalars.contains { $0 == "," || $0 == "\"" || $0 == "\r" || $0 == "\n" }
        return needsQuotes ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
    }
}
