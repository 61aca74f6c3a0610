import ArgumentParser
import ControlPlane
import Registry

/// Partners: the organisations.
struct PartnerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "partner", abstract: "List, show, import and export partners, and erase what names their people.",
        subcommands: [List.self, Show.self, Import.self, Export.self, Erase.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List all partners.")

        @OptionGroup var options: StateOptions

        func run() throws { try options.format.write(options.registry().partners().map(PartnerRow.init)) }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show one partner.")

        @Argument(help: "The partner's id.") var id: String
        @OptionGroup var options: StateOptions

        func run() throws {
            try options.format.write(one: PartnerRow(options.registry().partner(identifier(id, of: "partner"))))
        }
    }

    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take over what partner files declare.",
            discussion: """
                New applications become drafts, and of known ones the declared facts change; what people decided stays, and so do \
                addresses and certificates that a file does not mention: an empty list in YAML or JSON takes them away. Only the import \
                into an empty registry takes over states, at the first 'gateway serve' or while nobody has an account; from the first \
                account on --by names a reviewer or an approver. All or nothing: a fault in a file, or a \
                conflict with what is registered, is told with all others, and nothing is taken over. The same again changes nothing.

                FILE is a partner or a list of partners in YAML or JSON, or a table (.csv) with an application a line: \
                \(PartnerDeclaration.tableHeadings.joined(separator: ", ")). Only 'partner' and 'application' need be there; lists have blanks \
                between, and a partner's facts stand in its first line at least. Without FILE the folder of partner files is taken.

                'received' (2021-06-10, or a time such as 2021-06-10T09:30:00+05:30) is when an application was received, where that was \
                before it is registered here: ages and the funnel count from it. It is said once, of a draft at the latest; another date \
                later is a conflict, and none is in the future.
                """)

        @Argument(help: ArgumentHelp("A file, or a folder of YAML files.", valueName: "FILE")) var file: String?
        @OptionGroup var options: StateOptions
        @Option(help: Setting.partners.help) var partners: String?
        @Option(help: ArgumentHelp("Who does it, as recorded; your login name otherwise.", valueName: "NAME")) var by: String?
        @Flag(help: "Say what it would do, and do nothing.") var dryRun = false

        func validate() throws {
            if file != nil, partners != nil { throw ValidationError("FILE and --partners say the same thing: give one of them") }
        }

        func run() throws {
            let source = try file ?? options.settings([.partners: partners]).partnersDirectory
            let summary = try options.change { registry in
                try registry.importPartners(
                    try loadPartners(from: source, under: registry.policyInForce()), by: Actor(by ?? loginName), isTrial: dryRun,
                    at: .now())
            }
            try options.format.write(one: ImportRow(source, summary))
            for partner in summary.contactsLeftOut {
                Message.write("The contacts of \(partner.text) were erased and stay so while no application of it lives.")
            }
            for application in summary.statesIgnored { Message.write("The state declared for \(application.text) is not taken over.") }
            if dryRun { Message.write("Nothing was changed: this was a dry run.") }
        }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write a partner, or all, as 'gateway partner import' reads them, decisions included.",
            discussion: """
                They go to stdout; with --format json, an array of a row for each whose member yaml is its file. That they were handed out \
                is on record: there are people's addresses in them.
                """)

        @Argument(help: "The partner's id; all partners without one.") var id: String?
        @OptionGroup var options: StateOptions
        @Option(name: .customLong("as"), help: "The form of the file.") var form = PartnerForm.yaml
        @Option(help: ArgumentHelp("Who does it, as recorded; your login name otherwise.", valueName: "NAME")) var by: String?

        func run() throws {
            let wanted = try id.map { try identifier($0, of: "partner") }
            let partners = try options.registry().exportedPartners(wanted, by: Actor(by ?? loginName), at: .now())
            switch (options.format, form) {
            case (.json, _): try options.format.write(partners.map { ExportRow(id: $0.id.text, yaml: $0.yaml) })
            case (.table, .yaml) where id != nil: Output.writeWhole(partners.map(\.yaml).joined())
            case (.table, let form): Output.writeWhole(form.text(of: partners))
            }
        }
    }
}

/// A partner file for scripts.
private struct ExportRow: Listed {
    let id: String
    let yaml: String

    static let headings = ["FILE"]
    var cells: [String] { [yaml] }
}

extension ImportRow: Listed {
    static let headings = ["from", "partners added", "partners changed", "applications added", "applications changed"]
    var cells: [String] { [id] + [partnersAdded, partnersChanged, applicationsAdded, applicationsChanged].map(String.init) }
}

extension PartnerForm: ExpressibleByArgument {}
