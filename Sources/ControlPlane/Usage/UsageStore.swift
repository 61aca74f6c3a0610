import Foundation
import GRDB
import Registry

/// Counts by application, scope, verdict and time, in `usage.sqlite` of a state folder, with how far each segment is in them: both change in
/// one transaction, so that whoever counts may be killed at any moment. Counting the same again changes nothing.
package final class UsageStore: Sendable {
    private let pool: any DatabaseWriter
    private let path: String
    let stateDirectory: String
    /// Called before each commit: what tests let go wrong.
    private let interruption: @Sendable () throws -> Void

    /// How far a segment is counted.
    struct Progress: Hashable, Sendable {
        var stem: String
        /// The folder it was counted in, as `UsageStore.place(of:)` has it.
        var folder = ""
        /// Behind the last frame of the live form that was counted.
        var offset = 0
        /// Records counted.
        var records = 0
        /// Entries of missing records counted.
        var drops = 0
        /// Nothing more is to come of it.
        var isWhole = false
    }

    /// The counts of a state folder; the file is made where missing, readable by its owner only.
    package init(stateDirectory: String, interruption: @escaping @Sendable () throws -> Void = {}) throws(RegistryError) {
        self.interruption = interruption
        let path = UsageStore.path(in: stateDirectory)
        (self.path, self.stateDirectory) = (path, stateDirectory)
        try RegistryStore.prepareFile(path, in: stateDirectory)
        do {
            var configuration = Configuration()
            configuration.busyMode = .timeout(TimeInterval(Limits.busySeconds))
            configuration.maximumReaderCount = 2
            configuration.label = "usage"
            // Synchronous NORMAL, the pool's default, may lose the last counts with the power, and the progress with them: they are counted again.
            pool = try FileLock.holding(stateDirectory + "/usage.lock", seconds: Limits.busySeconds) {
                let pool = try DatabasePool(path: path, configuration: configuration)
                try UsageStore.migrate(pool)
                return pool
            }
        } catch {
            throw UsageStore.fault(error, path)
        }
    }

    /// Counts that nobody keeps, for a state folder without any: who looks makes nothing there.
    package init(forNowIn stateDirectory: String) throws(RegistryError) {
        (path, interruption) = ("a temporary file", {})
        self.stateDirectory = stateDirectory
        do {
            // To SQLite no name means a file that goes with its connection.
            let queue = try DatabaseQueue(path: "")
            try UsageSchema.migrator.migrate(queue)
            pool = queue
        } catch {
            throw UsageStore.fault(error, "a temporary file")
        }
    }

    /// Where the counts of a state folder are.
    package static func path(in stateDirectory: String) -> String { stateDirectory + "/usage.sqlite" }

    /// Closes the database; later calls fail.
    package func close() throws(RegistryError) { try explained { try pool.close() } }

    /// How far these segments are counted, those that are at all.
    func progress(of stems: [String]) throws(RegistryError) -> [Progress] {
        try read { database in try stems.compactMap { try UsageStore.progress(of: $0, database) } }
    }

    /// Segments of a folder that more may come of.
    func unfinished(in folder: String) throws(RegistryError) -> [Progress] {
        try read { database in
            let sql = "SELECT * FROM segment WHERE is_whole = 0 AND folder = ?"
            return try Row.fetchAll(database, sql: sql, arguments: [folder]).map(UsageStore.progress)
        }
    }

    /// Adds what came of a segment since `before`; false, and nothing is done, where somebody else counted meanwhile.
    func add(_ cells: [UsageCell: Int64], before: Progress?, after: Progress) throws(RegistryError) -> Bool {
        try write { database in
            guard try UsageStore.progress(of: after.stem, database) == before else { return false }
            try UsageStore.save(after, database)
            let counts = try UsageStore.numbered(cells, database)
            try UsageStore.apply(counts, database)
            try UsageStore.addShare(counts, of: after.stem, database)
            try interruption()
            return true
        }
    }

    /// Puts all that a segment holds in the place of what was counted of it; false, and nothing is done, where somebody else counted meanwhile.
    func replace(with cells: [UsageCell: Int64], before: Progress?, after: Progress) throws(RegistryError) -> Bool {
        try write { database in
            guard try UsageStore.progress(of: after.stem, database) == before else { return false }
            try UsageStore.save(after, database)
            let counts = try UsageStore.numbered(cells, database)
            let share = try UsageStore.takeShare(of: after.stem, database)
            try UsageStore.apply(counts.merging(share.mapValues { -$0 }) { $0.plusClamped($1) }, database)
            if !after.isWhole { try UsageStore.addShare(counts, of: after.stem, database) }
            try interruption()
            return true
        }
    }

    /// Nothing more comes of a segment, and what was counted of it stays; false where somebody else counted meanwhile.
    func finish(_ after: Progress, before: Progress?) throws(RegistryError) -> Bool {
        try write { database in
            guard try UsageStore.progress(of: after.stem, database) == before else { return false }
            try UsageStore.save(after, database)
            _ = try UsageStore.takeShare(of: after.stem, database)
            try interruption()
            return true
        }
    }

    /// Reads in one transaction.
    func read<Value>(_ body: (Database) throws -> Value) throws(RegistryError) -> Value { try explained { try pool.read(body) } }

    /// Writes in one IMMEDIATE transaction; a throw undoes everything.
    func write<Value>(_ body: (Database) throws -> Value) throws(RegistryError) -> Value {
        try explained {
            try pool.writeWithoutTransaction { database in
                var value: Value?
                try database.inTransaction(.immediate) {
                    value = try body(database)
                    return .commit
                }
                guard let value else { preconditionFailure("a committed transaction has a value") }
                return value
            }
        }
    }

    private func explained<Value>(_ body: () throws -> Value) throws(RegistryError) -> Value {
        do { return try body() } catch { throw UsageStore.fault(error, path) }
    }

    private static func fault(_ error: any Error, _ path: String) -> RegistryError {
        if let error = error as? RegistryError { return error }
        let code = (error as? DatabaseError)?.resultCode
        guard code == .SQLITE_CORRUPT || code == .SQLITE_NOTADB else { return RegistryError.storage(error, doing: "count into \(path)") }
        return .storage("\(path) is damaged: remove it, and the records that are kept are counted again")
    }

    private static func migrate(_ pool: DatabasePool) throws {
        let migrator = UsageSchema.migrator
        let newer = try pool.read { try migrator.appliedIdentifiers($0) }.subtracting(migrator.migrations)
        guard newer.isEmpty else { throw RegistryError.newerSchema(newer.sorted()) }
        if try pool.read({ try !migrator.hasCompletedMigrations($0) }) { try migrator.migrate(pool) }
    }
}
