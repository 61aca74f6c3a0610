import Decisions
import Foundation
import GRDB
package import Registry

extension RegistryStore {
    /// Copies the state of a running system to a folder that is there whole or not at all: the registry as it is at one moment, counts, the
    /// audit's key, evidence, and the policy files of a folder.
    package func backUp(to directory: String, policiesDirectory: String, by actor: Actor, at now: WallTime) throws -> BackupManifest {
        let actor = try Person.actor(actor)
        let folder = try KeptFolder(for: directory)
        do {
            let event = AuditEvent(.backUp, of: AuditSubject("state", URL(fileURLWithPath: directory).lastPathComponent))
            try write(.note) { try RegistryStore.audit(event, by: actor, at: now, $0) }
            try makeCheckpoint(at: now)
            // Files that the copied rows name are removed by nobody until they are copied, too.
            try FileLock.holding(EvidenceFolder(stateDirectory: stateDirectory).lock, seconds: Limits.busySeconds, isShared: true) {
                try copy(to: folder.beside + "/" + KeptFiles.registry)
                try RegistryStore.copyRest(of: stateDirectory, policiesDirectory: policiesDirectory, into: folder)
            }
            let manifest = try BackupManifest(of: folder.beside, at: now)
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            try encoder.encode(manifest).write(to: URL(fileURLWithPath: folder.beside + "/" + BackupManifest.name))
            try folder.arrive()
            return manifest
        } catch {
            folder.abandon()
            throw KeptFolder.explained(error, "the backup was not made")
        }
    }

    private static func copyRest(of state: String, policiesDirectory: String, into folder: KeptFolder) throws {
        let manager = FileManager.default
        if manager.fileExists(atPath: UsageStore.path(in: state)) {
            var configuration = Configuration()
            configuration.busyMode = .timeout(TimeInterval(Limits.busySeconds))
            let usage = try DatabaseQueue(path: UsageStore.path(in: state), configuration: configuration)
            try usage.vacuum(into: folder.beside + "/" + KeptFiles.usage)
            try usage.close()
        }
        for name in KeptFiles.single where manager.fileExists(atPath: state + "/" + name) { try folder.copy(state + "/" + name, to: name) }
        // Only what the copied rows name: what was erased and not yet swept out is not kept, nor what is being handed in just now.
        var named: Set<String> = []
        try BackupVerification.reading(folder.beside + "/" + KeptFiles.registry) { database in
            named = Set(try EvidenceFolder.digestsInUse(database).map(CertificateText.text))
        }
        for (name, source) in [(KeptFiles.evidence, state + "/" + KeptFiles.evidence), (KeptFiles.policies, policiesDirectory)] {
            for path in try KeptFolder.files(below: source) where name != KeptFiles.evidence || named.contains(path) {
                try folder.copy(source + "/" + path, to: name + "/" + path)
            }
        }
    }
}

extension BackupManifest {
    /// What is in a folder that is to be a backup.
    fileprivate init(of folder: String, at now: WallTime) throws {
        var (revision, records, hash) = (UInt64(0), Int64(0), AuditRecord.noHash)
        var schemas: [String: [String]] = [:]
        for name in [KeptFiles.registry, KeptFiles.usage] where FileManager.default.fileExists(atPath: folder + "/" + name) {
            try BackupVerification.reading(folder + "/" + name) { database in
                schemas[name] = try BackupVerification.migrations(of: database)
                guard name == KeptFiles.registry else { return }
                revision = try RegistryStore.revision(database)
                records = try RegistryStore.auditLength(database)
                hash = try AuditRows.digest(
                    Data.fetchOne(database, sql: "SELECT hash FROM audit WHERE number = ?", arguments: [records]))
            }
        }
        let files = try KeptFolder.files(below: folder).map { path in
            let facts = try KeptFolder.facts(of: folder + "/" + path)
            return File(path: path, bytes: facts.bytes, sha256: facts.sha256)
        }
        self.init(
            form: BackupManifest.currentForm, made: now.timestamp(digits: 3), revision: revision, auditRecords: records,
            auditHash: CertificateText.text(hash), schemas: schemas, files: files)
    }
}
