import ArgumentParser
import ControlPlane
import Registry

extension PartnerCommand {
    struct Erase: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Erase what names a partner's people: contacts, evidence's files and their names, notes.",
            discussion: """
                For whoever asks to be forgotten, before 'retention' of lifecycle.yaml does it by itself. Only where no application of the \
                partner lives: all are rejected, revoked, or withdrawn and over. The partner, its applications, their moves and keys, and when \
                which evidence was on file stay; the audit says how much was erased, by whom and why, and never what it was.

                Of one contact of a partner that goes on: import the partner with another one; the old one is swept out of the files, too.

                With --dry-run it says what it would erase. Backups made before still hold it: see the README.
                """)

        @Argument(help: "The partner's id.") var id: String
        @OptionGroup var person: PersonOptions
        @OptionGroup var options: StateOptions
        @Flag(help: "Say what it would erase, and erase nothing.") var dryRun = false

        func run() throws {
            let registry = try options.registry()
            let erasure = try registry.erase(
                identifier(id, of: "partner"), by: person.actor, reason: person.reason, isTrial: dryRun, at: .now())
            // Said before the files are swept, which may fail: it is done, and on record.
            try options.format.write(one: ErasureRow(erasure))
            if erasure.isEmpty { Message.write("There is nothing left to erase.") }
            if dryRun { Message.write("Nothing was changed: this was a dry run.") }
            if !erasure.quoted.isEmpty {
                Message.write(
                    "Warning: the audit quotes a contact in records that cannot be erased: \(erasure.quoted.map(String.init).joined(separator: ", "))."
                )
            }
            guard !dryRun else { return }
            do {
                guard try !registry.settleErasures(at: .now()) else { return }
                Message.write("A backup is being made: the files are swept by the control plane when it is done.")
            } catch {
                Message.write("Warning: it is erased and not yet swept out of the files, which the control plane tries again: \(error)")
            }
        }
    }
}

extension ErasureRow: Listed {
    static let headings = ["id", "contacts", "evidence", "notes", "purposes"]
    var cells: [String] {
        [id, contacts.joined(separator: ", "), evidence.joined(separator: ", "), String(notes), purposes.joined(separator: ", ")].map {
            $0.isEmpty ? "-" : $0
        }
    }
}
