import Foundation
import GRDB

extension Database {
    /// Everything a table holds, as bytes one after the other.
    func cachedRows(of table: String) throws -> [UInt8] {
        try Row.fetchAll(self, sql: "SELECT * FROM \(table)").flatMap { row in
            row.databaseValues.flatMap { value -> [UInt8] in
                switch value.storage {
                case .string(let text): Array(text.utf8)
                case .blob(let bytes): Array(bytes)
                default: []
                }
            }
        }
    }
}

extension [UInt8] {
    /// Whether these bytes stand in it, one after the other.
    func contains(_ bytes: [UInt8]) -> Bool {
        guard count >= bytes.count else { return false }
        return (0...(count - bytes.count)).contains { self[$0..<$0 + bytes.count].elementsEqual(bytes) }
    }
}
