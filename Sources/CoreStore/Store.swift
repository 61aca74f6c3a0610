import Foundation
package import GRDB

/// One environment's store: its database, and what every call on it needs. Reads run side by side, writes one after another.
package struct Store: Sendable {
    /// Which of the two it is.
    package let environment: StoreEnvironment
    /// One writer, several readers; every write of the process goes through it.
    package let database: DatabasePool
    let country: Country
    let settings: CoreStoreSettings
    let clock: StoreClock
    let chance: Chance

    /// Opens the database of one environment, or makes it.
    package init(
        _ environment: StoreEnvironment, settings: CoreStoreSettings, country: Country, clock: StoreClock = .wall, chance: Chance = .system
    ) throws {
        self.environment = environment
        self.country = country
        self.settings = settings
        self.clock = clock
        self.chance = chance
        var configuration = Configuration()
        configuration.maximumReaderCount = Limits.databaseReaders
        configuration.busyMode = .timeout(Limits.databaseBusySeconds)
        configuration.label = "core-store-\(environment.rawValue)"
        let path = environment.databasePath(in: settings.stateDirectory)
        if !FileManager.default.fileExists(atPath: path) {
            // An empty file is an empty database; SQLite gives its log the same mode, so citizens' records are the owner's alone.
            _ = FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
        }
        database = try DatabasePool(path: path, configuration: configuration)
        // Only after opening: the pool itself sets NORMAL on its writer while it turns on the write-ahead log.
        try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        try Schema.migrator.migrate(database)
    }

    var now: Int { clock.secondsSince1970() }

    /// The day it now is in the country.
    package var today: Day { Day(at: now, utcOffsetSeconds: settings.utcOffsetSeconds) }

    /// One IMMEDIATE transaction, committed to the disk before it returns; a thrown refusal rolls all of it back.
    func write<Value: Sendable>(_ change: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await database.write(change)
    }

    /// One consistent view, which a writer at work neither blocks nor changes.
    func read<Value: Sendable>(_ query: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await database.read(query)
    }
}
