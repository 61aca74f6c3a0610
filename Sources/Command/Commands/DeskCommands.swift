import ArgumentParser
import ControlPlane
import Registry

/// Says who has an application.
struct Assign: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Say who of the team has an application.")

    @Argument(help: "The application's id.") var id: String
    @Option(help: ArgumentHelp("Who has it from now on.", valueName: "NAME")) var to: String?
    @Flag(help: "Nobody has it.") var nobody = false
    @Option(help: ArgumentHelp("Who says so, as recorded.", valueName: "NAME")) var by: String
    @OptionGroup var options: StateOptions

    func validate() throws {
        guard (to == nil) == nobody else { throw ValidationError("give --to NAME, or --nobody") }
    }

    func run() throws {
        let id = try identifier(id, of: "application")
        let now = WallTime.now()
        let registry = try options.registry()
        try registry.assign(id, to: to, by: Actor(by), at: now)
        try options.format.write([ApplicationRow(registry.application(id), at: now)])
        Message.write(to.map { "\(id.text) is with \($0) now." } ?? "\(id.text) is with nobody now.")
    }
}

/// Writes a note on an application.
struct Note: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a note on an application, to the team or to the partner; without a text, list them.",
        discussion: "Notes are kept for good. --canned takes a sentence of policies/lifecycle.yaml by its id, in --language.")

    @Argument(help: "The application's id.") var id: String
    @Option(help: "Who is meant to read it: team or partner.") var to: RegistryStore.Audience?
    @Option(help: ArgumentHelp("What to say.", valueName: "TEXT")) var text: String?
    @Option(help: ArgumentHelp("The id of a sentence that is ready.", valueName: "ID")) var canned: String?
    @Option(help: ArgumentHelp("The language of that sentence.", valueName: "TAG")) var language = "en"
    @Option(help: ArgumentHelp("Who says it, as recorded.", valueName: "NAME")) var by: String?
    @OptionGroup var options: StateOptions

    func validate() throws {
        guard text == nil || canned == nil else { throw ValidationError("give --text or --canned, not both") }
        guard text == nil && canned == nil || by != nil && to != nil else { throw ValidationError("a note needs --by NAME and --to") }
    }

    func run() throws {
        let id = try identifier(id, of: "application")
        let registry = try options.registry()
        if let by, let to, let text = try text ?? canned.map({ try sentence($0, registry.lifecycleRules()) }) {
            try options.format.write([NoteRow(registry.addNote(text, on: id, to: to, by: Actor(by), at: .now()))])
        } else {
            try options.format.write(registry.notes(on: id, to: to).map(NoteRow.init))
        }
    }

    private func sentence(_ name: String, _ rules: LifecycleRules) throws -> String {
        guard let reasons = rules.reasons[language] else {
            throw Failure("no sentences in '\(language)': there are some in \(rules.reasons.keys.sorted().joined(separator: ", "))")
        }
        guard let reason = reasons.first(where: { $0.id.text == name }) else {
            throw Failure("there is no sentence '\(name)': there are \(reasons.map(\.id.text).joined(separator: ", "))")
        }
        return reason.text
    }
}

extension RegistryStore.Audience: ExpressibleByArgument {}

extension NoteRow: Listed {
    static let headings = ["TIME", "TO", "BY", "TEXT"]
    var cells: [String] { [time, to, by, text] }
}

/// Looks at what needs nobody to judge.
struct CheckApplication: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Look at what needs nobody to judge: form, duplicates, evidence, usual scopes.",
        discussion: """
            Each check passed, failed or was skipped, with a sentence. The partner's site is asked only where checks in \
            policies/lifecycle.yaml say so. Exits 1 where a check failed.
            """)

    @Argument(help: "The application's id.") var id: String
    @OptionGroup var options: StateOptions

    func run() async throws {
        let id = try identifier(id, of: "application")
        let registry = try options.registry()
        let checks = try await registry.checks(of: id, asking: ConnectingProber(), at: .now())
        try options.format.write(checks.map(CheckRow.init))
        let failed = checks.count { $0.result == .failed }
        guard failed == 0 else { throw Failure("\(failed) of \(checks.count) checks failed") }
        Message.write("Nothing to object to in \(id.text).")
    }
}

extension CheckRow: Listed {
    static let headings = ["CHECK", "RESULT", "WHY"]
    var cells: [String] { [id, result, sentence] }
}

/// Break-glass resumes that nobody has looked at.
struct OpenReviews: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "open-reviews", abstract: "List break-glass resumes that another person has to look at.")

    @OptionGroup var options: StateOptions

    func run() throws {
        let now = WallTime.now()
        try options.format.write(options.registry().openReviews().map { OpenReviewRow($0, at: now) })
    }
}

extension OpenReviewRow: Listed {
    static let headings = ["APPLICATION", "STATE", "RESUMED BY", "SINCE", "DUE"]
    var cells: [String] { [id, state, resumedBy, since, due + (isOverdue ? " (overdue)" : "")] }
}
