import Foundation
import GRDB
import Registry

/// The registry: what partners declared and what people decided, in `registry.sqlite` of a state folder.
///
/// Several processes may hold it open at once. Every write is one IMMEDIATE transaction that reads, decides with pure values, writes, and
/// lets the revision grow; it is on disk (synchronous FULL) before the call returns.
package final class RegistryStore: Sendable {
    /// The folder that holds everything the gateway keeps.
    package let stateDirectory: String
    /// Who has which roles.
    let accounts: any RolesOf
    private let pool: DatabasePool

    /// The registry of a state folder; folder and file are made where missing, readable by their owner only.
    package convenience init(stateDirectory: String) throws(RegistryError) {
        try self.init(stateDirectory: stateDirectory, accounts: NoAccounts())
    }

    /// The same, with accounts of another's keeping.
    init(stateDirectory: String, accounts: any RolesOf) throws(RegistryError) {
        self.stateDirectory = stateDirectory
        self.accounts = accounts
        let path = stateDirectory + "/registry.sqlite"
        try RegistryStore.prepareFile(path, in: stateDirectory)
        do {
            var configuration = Configuration()
            configuration.busyMode = .timeout(TimeInterval(Limits.busySeconds))
            configuration.maximumReaderCount = 4
            configuration.label = "registry"
            // One process at a time: two that migrate a new file at once would trip over each other.
            pool = try FileLock.holding(stateDirectory + "/registry.lock", seconds: Limits.busySeconds) {
                let pool = try DatabasePool(path: path, configuration: configuration)
                // Opening the pool in WAL mode sets NORMAL, which may lose the last commits with the power: it has to be set afterwards.
                try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
                try RegistryStore.migrate(pool)
                return pool
            }
        } catch let error as RegistryError {
            throw error
        } catch {
            throw RegistryError.storage(error, doing: "open the registry \(path)")
        }
    }

    /// Grows by one with every transaction that changed anything.
    package func revision() throws(RegistryError) -> UInt64 {
        try read { try RegistryStore.revision($0) }
    }

    /// Closes the database; later calls fail.
    package func close() throws(RegistryError) {
        do { try pool.close() } catch { throw RegistryError.storage(error, doing: "close the registry") }
    }

    /// Reads in one transaction: a consistent view, whatever others write meanwhile.
    func read<Value>(_ body: (Database) throws -> Value) throws(RegistryError) -> Value {
        do { return try pool.read(body) } catch let error as RegistryError { throw error } catch {
            throw RegistryError.storage(error, doing: "read the registry")
        }
    }

    /// Writes in one IMMEDIATE transaction; the revision grows in it if anything changed. A throw undoes everything.
    func write<Value>(_ body: (Database) throws -> Value) throws(RegistryError) -> Value {
        do {
            return try pool.writeWithoutTransaction { database in
                var value: Value?
                try database.inTransaction(.immediate) {
                    let before = database.totalChangesCount
                    value = try body(database)
                    if database.totalChangesCount != before {
                        try database.execute(sql: "UPDATE revision SET number = number + 1")
                    }
                    return .commit
                }
                guard let value else { preconditionFailure("a committed transaction has a value") }
                return value
            }
        } catch let error as RegistryError { throw error } catch {
            throw RegistryError.storage(error, doing: "write the registry")
        }
    }

    static func revision(_ database: Database) throws -> UInt64 {
        UInt64(try Int64.fetchOne(database, sql: "SELECT number FROM revision") ?? 0)
    }

    /// The connection's own setting, for the test that FULL (2) is in force.
    func synchronousSetting() throws -> Int? {
        try pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
    }

    /// Makes an empty database file, where there is none, that its owner alone can read.
    static func prepareFile(_ path: String, in directory: String) throws(RegistryError) {
        let manager = FileManager.default
        do {
            if !manager.fileExists(atPath: directory) {
                try manager.createDirectory(
                    atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            }
            // SQLite gives its -wal and -shm files the database's mode.
            if !manager.fileExists(atPath: path) {
                try? Data().write(to: URL(fileURLWithPath: path), options: .withoutOverwriting)
                try manager.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
            }
        } catch {
            throw RegistryError.storage(error, doing: "make \(path)")
        }
    }

    private static func migrate(_ pool: DatabasePool) throws {
        let migrator = RegistrySchema.migrator
        let newer = try pool.read { try migrator.appliedIdentifiers($0) }.subtracting(migrator.migrations)
        guard newer.isEmpty else { throw RegistryError.newerSchema(newer.sorted()) }
        if try pool.read({ try !migrator.hasCompletedMigrations($0) }) { try migrator.migrate(pool) }
    }
}

extension RegistryError {
    /// A fault of the world in one sentence, with what was being done.
    static func storage(_ error: any Error, doing what: String) -> RegistryError {
        guard let error = error as? DatabaseError else { return .storage("cannot \(what): \(error.localizedDescription)") }
        let cause =
            switch error.resultCode {
            case .SQLITE_FULL: "the disk is full"
            case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM: "the file or its folder cannot be written"
            case .SQLITE_BUSY: "another process has been writing for \(Limits.busySeconds) s"
            case .SQLITE_CORRUPT, .SQLITE_NOTADB: "the file is damaged or no registry"
            default: error.message ?? "database error \(error.extendedResultCode.rawValue)"
            }
        return .storage("cannot \(what): \(cause)")
    }
}
