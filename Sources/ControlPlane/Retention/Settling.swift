import Foundation
import GRDB
package import Registry

extension RegistryStore {
    /// Sweeps what was erased out of files: evidence that no row has any more, and pages of the registry and its journal that rows were in.
    /// False where somebody stands in the way, who makes a backup or reads for long: then it is still to do. Does nothing where nothing is.
    @discardableResult
    package func settleErasures(at now: WallTime) throws(RegistryError) -> Bool {
        let last = try read { try Int64.fetchOne($0, sql: "SELECT max(number) FROM erasure WHERE settled IS NULL") }
        guard let last else { return true }
        guard try sweepEvidence() != nil, try rewrite() else { return false }
        try write(.note) { database in
            try database.execute(
                sql: "UPDATE erasure SET settled = ? WHERE settled IS NULL AND number <= ?", arguments: [now.nanoseconds, last])
        }
        return true
    }

    /// Writes the file anew from its rows: what rows left in pages when they moved or went is in none of the new ones. The journal ends empty.
    private func rewrite() throws(RegistryError) -> Bool {
        do {
            // First: where somebody reads for long the journal cannot end, and would have the whole registry appended each time.
            try truncateJournal()
            defer { try? truncateJournal() }
            try demandSpace()
            try pool.vacuum()
            try truncateJournal()
            return true
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY || error.resultCode == .SQLITE_LOCKED {
            return false
        } catch let error as RegistryError { throw error } catch {
            throw RegistryError.storage(error, doing: "sweep what was erased out of the registry")
        }
    }

    /// The disk must not be full for whoever else writes while the registry is written anew: once beside itself, once in the journal.
    private func demandSpace() throws {
        let manager = FileManager.default
        guard let length = try (manager.attributesOfItem(atPath: pool.path)[.size] as? NSNumber)?.int64Value,
            let free = try (manager.attributesOfFileSystem(forPath: stateDirectory)[.systemFreeSize] as? NSNumber)?.int64Value
        else { return }
        guard free >= 2 * length + Limits.sweepSpareBytes else {
            throw RegistryError.storage(
                "cannot sweep what was erased out of the registry: that takes \(2 * length + Limits.sweepSpareBytes) bytes for a moment, and"
                    + " \(free) are free")
        }
    }

    private func truncateJournal() throws { try pool.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) } }
}
