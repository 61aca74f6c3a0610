import Foundation
import GRDB
package import Registry
import Synchronization

/// The registry: what partners declared and what people decided, in `registry.sqlite` of a state folder.
///
/// Several processes may hold it open at once. Every write is one IMMEDIATE transaction that reads, decides with pure values, writes, puts
/// what it did on record, and lets the revision grow; it is on disk (synchronous FULL) before the call returns.
package final class RegistryStore: Sendable {
    /// The folder that holds everything the gateway keeps.
    package let stateDirectory: String
    /// Who has which roles.
    let accounts: any RolesOf
    /// How many refused calls are on record.
    let refusedCalls = Mutex(RefusedCalls())
    let pool: DatabasePool

    /// The registry of a state folder; folder and file are made where missing, readable by their owner only. The time is that of an audit
    /// which begins here.
    package convenience init(stateDirectory: String, at now: WallTime = .now()) throws(RegistryError) {
        try self.init(stateDirectory: stateDirectory, accounts: RegisteredAccounts(), at: now)
    }

    /// The same, with accounts of another's keeping.
    init(stateDirectory: String, accounts: any RolesOf, at now: WallTime = .now()) throws(RegistryError) {
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
                // What is deleted is overwritten: people's addresses stay in no page that is free.
                try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON") }
                try RegistryStore.migrate(pool, at: now)
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

    /// Copies the registry as it is at one moment to a file that is not there yet; who writes meanwhile waits for nothing but the disk.
    func copy(to path: String) throws(RegistryError) {
        do { try pool.vacuum(into: path) } catch { throw RegistryError.storage(error, doing: "copy the registry to \(path)") }
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

    /// The same where more can go wrong than with the registry: what the body throws of its own goes on as it is.
    func readAny<Value>(_ body: (Database) throws -> Value) throws -> Value {
        do { return try pool.read(body) } catch let error as DatabaseError {
            throw RegistryError.storage(error, doing: "read the registry")
        }
    }

    /// What a write is.
    enum WriteSort {
        /// Somebody decided something: what changes must be on record, and the revision grows.
        case decision
        /// Somebody decided something that no request is judged by: what changes must be on record, and nothing is published.
        case unpublishedDecision
        /// Nobody decided anything: a session was used, a refusal is put on record, a checkpoint is made.
        case note
        /// Somebody wants to see what a decision would come to: all is undone.
        case trial
    }

    /// Writes in one IMMEDIATE transaction; a throw undoes everything, and so does a change that is not on record.
    func write<Value>(_ sort: WriteSort = .decision, _ body: (Database) throws -> Value) throws(RegistryError) -> Value {
        do {
            return try pool.writeWithoutTransaction { database in
                var value: Value?
                try database.inTransaction(.immediate) {
                    let (changes, length) = (database.totalChangesCount, try RegistryStore.auditLength(database))
                    value = try body(database)
                    let appended = try RegistryStore.auditLength(database) - length
                    if sort == .trial { return .rollback }
                    if sort != .note, Int64(database.totalChangesCount - changes) > appended {
                        guard appended > 0 else { throw RegistryError.unaudited }
                        if sort == .decision { try database.execute(sql: "UPDATE revision SET number = number + 1") }
                    }
                    if appended > 0 { try checkpointIfDue(database) }
                    return .commit
                }
                guard let value else { preconditionFailure("a transaction that ended has a value") }
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

    private static func migrate(_ pool: DatabasePool, at now: WallTime) throws {
        let migrator = RegistrySchema.migrator(at: now)
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
