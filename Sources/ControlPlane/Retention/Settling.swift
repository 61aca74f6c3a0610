import Foundation
import GRDB
package import Registry

extension RegistryStore {
    /// Sweeps what was erased out of files: evidence that no row has any more, and pages of the registry and its journal that rows were in.
    /// False where somebody stands in the way, who makes a backup or reads for long: then it is still to do. Does nothing where nothing is.
    /// So many bytes must stay free beside what it takes.
    @discardableResult
    package func settleErasures(at now: WallTime, sparing spare: Int64 = Limits.sweepSpareBytes) throws(RegistryError) -> Bool {
        let last = try read { try Int64.fetchOne($0, sql: "SELECT max(number) FROM erasure WHERE settled IS NULL") }
        guard let last else { return true }
        guard try sweepEvidence() != nil, try rewrite(sparing: spare) else { return false }
        try write(.note) { database in
            try database.execute(
                sql: "UPDATE erasure SET settled = ? WHERE settled IS NULL AND number <= ?", arguments: [now.nanoseconds, last])
        }
        return true
    }

    /// Writes the file anew from its rows: what rows left in pages when they moved or went is in none of the new ones. The journal ends empty.
    private func rewrite(sparing spare: Int64) throws(RegistryError) -> Bool {
        do {
            // First: where somebody reads for long the journal cannot end, and would have the whole registry appended each time.
            try truncateJournal()
            defer { try? truncateJournal() }
            try demandSpace(sparing: spare)
            try pool.vacuum()
            try truncateJournal()
            return true
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY || error.resultCode == .SQLITE_LOCKED {
            return false
        } catch let error as RegistryError { throw error } catch {
            throw RegistryError.storage(error, doing: "sweep what was erased out of the registry")
        }
    }

    /// Disks must not be full for whoever else writes while the registry is written anew: to SQLite's folder for temporary files first (see
    /// https://www.sqlite.org/tempfiles.html), and from there into the journal.
    private func demandSpace(sparing spare: Int64) throws {
        let manager = FileManager.default
        guard let length = try (manager.attributesOfItem(atPath: pool.path)[.size] as? NSNumber)?.int64Value else { return }
        let environment = ProcessInfo.processInfo.environment
        let temporary = [environment["SQLITE_TMPDIR"], environment["TMPDIR"], "/var/tmp", "/usr/tmp", "/tmp"].compactMap(\.self)
        // A disk is told by its size: one that is mounted twice may have two numbers.
        var disks: [Int64: (folder: String, free: Int64, copies: Int64)] = [:]
        for folder in [stateDirectory, temporary.first(where: manager.isWritableFile(atPath:)) ?? "."] {
            let disk = try manager.attributesOfFileSystem(forPath: folder)
            guard let size = (disk[.systemSize] as? NSNumber)?.int64Value, let free = (disk[.systemFreeSize] as? NSNumber)?.int64Value
            else {
                continue
            }
            disks[size, default: (folder, free, 0)].copies += 1
        }
        for disk in disks.values where disk.free - spare < disk.copies * length {
            throw RegistryError.storage(
                "cannot sweep what was erased out of the registry: in \(disk.folder) that takes \(disk.copies * length) bytes for a moment and"
                    + " \(spare) to spare, and \(disk.free) are free")
        }
    }

    private func truncateJournal() throws { try pool.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) } }
}
