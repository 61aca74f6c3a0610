import ArgumentParser
import ControlPlane
import Foundation
import Registry

/// Keys: how an application names itself.
struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Issue, list, rotate and revoke keys.",
        discussion: "A key is shown once, when it is issued: only its SHA-256 is kept.",
        subcommands: [Issue.self, List.self, Rotate.self, Revoke.self])

    struct Issue: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Issue a key and print it, alone, on stdout.", discussion: "Calls carry it in the field x-api-key.")

        @Option(help: ArgumentHelp("The application's id.", valueName: "ID")) var application: String
        @Option(help: "Which core store the key reaches.") var environment: EnvironmentArgument
        @Option(help: ArgumentHelp("What its owner calls it.", valueName: "NAME")) var name = "issued by command"
        @Option(help: ArgumentHelp("Who has it issued, as recorded; your login name otherwise.", valueName: "NAME")) var by: String?
        @OptionGroup var options: StateOptions

        func run() throws {
            let id = try identifier(application, of: "application")
            let issued = try options.change {
                try $0.issueKey(to: id, in: environment.environment, named: name, by: Actor(by ?? loginName), at: .now())
            }
            try options.format.write(issued)
            Message.write("Key \(issued.id) of \(id.text) for \(environment.rawValue): keep it safe, it is not shown again.")
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List keys, never the keys themselves.")

        @OptionGroup var options: StateOptions
        @Option(help: ArgumentHelp("Only this application's.", valueName: "ID")) var application: String?

        func run() throws {
            let application = try application.map { try identifier($0, of: "application") }
            try options.format.write(options.registry().keys(of: application).map(KeyRow.init))
        }
    }

    struct Rotate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Issue a successor of a key and print it, alone, on stdout; the old one works on for a while.")

        @Argument(help: "The old key's id, from 'gateway key list'.") var id: String
        @Option(help: ArgumentHelp("How long the old key works on, in seconds; 0 ends it now.", valueName: "SECONDS"))
        var retireAfter: Int64 = 604_800
        @Option(help: ArgumentHelp("Who has it rotated, as recorded; your login name otherwise.", valueName: "NAME")) var by: String?
        @OptionGroup var options: StateOptions

        func run() throws {
            let issued = try options.change {
                try $0.rotateKey(id, by: Actor(by ?? loginName), retiringForSeconds: retireAfter, at: .now())
            }
            try options.format.write(issued)
            Message.write("Key \(issued.id) follows \(id): keep it safe, it is not shown again.")
        }
    }

    struct Revoke: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End a key for good, at once.")

        @Argument(help: "The key's id, from 'gateway key list'.") var id: String
        @OptionGroup var person: PersonOptions
        @OptionGroup var options: StateOptions

        func run() throws {
            let revoked = try options.change { try $0.revokeKey(id, by: person.actor, reason: person.reason, at: .now()) }
            try options.format.write([KeyRow(revoked)])
            Message.write("Key \(id) is revoked.")
        }
    }
}

extension Format {
    /// A key just issued: the key alone for a person or a shell, an array of one for a script.
    fileprivate func write(_ issued: IssuedKey) throws {
        switch self {
        case .table: Output.write(issued.key)
        case .json: try write(one: IssuedKeyRow(issued))
        }
    }
}

extension IssuedKeyRow: Listed {
    static let headings: [String] = ["KEY"]
    var cells: [String] { [key] }
}
