/// What is in a backup, so that a copy that is not whole is told from one that is.
package struct BackupManifest: Codable, Hashable, Sendable {
    /// A file of the backup.
    package struct File: Codable, Hashable, Sendable {
        /// Where it is, from the backup's folder on.
        package var path: String
        /// Its length.
        package var bytes: Int64
        /// Its SHA-256, in lower-case hexadecimal digits.
        package var sha256: String
    }

    /// The form of the backup; a newer one is refused.
    package var form: Int
    /// When it was made.
    package var made: String
    /// The registry's revision in it.
    package var revision: UInt64
    /// How many records its audit has.
    package var auditRecords: Int64
    /// The last one's hash.
    package var auditHash: String
    /// The migrations that each database has been through.
    package var schemas: [String: [String]]
    /// All files but this one, by path.
    package var files: [File]

    /// The form that is written, and the newest that is read.
    static let currentForm = 1
    /// Where it is in the backup's folder.
    static let name = "manifest.json"
}

/// What belongs to a state besides its databases, and what is left out: levels refill, decision records are many and stand by themselves,
/// the snapshot is made from the registry, and the reference core store is not the gateway's.
enum KeptFiles {
    static let registry = "registry.sqlite"
    static let usage = "usage.sqlite"
    /// Single files, where they are there. The key that signs the audit is among them, and the one that codes are checked by: a backup is as secret
    /// as the state.
    static let single = ["audit.key", "audit.pub", "console.key"]
    /// The folder of evidence, with what rows name.
    static let evidence = "evidence"
    /// Policy files as they were, in a folder of this name; the policy in force is in the registry too.
    static let policies = "policies"
}

/// Why a backup was not made, not believed or not put back, in a sentence.
package struct BackupFault: Error, CustomStringConvertible {
    /// The sentence.
    package let description: String

    init(_ description: String) { self.description = description }
}
