import ArgumentParser
import Foundation
import Registry

/// How results are written.
enum Format: String, ExpressibleByArgument, CaseIterable {
    case table, json
}

/// A row of a result: columns for people, a JSON object for scripts.
protocol Listed: Encodable {
    static var headings: [String] { get }
    var cells: [String] { get }
}

extension Format {
    /// Writes rows as an aligned table with a heading, or as one JSON array.
    func write<Row: Listed>(_ rows: [Row]) throws {
        switch self {
        case .json: try writeJSON(rows)
        case .table:
            for line in aligned([Row.headings] + rows.map(\.cells)) { Output.write(line) }
        }
    }

    /// Writes one thing: a line for each of its columns, or a JSON array of one.
    func write<Row: Listed>(one row: Row) throws {
        switch self {
        case .json: try writeJSON([row])
        case .table:
            for line in aligned(zip(Row.headings, row.cells).map { [$0 + ":", $1] }) { Output.write(line) }
        }
    }

    private func writeJSON(_ rows: [some Encodable]) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        Output.write(String(decoding: try encoder.encode(rows), as: UTF8.self))
    }
}

/// Lines whose columns stand under each other; the last column is not padded.
func aligned(_ rows: [[String]]) -> [String] {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
    return rows.map { row in
        let cells = row.enumerated().map { column, cell in
            column == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
        }
        return cells.joined(separator: "  ")
    }
}
