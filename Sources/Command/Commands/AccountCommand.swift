import ArgumentParser
import ControlPlane
import Registry

/// Accounts: who may sign in to the console, and as what.
struct AccountCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "account", abstract: "Invite people to the console, give them roles, disable and recover their accounts.",
        discussion: """
            Whoever owns the machine may do this: it is also the way back in when every admin is locked out. A link is printed alone on \
            stdout and works once: its holder sets a password and adds an authenticator app. Roles: \(Role.allCases.map(\.name)
                .joined(separator: ", ")).
            """,
        subcommands: [Invite.self, List.self, Show.self, Roles.self, Disable.self, Enable.self, Recover.self, Token.self])

    struct Invite: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make an account and print the link by which its owner sets a password, alone, on stdout.")

        @Argument(help: "What the account signs in with: 3 to 40 of a-z, 0-9, dot and hyphen.") var name: String
        @Option(name: .customLong("role"), help: "What it may do; may be repeated.") var roles: [RoleArgument] = []
        @Option(help: ArgumentHelp("What pages call the person; the account's name otherwise.", valueName: "TEXT")) var person = ""
        @Option(help: "What its pages are written in.") var language: LanguageArgument = .en
        @OptionGroup var actor: AccountActor
        @OptionGroup var options: StateOptions

        func run() throws {
            let invitation = try Invitation(
                name: name, displayName: person, roles: Set(roles.map(\.role)), language: language.language)
            let token = try options.registry().invite(invitation, by: actor.actor, at: .now())
            try options.write(token, of: name)
        }
    }

    struct Recover: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a link by which an account's owner sets a new password and a new app, alone, on stdout.",
            discussion: "Of an account that was invited and is not active yet it is another invitation. Until it is used, what was holds.")

        @Argument(help: "The account's name.") var name: String
        @OptionGroup var actor: AccountActor
        @OptionGroup var options: StateOptions

        func run() throws {
            let token = try options.registry().recover(name, by: actor.actor, at: .now())
            try options.write(token, of: name)
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List accounts.")

        @OptionGroup var options: StateOptions

        func run() throws { try options.format.write(options.registry().allAccounts().map(AccountRow.init)) }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show one account.")

        @Argument(help: "The account's name.") var name: String
        @OptionGroup var options: StateOptions

        func run() throws { try options.format.write(one: AccountRow(options.registry().account(name))) }
    }

    struct Roles: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give an account exactly these roles; with none named it may only look at itself.")

        @Argument(help: "The account's name.") var name: String
        @Argument(help: "Its roles from now on.") var roles: [RoleArgument] = []
        @OptionGroup var actor: AccountActor
        @OptionGroup var options: StateOptions

        func run() throws {
            let account = try options.registry().setRoles(Set(roles.map(\.role)), of: name, by: actor.actor, at: .now())
            try options.format.write([AccountRow(account)])
        }
    }

    struct Disable: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Keep an account from signing in, and end its sessions at once.")

        @Argument(help: "The account's name.") var name: String
        @Option(help: ArgumentHelp("Why, as recorded.", valueName: "TEXT")) var reason: String
        @OptionGroup var actor: AccountActor
        @OptionGroup var options: StateOptions

        func run() throws {
            let account = try options.registry().disable(name, reason: reason, by: actor.actor, at: .now())
            try options.format.write([AccountRow(account)])
        }
    }

    struct Enable: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let a disabled account sign in again.")

        @Argument(help: "The account's name.") var name: String
        @Option(help: ArgumentHelp("Why, as recorded.", valueName: "TEXT")) var reason: String
        @OptionGroup var actor: AccountActor
        @OptionGroup var options: StateOptions

        func run() throws {
            let account = try options.registry().enable(name, reason: reason, by: actor.actor, at: .now())
            try options.format.write([AccountRow(account)])
        }
    }
}

/// Who does it, on the machine itself.
struct AccountActor: ParsableArguments {
    @Option(help: ArgumentHelp("Who does it, as recorded; your login name otherwise.", valueName: "NAME")) var by: String?

    var actor: Actor { Actor(by ?? loginName) }
}

extension StateOptions {
    /// The link of a token just made: alone for a person or a shell, an array of one for a script.
    fileprivate func write(_ token: SecretToken, of name: String) throws {
        let settings = try settings()
        let base = ConsoleAddress.base(in: settings.stateDirectory) ?? settings.consoleURL
        guard !base.isEmpty else { throw Failure("the console is off: say with --config or GATEWAY_CONSOLE where it will be") }
        let link = ConsoleAddress.link(token, base: base)
        switch format {
        case .table: Output.write(link)
        case .json: try format.write(one: AccountLinkRow(id: name, link: link))
        }
        Message.write("Give it to \(name) over a channel you trust: it works once, and is not shown again.")
    }
}

extension AccountRow: Listed {
    static let headings = ["ACCOUNT", "STATE", "ROLES", "LAST SIGN-IN", "PERSON"]
    var cells: [String] { [id, state, roles.isEmpty ? "-" : roles.joined(separator: ","), lastSignIn ?? "-", person] }
}

private struct AccountLinkRow: Listed {
    let id: String
    let link: String

    static let headings = ["LINK"]
    var cells: [String] { [link] }
}

/// A role, as an argument.
enum RoleArgument: String, ExpressibleByArgument, CaseIterable {
    case reviewer, approver, ops, admin, auditor

    var role: Role {
        switch self {
        case .reviewer: .reviewer
        case .approver: .approver
        case .ops: .ops
        case .admin: .admin
        case .auditor: .auditor
        }
    }
}

/// A language, as an argument.
enum LanguageArgument: String, ExpressibleByArgument, CaseIterable {
    case en, hi

    var language: Language { self == .en ? .english : .hindi }
}
