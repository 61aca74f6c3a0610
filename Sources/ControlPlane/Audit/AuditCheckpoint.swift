import Decisions
import Foundation
import GRDB
package import Registry

/// A signature under the chain as far as a record: whoever keeps it elsewhere can tell later whether the records up to there are the same.
package struct AuditCheckpoint: Hashable, Sendable {
    /// The record it signs, and with it all before.
    package var number: Int64
    /// That record's hash.
    package var hash: Digest
    /// When, in the form that a record's time has.
    package var time: String
    /// Ed25519 over the three.
    package var signature: [UInt8]

    /// What is signed.
    package var signedBytes: [UInt8] {
        var form = HashedForm("partner-gateway checkpoint 1")
        for field in [String(number), CertificateText.text(hash), time] { form.append(field) }
        return form.bytes
    }

    init(number: Int64, hash: Digest, time: String, signature: [UInt8]) {
        (self.number, self.hash, self.time, self.signature) = (number, hash, time, signature)
    }

    init(of number: Int64, hash: Digest, at time: String, signedWith key: AuditKey) throws(RegistryError) {
        self.init(number: number, hash: hash, time: time, signature: [])
        signature = try key.signature(of: signedBytes)
    }
}

extension RegistryStore {
    /// Signs the chain as far as it goes; nil where it is signed already.
    @discardableResult
    package func makeCheckpoint(at now: WallTime) throws(RegistryError) -> AuditCheckpoint? {
        // Asked about once a minute: without a write where there is nothing to do.
        guard try read({ try RegistryStore.recordsSinceCheckpoint($0) }) > 0 else { return nil }
        let key = try AuditKey(stateDirectory: stateDirectory)
        return try write(.note) { database in
            guard try RegistryStore.recordsSinceCheckpoint(database) > 0 else { return nil }
            return try RegistryStore.appendCheckpoint(signedWith: key, at: now, database)
        }
    }

    /// All checkpoints, oldest first.
    package func auditCheckpoints() throws(RegistryError) -> [AuditCheckpoint] { try read { try RegistryStore.auditCheckpoints($0) } }

    /// What the checkpoints of this folder are checked by.
    package func auditPublicKey() throws(RegistryError) -> AuditPublicKey { try AuditKey(stateDirectory: stateDirectory).publicKey }

    /// Signs at the latest after so many records, whoever appends them. One that cannot be made is no reason to undo what was decided: the
    /// control plane tries again, and says so.
    func checkpointIfDue(_ database: Database) throws {
        guard try RegistryStore.recordsSinceCheckpoint(database) >= Limits.recordsPerCheckpoint else { return }
        guard let key = try? AuditKey(stateDirectory: stateDirectory) else { return }
        let time = try Int64.fetchOne(database, sql: "SELECT time FROM audit ORDER BY number DESC LIMIT 1") ?? 0
        try RegistryStore.appendCheckpoint(signedWith: key, at: WallTime(nanoseconds: time), database)
    }

    static func auditCheckpoints(
        within numbers: ClosedRange<Int64> = 0...Int64.max, _ database: Database
    ) throws -> [AuditCheckpoint] {
        let sql = "SELECT * FROM checkpoint WHERE number BETWEEN ? AND ? ORDER BY number"
        return try Row.fetchAll(database, sql: sql, arguments: [numbers.lowerBound, numbers.upperBound]).map { row in
            AuditCheckpoint(
                number: row["number"], hash: try AuditRows.digest(row["hash"]), time: WallTime(nanoseconds: row["time"]).timestamp(),
                signature: Array(row["signature"] as Data))
        }
    }

    private static func recordsSinceCheckpoint(_ database: Database) throws -> Int64 {
        try auditLength(database) - (Int64.fetchOne(database, sql: "SELECT max(number) FROM checkpoint") ?? 0)
    }

    @discardableResult
    private static func appendCheckpoint(signedWith key: AuditKey, at now: WallTime, _ database: Database) throws -> AuditCheckpoint {
        let number = try auditLength(database)
        let hash = try AuditRows.digest(Data.fetchOne(database, sql: "SELECT hash FROM audit WHERE number = ?", arguments: [number]))
        let checkpoint = try AuditCheckpoint(of: number, hash: hash, at: now.timestamp(), signedWith: key)
        try database.execute(
            sql: "INSERT INTO checkpoint (number, hash, time, signature) VALUES (?, ?, ?, ?)",
            arguments: [number, Data(hash.bytes), now.nanoseconds, Data(checkpoint.signature)])
        return checkpoint
    }
}
