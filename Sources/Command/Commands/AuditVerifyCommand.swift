import ArgumentParser
import ControlPlane
import Foundation
import Registry

extension AuditCommand {
    /// Finds out whether the chain is as it was.
    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check the audit of the state folder, or an exported file on any machine.",
            discussion: """
                Exit 0 where every record is as it was; exit 1 where one was changed, removed or put elsewhere, and the first one is named. \
                Records behind the last checkpoint, and a chain that was signed anew by whoever took the machine, are told only by a public \
                key and by checkpoints that were kept elsewhere.
                """)

        @Argument(help: "An exported audit; the state folder's where none is given.") var file: String?
        @Option(
            help: ArgumentHelp(
                "The key that checkpoints are checked by; the state folder's where none is given. May be given again: any of them will do.",
                valueName: "FILE"))
        var publicKey: [String] = []
        @Option(help: ArgumentHelp("An earlier export: its checkpoints must fit too. May be given again.", valueName: "FILE"))
        var checkpoints: [String] = []
        @OptionGroup var folder: FolderOptions

        func run() throws {
            let kept = try checkpoints.flatMap(AuditFile.checkpoints)
            let summary: AuditSummary
            do {
                if let file {
                    summary = try AuditFile.verify(file, keys: keys(), kept: kept)
                } else {
                    summary = try folder.registry().verifyAudit(keys: publicKey.isEmpty ? nil : keys(), kept: kept)
                }
            } catch let fault as AuditFault {
                throw Failure("\(file ?? "the audit"): \(fault)")
            }
            Output.write(
                "records \(summary.first) to \(summary.last) are as they were written; \(summary.checkpoints) checkpoints, signed as far as \(summary.vouched)"
            )
        }

        /// A file of elsewhere has no key of its own that would mean anything.
        private func keys() throws -> [AuditPublicKey] {
            guard publicKey.isEmpty else { return try publicKey.map(readPublicKey) }
            let own = try folder.settings().stateDirectory + "/audit.pub"
            guard FileManager.default.fileExists(atPath: own) else {
                throw ValidationError(
                    "name the key to check by with --public-key FILE: 'gateway audit public-key' printed it where the audit was kept")
            }
            return [try readPublicKey(own)]
        }
    }
}

/// The key of a PEM file.
func readPublicKey(_ path: String) throws -> AuditPublicKey {
    guard let text = FileManager.default.contents(atPath: path), let key = AuditPublicKey(pem: String(decoding: text, as: UTF8.self)) else {
        throw Failure("\(path) is no Ed25519 public key in PEM")
    }
    return key
}
