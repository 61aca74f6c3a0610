import ArgumentParser
import ControlPlane
import Registry

/// Partners: the organisations.
struct PartnerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "partner", abstract: "List, show, import and export partners.",
        subcommands: [List.self, Show.self, Import.self, Export.self])

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
                New applications become drafts, and of known ones the declared facts change; what people decided stays. Only the \
                import into an empty registry, at the first 'gateway serve', takes over states.
                """)

        @OptionGroup var options: StateOptions
        @Option(help: Setting.partners.help) var partners: String?
        @Option(help: ArgumentHelp("Who does it, as recorded; your login name otherwise.", valueName: "NAME")) var by: String?

        func run() throws {
            let folder = try options.settings([.partners: partners]).partnersDirectory
            let summary = try options.change { registry in
                try registry.importPartners(
                    try loadPartners(from: folder, under: registry.policyInForce()), by: Actor(by ?? loginName), at: .now())
            }
            let row = ImportRow(folder, summary)
            try options.format.write(one: row)
            for application in summary.statesIgnored { Message.write("The state declared for \(application.text) is not taken over.") }
        }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write a partner as a partner file, decisions included.",
            discussion: "The file goes to stdout; with --format json, an array of one row whose member yaml is the file.")

        @Argument(help: "The partner's id.") var id: String
        @OptionGroup var options: StateOptions

        func run() throws {
            let yaml = try options.registry().exported(identifier(id, of: "partner")).yaml
            switch options.format {
            case .table: Output.write(yaml.hasSuffix("\n") ? String(yaml.dropLast()) : yaml)
            case .json: try options.format.write(one: ExportRow(id: id, yaml: yaml))
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

/// What an import did.
struct ImportRow: Listed {
    let id: String
    let partnersAdded: Int
    let partnersChanged: Int
    let applicationsAdded: Int
    let applicationsChanged: Int
    let statesIgnored: [String]

    init(_ folder: String, _ summary: ImportSummary) {
        id = folder
        partnersAdded = summary.partnersAdded
        partnersChanged = summary.partnersChanged
        applicationsAdded = summary.applicationsAdded
        applicationsChanged = summary.applicationsChanged
        statesIgnored = summary.statesIgnored.map(\.text)
    }

    static let headings = ["from", "partners added", "partners changed", "applications added", "applications changed"]
    var cells: [String] { [id] + [partnersAdded, partnersChanged, applicationsAdded, applicationsChanged].map(String.init) }
}
