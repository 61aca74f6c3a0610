import ArgumentParser
import ControlPlane
import Foundation
import Glibc
import Registry

/// Evidence: what partners hand in before they are let in further.
struct EvidenceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evidence", abstract: "Add, list, fetch and withdraw what partners hand in.",
        discussion: """
            security-audit, functional-test, data-use-agreement and named-officer: which is needed before which move, by the partner's kind, \
            is in policies/lifecycle.yaml. Files are PDF, PNG, JPEG, text or CSV, told by their content; each is kept under its SHA-256 in \
            the state folder. The gateway warns before evidence ends, and suspends or not as the rules say.
            """,
        subcommands: [Add.self, List.self, Get.self, Withdraw.self])

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Keep a file as evidence for an application.")

        @Argument(help: "The application's id.") var id: String
        @Argument(help: ArgumentHelp("The file.", valueName: "FILE"), completion: .file()) var file: String
        @Option(help: "What it shows: security-audit, functional-test, data-use-agreement or named-officer.") var kind: EvidenceKind
        @Option(help: ArgumentHelp("From when it is: 2026-03-01T00:00:00+05:30.", valueName: "TIME")) var issued: TimeArgument?
        @Option(help: ArgumentHelp("Until when it holds; a security audit always says so. Or +365d.", valueName: "TIME"))
        var expires: TimeArgument?
        @Option(help: ArgumentHelp("Who adds it, as recorded.", valueName: "NAME")) var by: String
        @OptionGroup var options: StateOptions

        func run() throws {
            let id = try identifier(id, of: "application")
            let now = WallTime.now()
            let submission = EvidenceSubmission(
                kind: kind, name: URL(fileURLWithPath: file).lastPathComponent, bytes: try content(),
                issued: issued?.time(after: now), expires: expires?.time(after: now))
            let entry = try options.registry().addEvidence(submission, to: id, by: Actor(by), at: now)
            try options.format.write([EvidenceRow(entry, at: now)])
        }

        /// Never more than may be taken: a file can be any size.
        private func content() throws -> [UInt8] {
            guard let handle = FileHandle(forReadingAtPath: file) else { throw Failure("\(file) cannot be read") }
            defer { try? handle.close() }
            return Array(try handle.read(upToCount: Limits.evidenceBytes + 1) ?? Data())
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List an application's evidence, the newest first.")

        @Argument(help: "The application's id.") var id: String
        @OptionGroup var options: StateOptions

        func run() throws {
            let now = WallTime.now()
            let entries = try options.registry().evidence(of: identifier(id, of: "application"))
            try options.format.write(entries.map { EvidenceRow($0, at: now) })
        }
    }

    struct Get: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Write a piece of evidence to a file, as it was handed in.")

        @Argument(help: "The evidence's id.") var id: String
        @Option(help: ArgumentHelp("The file to make; it must not be there yet.", valueName: "FILE")) var to: String
        @Option(help: ArgumentHelp("Who fetches it; your login name otherwise.", valueName: "NAME")) var by: String?
        @OptionGroup var options: StateOptions

        func run() throws {
            let now = WallTime.now()
            let (entry, bytes) = try options.registry().evidenceFile(id, by: Actor(by ?? loginName), at: now)
            // For whoever fetched it alone.
            let before = umask(0o077)
            defer { umask(before) }
            do { try Data(bytes).write(to: URL(fileURLWithPath: to), options: .withoutOverwriting) } catch {
                throw Failure("\(to) cannot be made: \(error.localizedDescription)")
            }
            try options.format.write([EvidenceRow(entry, at: now)])
        }
    }

    struct Withdraw: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take evidence back: it counts no more, and stays on record.")

        @Argument(help: "The evidence's id.") var id: String
        @OptionGroup var person: PersonOptions
        @OptionGroup var options: StateOptions

        func run() throws {
            let now = WallTime.now()
            let entry = try options.registry().withdrawEvidence(id, by: person.actor, reason: person.reason, at: now)
            try options.format.write([EvidenceRow(entry, at: now)])
        }
    }
}

extension EvidenceKind: ExpressibleByArgument {
    /// By its name.
    package init?(argument: String) { self.init(name: argument) }
}

extension EvidenceRow: Listed {
    static let headings = ["ID", "KIND", "STANDING", "EXPIRES", "ADDED", "BY", "FILE"]
    var cells: [String] { [id, kind, standing, expires ?? "-", added, addedBy, name] }
}
