import ArgumentParser
import ControlPlane
import Registry

extension AccountCommand {
    /// Tokens: what programs sign in with.
    struct Token: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make, list and revoke personal access tokens for the admin API.",
            discussion: """
                A token stands for its account: it never may do more than the account's roles and its own scopes both allow at that moment, and \
                ends with a disabled account for good. It is shown once, when it is made: only its SHA-256 is kept. Scopes: read (what there is), \
                onboard (moves, notes, evidence, imports, extra quota, delegations), keys, policies, accounts, audit.
                """,
            subcommands: [Create.self, List.self, Revoke.self])
    }
}

extension AccountCommand.Token {
    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a token and print it, alone, on stdout.")

        @Argument(help: "The account's name.") var account: String
        @Option(help: ArgumentHelp("What its owner calls it.", valueName: "TEXT")) var name: String
        @Option(name: .customLong("scope"), help: "What it may be used for; may be repeated.") var scopes: [ScopeArgument]
        @Option(help: ArgumentHelp("When it ends: 2026-03-01T00:00:00+05:30, or +90d; 365 days at most.", valueName: "TIME"))
        var expires: TimeArgument
        @OptionGroup var actor: AccountActor
        @OptionGroup var options: StateOptions

        func run() throws {
            let now = WallTime.now()
            let wish = TokenWish(name: name, scopes: TokenScopes(scopes.map(\.scope)), expires: expires.time(after: now))
            let issued = try options.registry().createToken(wish, of: account, by: actor.actor, at: now)
            switch options.format {
            case .table: Output.write(issued.token)
            case .json: try options.format.write(one: IssuedTokenRow(issued))
            }
            Message.write("Token \(issued.entry.id) of \(account) until \(issued.entry.expires.text): keep it safe, it is not shown again.")
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List tokens, never the tokens themselves.")

        @Argument(help: "The account's name; all accounts' without one.") var account: String?
        @OptionGroup var options: StateOptions

        func run() throws {
            let now = WallTime.now()
            try options.format.write(options.registry().tokens(of: account).map { AccessTokenRow($0, at: now) })
        }
    }

    struct Revoke: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End a token for good, at once.")

        @Argument(help: "The token's id, from 'gateway account token list'.") var id: String
        @Option(help: ArgumentHelp("Why, as recorded.", valueName: "TEXT")) var reason: String
        @OptionGroup var actor: AccountActor
        @OptionGroup var options: StateOptions

        func run() throws {
            let now = WallTime.now()
            let token = try options.registry().revokeToken(id, by: actor.actor, reason: reason, at: now)
            try options.format.write([AccessTokenRow(token, at: now)])
        }
    }
}

extension AccessTokenRow: Listed {
    static let headings = ["TOKEN", "ACCOUNT", "STATE", "SCOPES", "EXPIRES", "LAST USED", "NAME"]
    var cells: [String] { [id, account, state, scopes.joined(separator: ","), expires, lastUsed ?? "-", name] }
}

private struct IssuedTokenRow: Listed {
    let id: String
    let account: String
    let expires: String
    let token: String

    init(_ issued: IssuedToken) {
        (id, account, expires, token) = (issued.entry.id, issued.entry.account, issued.entry.expires.text, issued.token)
    }

    static let headings = ["TOKEN"]
    var cells: [String] { [token] }
}

/// A token's scope, as an argument.
enum ScopeArgument: String, ExpressibleByArgument, CaseIterable {
    case read, onboard, keys, policies, accounts, audit

    var scope: TokenScope {
        switch self {
        case .read: .read
        case .onboard: .onboard
        case .keys: .keys
        case .policies: .policies
        case .accounts: .accounts
        case .audit: .audit
        }
    }
}
