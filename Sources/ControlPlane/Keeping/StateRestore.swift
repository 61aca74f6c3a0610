import Foundation
import GRDB
package import Registry

/// Puts a backup in the place of a state that is not there.
package enum StateRestore {
    /// What was put back.
    package struct Outcome: Sendable {
        /// What is in the backup.
        package var manifest: BackupManifest
        /// Whether the policy files were put back too; not where there are some already.
        package var hasPolicies: Bool
    }

    /// Verifies a backup, and makes the state folder of it, whole or not at all. That it was put back is on record in it.
    package static func restore(
        _ backup: String, to stateDirectory: String, policiesDirectory: String, keys: [AuditPublicKey]? = nil, by actor: Actor,
        at now: WallTime
    ) throws -> Outcome {
        let actor = try Person.actor(actor)
        guard KeptFolder.isFree(stateDirectory) else {
            throw BackupFault("the state folder \(stateDirectory) is not empty: move it away first, or name another with --state")
        }
        let manifest = try BackupVerification.verify(backup, keys: keys)
        let folder = try KeptFolder(for: stateDirectory)
        do {
            for file in manifest.files where !file.path.hasPrefix(KeptFiles.policies + "/") {
                try folder.copy(backup + "/" + file.path, to: file.path)
            }
            let registry = try RegistryStore(stateDirectory: folder.beside, at: now)
            let event = AuditEvent(
                .restore, of: AuditSubject("state", URL(fileURLWithPath: backup).lastPathComponent), after: ["made": .text(manifest.made)])
            try registry.write(.note) { try RegistryStore.audit(event, by: actor, at: now, $0) }
            try registry.makeCheckpoint(at: now)
            try registry.close()
            try folder.arrive()
        } catch {
            folder.abandon()
            throw KeptFolder.explained(error, "nothing was put back")
        }
        return Outcome(manifest: manifest, hasPolicies: try restorePolicies(of: manifest, from: backup, to: policiesDirectory))
    }

    private static func restorePolicies(of manifest: BackupManifest, from backup: String, to directory: String) throws -> Bool {
        let prefix = KeptFiles.policies + "/"
        let files = manifest.files.map(\.path).filter { $0.hasPrefix(prefix) }
        guard !files.isEmpty, KeptFolder.isFree(directory) else { return false }
        let folder = try KeptFolder(for: directory)
        do {
            for path in files { try folder.copy(backup + "/" + path, to: String(path.dropFirst(prefix.count))) }
            try folder.arrive()
            return true
        } catch {
            folder.abandon()
            throw error
        }
    }
}
