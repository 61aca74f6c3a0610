import Foundation
import GRDB
import Registry

/// Finds out whether a backup is what was backed up, and whether this version can use it.
package enum BackupVerification {
    /// Checks every file, the databases' integrity and the audit's chain; the keys are the backup's own where none are given.
    package static func verify(_ directory: String, keys: [AuditPublicKey]? = nil) throws -> BackupManifest {
        let manifest = try manifest(of: directory)
        try checkFiles(of: manifest, in: directory)
        for (name, known) in [
            (KeptFiles.registry, RegistrySchema.migrator(at: WallTime(nanoseconds: 0)).migrations),
            (KeptFiles.usage, UsageSchema.migrator.migrations),
        ] {
            guard manifest.files.contains(where: { $0.path == name }) else {
                guard name != KeptFiles.registry else { throw BackupFault("\(directory) has no \(name)") }
                continue
            }
            try reading(directory + "/" + name) { database in
                try checkDatabase(name, knowing: known, stated: manifest.schemas[name], database)
                if name == KeptFiles.registry { try checkAudit(of: manifest, in: directory, keys: keys, database) }
            }
        }
        return manifest
    }

    /// The manifest, if it is one of a form that this version knows.
    private static func manifest(of directory: String) throws -> BackupManifest {
        let path = directory + "/" + BackupManifest.name
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw BackupFault("\(directory) is no backup: it has no \(BackupManifest.name)")
        }
        struct Form: Decodable { let form: Int }
        if let form = try? JSONDecoder().decode(Form.self, from: bytes), form.form > BackupManifest.currentForm {
            throw BackupFault("\(path) was written by a newer version of the gateway (form \(form.form)): use that version")
        }
        guard let manifest = try? JSONDecoder().decode(BackupManifest.self, from: bytes) else {
            throw BackupFault("\(path) cannot be read: the backup is damaged")
        }
        return manifest
    }

    private static func checkFiles(of manifest: BackupManifest, in directory: String) throws {
        let there = Set(try KeptFolder.files(below: directory)).subtracting([BackupManifest.name])
        let stated = Set(manifest.files.map(\.path))
        if let path = stated.subtracting(there).min() { throw BackupFault("\(directory)/\(path) is missing") }
        if let path = there.subtracting(stated).min() { throw BackupFault("\(directory)/\(path) is not of the backup") }
        for file in manifest.files {
            let facts = try KeptFolder.facts(of: directory + "/" + file.path)
            guard facts == (file.bytes, file.sha256) else { throw BackupFault("\(directory)/\(file.path) is not as it was backed up") }
        }
    }

    private static func checkDatabase(_ name: String, knowing known: [String], stated: [String]?, _ database: Database) throws {
        let found = try migrations(of: database)
        let newer = Set(found).subtracting(known).sorted()
        guard newer.isEmpty else { throw RegistryError.newerSchema(newer) }
        guard found == stated else { throw BackupFault("\(name) has been through other migrations than the manifest says") }
        let verdict = try String.fetchAll(database, sql: "PRAGMA integrity_check")
        guard verdict == ["ok"] else { throw BackupFault("\(name) is damaged: \(verdict.first ?? "no verdict")") }
        guard try Row.fetchOne(database, sql: "PRAGMA foreign_key_check") == nil else {
            throw BackupFault("\(name) is damaged: a row refers to none")
        }
    }

    private static func checkAudit(
        of manifest: BackupManifest, in directory: String, keys: [AuditPublicKey]?, _ database: Database
    ) throws {
        let pem = FileManager.default.contents(atPath: directory + "/audit.pub").map { String(decoding: $0, as: UTF8.self) }
        guard let keys = keys ?? pem.flatMap(AuditPublicKey.init(pem:)).map({ [$0] }) else {
            throw BackupFault("\(directory)/audit.pub is missing: name the key that the audit is checked by")
        }
        let summary = try RegistryStore.verifyAudit(keys: keys, database)
        guard summary.last == manifest.auditRecords, CertificateText.text(summary.hash) == manifest.auditHash else {
            throw AuditFault(
                min(summary.last, manifest.auditRecords) + 1, "is not as the manifest says of \(manifest.auditRecords) records")
        }
    }

    /// The migrations that a database has been through, by name.
    static func migrations(of database: Database) throws -> [String] {
        try String.fetchAll(database, sql: "SELECT identifier FROM grdb_migrations ORDER BY identifier")
    }

    /// Reads a database that nobody else has open, and leaves nothing beside it.
    static func reading(_ path: String, _ body: (Database) throws -> Void) throws {
        var configuration = Configuration()
        configuration.readonly = true
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.read(body)
            try queue.close()
        } catch let error as DatabaseError { throw RegistryError.storage(error, doing: "read \(path)") }
    }
}
