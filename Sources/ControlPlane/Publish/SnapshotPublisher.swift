import Foundation
import GRDB
import Glibc
package import Registry

/// Publishes the registry as the snapshot file that the data plane reads.
package enum SnapshotPublisher {
    /// What publishing did.
    package enum Outcome: Equatable, Sendable {
        /// The file now holds this revision.
        case published(UInt64)
        /// It did already.
        case unchanged(UInt64)
    }

    /// Writes the registry as it is now to `snapshot` of the state folder: whole or not at all, and never a lower revision over a higher one.
    @discardableResult
    package static func publish(
        _ registry: RegistryStore, to stateDirectory: String, at now: WallTime = .now()
    ) throws(RegistryError) -> Outcome {
        try explained(stateDirectory) {
            try FileLock.holding(lockPath(stateDirectory), seconds: Limits.publishLockSeconds) {
                try write(registry, to: stateDirectory, at: now)
            }
        }
    }

    /// The same without waiting: nil while another process publishes.
    static func publishIfFree(
        _ registry: RegistryStore, to stateDirectory: String, at now: WallTime = .now()
    ) throws(RegistryError) -> Outcome? {
        try explained(stateDirectory) {
            try FileLock.holdingIfFree(lockPath(stateDirectory)) { try write(registry, to: stateDirectory, at: now) }
        }
    }

    /// What publishers lock.
    static func lockPath(_ stateDirectory: String) -> String { stateDirectory + "/publish.lock" }

    /// To be called with the lock held: whoever publishes last has read last.
    private static func write(_ registry: RegistryStore, to stateDirectory: String, at now: WallTime) throws -> Outcome {
        let snapshot = try registry.snapshot(at: now)
        let bytes = SnapshotFile.encode(snapshot)
        if let old = published(in: stateDirectory) {
            if old.bytes == bytes { return .unchanged(snapshot.revision) }
            if old.revision > snapshot.revision {
                throw RegistryError.snapshotAhead(published: old.revision, registry: snapshot.revision)
            }
        }
        try replace(snapshotPath(stateDirectory), with: bytes, in: stateDirectory)
        return .published(snapshot.revision)
    }

    private static func explained<Value>(_ stateDirectory: String, _ body: () throws -> Value) throws(RegistryError) -> Value {
        do { return try body() } catch let error as RegistryError { throw error } catch {
            throw RegistryError.storage(
                "cannot publish \(snapshotPath(stateDirectory)): \(error.localizedDescription); the last snapshot stays in force")
        }
    }

    /// Where the snapshot of a state folder is.
    package static func snapshotPath(_ stateDirectory: String) -> String { stateDirectory + "/snapshot" }

    /// The revision published last, or nil where there is no readable snapshot.
    static func publishedRevision(in stateDirectory: String) -> UInt64? { published(in: stateDirectory)?.revision }

    private static func published(in stateDirectory: String) -> (revision: UInt64, bytes: [UInt8])? {
        guard let contents = FileManager.default.contents(atPath: snapshotPath(stateDirectory)) else { return nil }
        let bytes = Array(contents)
        guard let snapshot = try? SnapshotFile.decode(bytes) else { return nil }
        return (snapshot.revision, bytes)
    }

    /// Foundation's atomic write makes a file beside the name, syncs it and renames it; the folder is synced here, so that the name lasts too.
    private static func replace(_ path: String, with bytes: [UInt8], in directory: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        guard let folder = FileHandle(forReadingAtPath: directory), fsync(folder.fileDescriptor) == 0 else {
            throw RegistryError.storage("cannot sync the folder \(directory)")
        }
        try folder.close()
    }
}

extension RegistryStore {
    /// Everything a request is judged by, read in one transaction; what has ended by now is not in it.
    package func snapshot(at now: WallTime = .now()) throws(RegistryError) -> Snapshot {
        try read { database in
            let policy = try RegistryStore.policyInForce(database)
            let applications = try RegistryStore.applications(database)
            let indexes = Dictionary(uniqueKeysWithValues: applications.enumerated().map { ($1.declaration.id.text, $0) })
            let rows = try Row.fetchCursor(
                database, sql: "SELECT digest, application, environment, state, until FROM credential ORDER BY created, id")
            var credentials: [CredentialRecord] = []
            while let row = try rows.next() { credentials.append(try RegistryStore.credential(row, among: indexes)) }
            let extras = try RegistryStore.extraQuotas(database).filter { now < $0.value.until }
            return try Snapshot(
                revision: RegistryStore.revision(database), policy: policy,
                applications: applications.map { RegistryStore.record(of: $0, with: extras, under: policy) }, credentials: credentials,
                shadow: RegistryStore.shadowPolicy(database), announced: RegistryStore.announcedPolicies(database))
        }
    }

    private static func credential(_ row: Row, among indexes: [String: Int]) throws -> CredentialRecord {
        guard let digest = Digest(Array(row["digest"] as Data)), let environment = Environment(name: row["environment"]),
            let index = indexes[row["application"]]
        else { throw RegistryRows.damaged("credential") }
        let state = try RegistryRows.credentialState(row["state"])
        let until = state == .retiring ? row.time("until") : nil
        return CredentialRecord(
            digest: digest, application: index, environment: environment, state: state, until: until ?? WallTime(nanoseconds: .max))
    }

    /// One that was never granted a plan has no key either; it is listed under the plan it would get.
    private static func record(
        of application: RegisteredApplication, with extras: [String: ExtraQuota], under policy: Policy
    ) -> ApplicationRecord {
        let declared = application.plan ?? application.declaration.plan ?? policy.defaultPlans[application.kind] ?? policy.anonymousPlan
        let plan = policy.plan(declared) == nil ? policy.anonymousPlan : declared
        return ApplicationRecord(
            id: application.declaration.id, partner: application.partner, state: application.lifecycle.state,
            ends: (application.lifecycle.state == .withdrawn ? application.lifecycle.withdrawnUntil : nil) ?? WallTime(nanoseconds: .max),
            scopes: application.granted, plan: plan, allowedAddresses: application.declaration.allowedAddresses ?? [],
            certificates: application.declaration.certificates ?? [], extra: extras[application.declaration.id.text])
    }
}
