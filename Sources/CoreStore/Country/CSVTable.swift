import Foundation

/// One thing wrong in a country file: `file:line:column: field: what is wrong`.
package struct CountryFault: Error, Equatable, CustomStringConvertible {
    /// The file's name, without its folder.
    package let file: String
    /// Counted from 1, the header's line.
    package let line: Int
    /// Counted in characters from 1, where the field begins.
    package let column: Int
    /// The field's name and what is wrong with it.
    package let problem: String

    /// As editors and terminals jump to it.
    package var description: String { "\(file):\(line):\(column): \(problem)" }
}

/// Every fault of one reading, so that one run shows them all.
package struct CountryFaults: Error, CustomStringConvertible {
    /// In the order of the files, then of their lines.
    package let faults: [CountryFault]

    /// A line for each.
    package var description: String { faults.map(\.description).joined(separator: "\n") }
}

/// A comma-separated file (RFC 4180) with the header it must have; fields keep their places for messages.
struct CSVTable {
    struct Field: Equatable {
        let text: String
        let line: Int
        let column: Int
    }

    struct Row {
        let line: Int
        let fields: [Field]
    }

    let file: String
    let header: [String]
    private(set) var rows: [Row] = []
    private(set) var faults: [CountryFault] = []

    init(path: String, header: [String]) throws {
        let name = (path as NSString).lastPathComponent
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw CountryFaults(faults: [CountryFault(file: name, line: 1, column: 1, problem: "cannot be read at \(path)")])
        }
        self.init(file: name, text: String(decoding: bytes, as: UTF8.self), header: header)
    }

    init(file: String, text: String, header: [String]) {
        self.file = file
        self.header = header
        var scanner = CSVScanner(text)
        var sawHeader = false
        while let row = scanner.nextRow() {
            if let problem = scanner.problem {
                faults.append(CountryFault(file: file, line: problem.line, column: problem.column, problem: problem.text))
                return
            }
            if sawHeader {
                keep(row)
            } else {
                sawHeader = true
                guard row.fields.map(\.text) == header else {
                    let expected = header.joined(separator: ",")
                    faults.append(CountryFault(file: file, line: row.line, column: 1, problem: "the header must be \(expected)"))
                    return
                }
            }
        }
        if rows.isEmpty && faults.isEmpty { faults.append(CountryFault(file: file, line: 1, column: 1, problem: "no rows")) }
    }

    private mutating func keep(_ row: Row) {
        guard row.fields.count == header.count else {
            let place = row.fields.last
            let problem = "\(row.fields.count) fields, expected \(header.count)"
            faults.append(CountryFault(file: file, line: row.line, column: place?.column ?? 1, problem: problem))
            return
        }
        rows.append(row)
    }
}

/// Splits text into rows of fields, keeping line and column; a quote opens only at a field's beginning.
private struct CSVScanner {
    private var characters: ArraySlice<Character>
    private var line = 1
    private var column = 1
    private(set) var problem: (line: Int, column: Int, text: String)?

    init(_ text: String) { characters = ArraySlice(text.first == "\u{FEFF}" ? Array(text.dropFirst()) : Array(text)) }

    /// The next row that is not empty, or nil at the end or after a problem.
    mutating func nextRow() -> CSVTable.Row? {
        guard problem == nil else { return nil }
        while let next = characters.first, next.isNewline { take() }
        guard !characters.isEmpty else { return nil }
        let start = line
        var fields = [nextField()]
        while characters.first == "," {
            take()
            fields.append(nextField())
        }
        if let next = characters.first, !next.isNewline, problem == nil { problem = (line, column, "text after a closing quote") }
        return CSVTable.Row(line: start, fields: fields)
    }

    private mutating func nextField() -> CSVTable.Field {
        let place = (line, column)
        var text = ""
        if characters.first == "\"" {
            take()
            while let next = characters.first {
                take()
                if next == "\"" {
                    guard characters.first == "\"" else { return CSVTable.Field(text: text, line: place.0, column: place.1) }
                    take()
                }
                text.append(next)
            }
            problem = (place.0, place.1, "a quote is never closed")
        } else {
            while let next = characters.first, next != ",", !next.isNewline { text.append(take()) }
        }
        return CSVTable.Field(text: text, line: place.0, column: place.1)
    }

    @discardableResult private mutating func take() -> Character {
        let character = characters.removeFirst()
        if character.isNewline {
            line += 1
            column = 1
        } else {
            column += 1
        }
        return character
    }
}
