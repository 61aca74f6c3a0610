import ArgumentParser
import ControlPlane
import Registry

/// Scopes on the command line.
func scopes(_ text: String) throws -> ScopeSet {
    ScopeSet(
        try text.split(separator: ",").map { name in
            guard let scope = Scope(name: String(name)) else {
                throw ValidationError("'\(name)' is no scope, expected some of \(Scope.allCases.map(\.name).joined(separator: ", "))")
            }
            return scope
        })
}

/// Gives the sandbox, with all the scopes asked for or some of them.
struct GrantSandbox: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: LifecycleMove.grantSandbox.rawValue, abstract: "Give an application in review the sandbox and its scopes.")

    @Argument(help: "The application's id.") var id: String
    @OptionGroup var person: PersonOptions
    @Option(help: ArgumentHelp("Grant only these, separated by commas; all that were asked for otherwise.", valueName: "SCOPES"))
    var scopes: String?
    @OptionGroup var options: StateOptions

    func run() throws {
        let wish = RegistryStore.Wish(scopes: try scopes.map { try Command.scopes($0) })
        try make(.grantSandbox, of: id, by: person, asking: wish, options)
    }
}

/// Gives an application other scopes than it has.
struct GrantScopes: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: LifecycleMove.grantScopes.rawValue, abstract: "Give an application other scopes; more need two people.",
        discussion: """
            Names all scopes that it then has. Taking some away is done by one person at once; adding one is recorded first, and done when \
            a second, different person asks for exactly the same within 7 days. Neither may have submitted the application.
            """)

    @Argument(help: "The application's id.") var id: String
    @OptionGroup var person: PersonOptions
    @Option(help: ArgumentHelp("All scopes that it then has, separated by commas.", valueName: "SCOPES")) var scopes: String
    @OptionGroup var options: StateOptions

    func run() throws {
        try make(.grantScopes, of: id, by: person, asking: RegistryStore.Wish(scopes: try Command.scopes(scopes)), options)
    }
}

/// Gives an application another plan.
struct ChangePlan: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: LifecycleMove.changePlan.rawValue, abstract: "Give an application another plan; a higher limit needs two people.",
        discussion: """
            A plan in which nothing is more is taken at once. Where any rate, burst, daily quota or number of requests in flight is more, \
            the first person is recorded, and it is done when a second, different one asks for the same plan within 7 days. Neither may \
            have submitted the application.
            """)

    @Argument(help: "The application's id.") var id: String
    @OptionGroup var person: PersonOptions
    @Option(help: ArgumentHelp("The plan it then has.", valueName: "ID")) var plan: String
    @OptionGroup var options: StateOptions

    func run() throws {
        try make(.changePlan, of: id, by: person, asking: RegistryStore.Wish(plan: try identifier(plan, of: "plan")), options)
    }
}

/// Gives an application more than its plan for a time, or takes it back.
struct ExtraQuotaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "extra-quota", abstract: "Give an application more than its plan for a time, by one person.",
        discussion: """
            Rate, burst, daily quota and requests in flight grow by the same share, at most as much and for as long as extra-quota in \
            policies/lifecycle.yaml says. The gateway takes it back at its end; the application sees it, and the end, in GET /limits.
            """)

    @Argument(help: "The application's id.") var id: String
    @OptionGroup var person: PersonOptions
    @Option(help: ArgumentHelp("Per cent of the plan that come on top of it.", valueName: "N")) var percent: Int64?
    @Option(help: ArgumentHelp("When it is taken back: 2026-03-01T00:00:00+05:30, or +1h, +2d.", valueName: "TIME"))
    var until: TimeArgument?
    @Flag(help: "Take back now what it has.") var end = false
    @OptionGroup var options: StateOptions

    func validate() throws {
        guard end ? percent == nil && until == nil : percent != nil && until != nil else {
            throw ValidationError("give --percent N and --until TIME, or --end")
        }
    }

    func run() throws {
        let id = try identifier(id, of: "application")
        let now = WallTime.now()
        let entry = try options.change { registry in
            guard let percent, let until else {
                return try registry.endExtraQuota(of: id, by: person.actor, reason: person.reason, at: now)
            }
            return try registry.giveExtraQuota(
                percent, to: id, until: until.time(after: now), by: person.actor, reason: person.reason, at: now)
        }
        try options.format.write([ExtraQuotaRow(entry)])
        Message.write(
            entry.end == nil
                ? "\(id.text) has \(entry.percent) % on top of its plan until \(entry.until.text)." : "\(id.text) has its plan alone again."
        )
    }
}

extension ExtraQuotaRow: Listed {
    static let headings = ["APPLICATION", "PERCENT", "SINCE", "UNTIL", "BY", "REASON", "ENDED"]
    var cells: [String] { [id, "\(percent)", since, until, givenBy, reason, ended ?? "-"] }
}
