import ArgumentParser
import ControlPlane
import Foundation
import Registry

/// The audit: who decided what, in a chain that nobody rewrites unseen.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "List, export and verify what people and the gateway decided, and what was refused.",
        discussion: """
            Every record names who, when, from where, what, what held before and after, and why, and holds the SHA-256 of the record before: \
            changing one breaks all that follow. Checkpoints sign the chain with the key of the state folder; keep the public key and now \
            and then an export somewhere else, since whoever owns this machine owns that key too.
            """,
        subcommands: [List.self, Export.self, Verify.self, PublicKey.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List records of the audit, the newest last.")

        @Option(help: ArgumentHelp("From so long ago (90s, 15m, 1h, 2d), or from a time on.", valueName: "TIME")) var since: PastTime?
        @Option(help: ArgumentHelp("Only what this person or part of the gateway did.", valueName: "NAME")) var actor: String?
        @Option(help: ArgumentHelp("Only this action, such as application.go-live, or all of a noun, such as key.", valueName: "ACTION"))
        var action: String?
        @Option(help: ArgumentHelp("Only what was done to this: an id, or kind/id.", valueName: "ID")) var subject: String?
        @Flag(help: "Only what was refused.") var refused = false
        @Option(help: "At most so many, the newest; 0 for all.") var limit = 100
        @Option(help: "How results are written: table for people, json or csv for scripts.") var format: RecordFormat = .table
        @OptionGroup var folder: FolderOptions

        func validate() throws {
            guard (0...1_000_000).contains(limit) else {
                throw ValidationError("--limit is \(limit), expected a number from 0 (all) to 1000000")
            }
        }

        func run() throws {
            let now = WallTime.now()
            let filter = AuditFilter(
                since: since?.time(before: now), actor: actor, action: action, subject: subject, isRefused: refused ? true : nil)
            var printer = RecordPrinter<AuditRecord>(format)
            for record in try folder.registry().auditRecords(filter, newest: limit) { printer.write(record) }
            printer.end()
        }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the audit to stdout, one JSON record a line, with its hashes, checkpoints and a signed end.",
            discussion: """
                'gateway audit verify FILE --public-key FILE' checks it on any machine. That it was exported is its own last record. The \
                names of those who decided are in it.
                """)

        @Option(help: ArgumentHelp("From so long ago (90s, 15m, 1h, 2d), or from a time on.", valueName: "TIME")) var since: PastTime?
        @Option(help: ArgumentHelp("Who does it, as recorded; your login name otherwise.", valueName: "NAME")) var by: String?
        @OptionGroup var folder: FolderOptions

        private static let pieceBytes = 65_536

        func run() throws {
            let now = WallTime.now()
            var text = ""
            let end = try folder.registry().exportAudit(since: since?.time(before: now), by: Actor(by ?? loginName), at: now) { line in
                text += line.text + "\n"
                guard text.utf8.count >= Export.pieceBytes else { return }
                try Export.write(&text)
            }
            try Export.write(&text)
            Message.write("Records \(end.first) to \(end.last), with \(end.checkpoints) checkpoints.")
        }

        /// A copy that is not whole is worth a failure: it would verify as cut off.
        private static func write(_ text: inout String) throws {
            do { try FileHandle.standardOutput.write(contentsOf: Data(text.utf8)) } catch {
                throw Failure("the export is cut off: \(error.localizedDescription)")
            }
            text = ""
        }
    }

    struct PublicKey: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the key that checkpoints are checked by, in PEM: keep it somewhere else.")

        @OptionGroup var folder: FolderOptions

        func run() throws { Output.writeWhole(try folder.registry().auditPublicKey().pem) }
    }
}

extension AuditRecord: RecordRow {
    static let headings = ["NUMBER", "TIME", "ACTOR", "ACTION", "SUBJECT", "BEFORE", "AFTER", "REASON"]
    static let widths = [8, 24, 20, 30, 40, 40, 40, 40]
    static let memberNames =
        ["number"] + [
            "time", "actor", "origin", "address", "token", "action", "subjectKind", "subject", "before", "after", "reason", "refusal",
            "previous", "hash",
        ]

    var cells: [String] {
        let outcome = refusal.map { "refused: \($0)" } ?? AuditRecord.shortened(after)
        return [
            String(number), time.prefix(23) + "Z", origin == "gateway" ? "(\(actor))" : actor, action, "\(subjectKind)/\(subject)",
            AuditRecord.shortened(before), outcome, reason.isEmpty ? "-" : reason,
        ]
    }

    /// What is new of something is all of it: a line of a table shows how it begins.
    private static func shortened(_ text: String?) -> String {
        guard let text else { return "-" }
        return text.count > 60 ? text.prefix(59) + "…" : text
    }
}
