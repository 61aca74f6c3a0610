/// A file of comma-separated values (RFC 4180), each field with its place: quoted fields may hold commas, line ends and doubled quotes.
struct CommaSeparated {
    /// One field.
    struct Field {
        var text: String
        var position: FilePosition
    }

    /// Lines with at least one field that is not empty, the heading among them.
    private(set) var rows: [[Field]] = []

    private let file: String
    private var (line, column) = (1, 1)
    private var row: [Field] = []
    private var text = ""
    private var start: FilePosition
    private var quote = Quote.none

    private enum Quote {
        /// No quote opened this field.
        case none
        case open
        /// A quote that may be the field's end, or the first of two.
        case closing
    }

    /// The rows of a text, or nil with the one fault that kept it from being read. Line ends are CR LF, LF or CR.
    init?(_ text: String, file: String, into faults: inout FaultList) {
        self.file = file
        start = FilePosition(file: file, line: 1, column: 1)
        // A byte order mark is what spreadsheets put first.
        for scalar in text.unicodeScalars.drop(while: { $0 == "\u{FEFF}" }) {
            let position = FilePosition(file: file, line: line, column: column)
            if let problem = take(scalar) {
                faults.add(at: position, problem, expected: "fields as RFC 4180 has them")
                return nil
            }
        }
        guard quote != .open else {
            faults.add(at: start, "a quoted field that does not end")
            return nil
        }
        endRow()
    }

    /// Takes one more character, or says what is wrong with it.
    private mutating func take(_ scalar: Unicode.Scalar) -> String? {
        defer { count(scalar) }
        switch (quote, scalar) {
        case (.open, "\""): quote = .closing
        case (.closing, "\""):
            text.unicodeScalars.append(scalar)
            quote = .open
        case (.open, _): text.unicodeScalars.append(scalar)
        case (_, ","): endField()
        case (_, "\n"), (_, "\r"): endRow()
        case (.none, "\"") where text.isEmpty: quote = .open
        case (.none, "\""): return "a quote within a field that does not begin with one"
        case (.closing, _): return "text behind a quoted field's end"
        case (.none, _): text.unicodeScalars.append(scalar)
        }
        return nil
    }

    private mutating func count(_ scalar: Unicode.Scalar) {
        column += 1
        if scalar == "\n" { (line, column) = (line + 1, 1) }
        if text.isEmpty, quote == .none { start = FilePosition(file: file, line: line, column: column) }
    }

    private mutating func endField() {
        row.append(Field(text: text, position: start))
        (text, quote) = ("", .none)
    }

    private mutating func endRow() {
        endField()
        if row.contains(where: { !$0.text.isEmpty }) { rows.append(row) }
        row = []
    }
}
