import ArgumentParser
import ControlPlane
import Foundation
import Registry

/// Copies of the state: made while it is in use, checked anywhere, put back where nothing is.
struct StateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "state", abstract: "Back up, verify and restore what the gateway keeps.",
        discussion: """
            A backup holds the registry with its audit, the counts of usage, evidence, the policy files, and secrets: the key that signs the \
            audit, the digests of applications' keys, people's contacts. Keep it as you keep the state itself. Not in it: decision records, \
            levels of buckets, and the reference core store's databases.
            """,
        subcommands: [Backup.self, Restore.self, Verify.self])

    struct Backup: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Copy the state to a folder while the gateway runs.",
            discussion: "The folder must be new or empty; it is there whole or not at all, and its owner alone can read it.")

        @Argument(help: ArgumentHelp("The backup's folder.", valueName: "DIR")) var directory: String
        @OptionGroup var options: StateOptions
        @Option(help: Setting.policies.help) var policies: String?
        @Option(help: ArgumentHelp("Who does it, as recorded; your login name otherwise.", valueName: "NAME")) var by: String?

        func run() throws {
            let folder = try options.settings([.policies: policies]).policiesDirectory
            let manifest = try options.registry().backUp(
                to: directory, policiesDirectory: folder, by: Actor(by ?? loginName), at: .now())
            try options.format.write(one: BackupRow(directory, manifest))
            let hasPolicies = manifest.files.contains { $0.path.hasPrefix("policies/") }
            if !hasPolicies { Message.write("There are no policy files in \(folder): name their folder with --policies to have them too.") }
        }
    }

    struct Restore: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a state folder of a backup, which is verified first.",
            discussion: """
                The state folder must be new or empty, and no gateway may serve it. Policy files are put back where their folder is new or \
                empty too, and stay in the backup otherwise.
                """)

        @Argument(help: ArgumentHelp("The backup's folder.", valueName: "DIR")) var directory: String
        @OptionGroup var options: StateOptions
        @Option(help: Setting.policies.help) var policies: String?
        @OptionGroup var trust: PublicKeyOption
        @Option(help: ArgumentHelp("Who does it, as recorded; your login name otherwise.", valueName: "NAME")) var by: String?

        func run() throws {
            let settings = try options.settings([.policies: policies])
            if let pid = try? StateLock.holder(of: settings.stateDirectory) {
                throw Failure("a 'gateway serve' (pid \(pid)) runs on the state folder \(settings.stateDirectory): stop it first")
            }
            let outcome = try StateRestore.restore(
                directory, to: settings.stateDirectory, policiesDirectory: settings.policiesDirectory, keys: trust.keys(),
                by: Actor(by ?? loginName), at: .now())
            try options.format.write(one: BackupRow(settings.stateDirectory, outcome.manifest))
            if !outcome.hasPolicies { Message.write("The policy files in \(settings.policiesDirectory) stay as they are.") }
        }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check a backup: every file, the databases' integrity and the audit.",
            discussion: "Exit 1 names the first thing that is not as it was backed up.")

        @Argument(help: ArgumentHelp("The backup's folder.", valueName: "DIR")) var directory: String
        @OptionGroup var trust: PublicKeyOption
        @OptionGroup var options: StateOptions

        func run() throws { try options.format.write(one: BackupRow(directory, BackupVerification.verify(directory, keys: trust.keys()))) }
    }
}

/// Which key a backup's audit is checked by.
struct PublicKeyOption: ParsableArguments {
    @Option(help: ArgumentHelp("The key that the audit is checked by; the backup's own where none is given.", valueName: "FILE"))
    var publicKey: String?

    func keys() throws -> [AuditPublicKey]? { try publicKey.map { [try readPublicKey($0)] } }
}

/// A backup, or what was made of one.
private struct BackupRow: Listed {
    let id: String
    let made: String
    let revision: UInt64
    let auditRecords: Int64
    let files: Int
    let bytes: Int64

    init(_ folder: String, _ manifest: BackupManifest) {
        (id, made, revision, auditRecords) = (folder, manifest.made, manifest.revision, manifest.auditRecords)
        (files, bytes) = (manifest.files.count, manifest.files.reduce(0) { $0 + $1.bytes })
    }

    static let headings = ["folder", "made", "revision", "audit records", "files", "bytes"]
    var cells: [String] { [id, made, "\(revision)", "\(auditRecords)", "\(files)", "\(bytes)"] }
}
