import ArgumentParser
import ControlPlane

/// How records and counts are written: more of them than a list has.
enum RecordFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json, csv
}

/// A row of records or counts.
protocol RecordRow {
    /// Over the columns of the table.
    static var headings: [String] { get }
    /// How wide these are where not all rows are known before the first is written.
    static var widths: [Int] { get }
    /// Of all that scripts get.
    static var memberNames: [String] { get }
    var cells: [String] { get }
    var members: [RecordMember] { get }
}

/// Writes rows as they are given, in pieces that are worth a write.
struct RecordPrinter<Row: RecordRow> {
    let format: RecordFormat
    /// Whether rows come until somebody has enough: then each is written at once, and JSON is an object a line.
    let isEndless: Bool
    /// Whether all rows are there before the first is written, so that columns can be as wide as they have to.
    let isBounded: Bool

    private var text = ""
    private var table: [[String]] = []
    /// Rows so far.
    private(set) var count = 0

    private static var pieceBytes: Int { 65_536 }

    init(_ format: RecordFormat, isEndless: Bool = false, isBounded: Bool = true) {
        (self.format, self.isEndless, self.isBounded) = (format, isEndless, isBounded)
    }

    mutating func write(_ row: Row) {
        if count == 0 { begin() }
        switch format {
        case .table: add(cells: row.cells)
        case .json: text += (isEndless ? "" : count == 0 ? "\n" : ",\n") + RecordMember.json(row.members) + (isEndless ? "\n" : "")
        case .csv: text += CSVText.line(row.members.map(\.cell))
        }
        count += 1
        if isEndless || text.utf8.count >= Self.pieceBytes { flush() }
    }

    /// No more rows, or none that are there already.
    mutating func end() {
        if isEndless { return }
        if count == 0 { begin() }
        if format == .json { text += "\n]\n" }
        for line in aligned(table) { text += line + "\n" }
        flush()
    }

    /// What stands before the first row.
    private mutating func begin() {
        switch format {
        case .table: add(cells: Row.headings)
        case .json: if !isEndless { text += "[" }
        case .csv: text += CSVText.line(Row.memberNames)
        }
    }

    private mutating func add(cells: [String]) {
        guard !isBounded || isEndless else { return table.append(cells) }
        let padded = zip(cells, Row.widths).map { cell, width in cell + String(repeating: " ", count: max(0, width - cell.count)) }
        text += padded.joined(separator: "  ") + "\n"
    }

    private mutating func flush() {
        if !text.isEmpty { Output.writeWhole(text) }
        text = ""
    }
}
