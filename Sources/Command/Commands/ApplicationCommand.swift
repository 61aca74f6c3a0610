import ArgumentParser
import ControlPlane
import Registry

/// Applications: what partners call with, and where each stands.
struct ApplicationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "application", abstract: "List and show applications, and move them from draft to live.",
        discussion: """
            draft -> submitted -> in_review -> sandbox -> certifying -> approved -> live. A move that the state does not have is \
            refused, and the refusal says which it has. go-live needs two people: the first is recorded, the second makes the move \
            within 7 days; neither may be anyone who ever submitted it. change-plan and grant-scopes need two where anything is more. Who \
            may make which move, and on which evidence, is in policies/lifecycle.yaml; while nobody has an account, any --by may.
            """,
        subcommands: [
            List.self, Show.self, Move<Submit>.self, Move<Review>.self, Move<RequestChanges>.self, Move<Reject>.self, GrantSandbox.self,
            Move<Certify>.self, Move<Approve>.self, Move<GoLive>.self, Move<Suspend>.self, Move<Resume>.self, Move<Withdraw>.self,
            Move<Revoke>.self, BindCertificate.self, GrantScopes.self, ChangePlan.self, Move<BreakGlass>.self, Move<ReviewBreakGlass>.self,
            OpenReviews.self, ExtraQuotaCommand.self, Assign.self, Note.self, CheckApplication.self, FunnelCommand.self,
        ])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List applications.")

        @OptionGroup var options: StateOptions
        @Option(help: ArgumentHelp("Only this partner's.", valueName: "ID")) var partner: String?

        func run() throws {
            let partner = try partner.map { try identifier($0, of: "partner") }
            let now = WallTime.now()
            try options.format.write(options.registry().applications(of: partner).map { ApplicationRow($0, at: now) })
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show one application and its history.")

        @Argument(help: "The application's id.") var id: String
        @OptionGroup var options: StateOptions

        func run() throws {
            let id = try identifier(id, of: "application")
            let registry = try options.registry()
            let application = try registry.application(id)
            let now = WallTime.now()
            let detail = ApplicationDetail(application, moves: try registry.moves(of: id), at: now)
            try options.format.write(one: detail)
            if options.format == .table && !detail.moves.isEmpty {
                Output.write("")
                try options.format.write(detail.moves)
            }
        }
    }
}

/// Makes a move, publishes it and says where the application stands.
func make(
    _ move: LifecycleMove, of id: String, by person: PersonOptions, asking wish: RegistryStore.Wish = RegistryStore.Wish(),
    _ options: StateOptions
) throws {
    let id = try identifier(id, of: "application")
    let now = WallTime.now()
    let result = try options.change { try $0.move(id, move, by: person.actor, reason: person.reason, asking: wish, at: now) }
    try options.format.write([ApplicationRow(result.application, at: now)])
    if !result.gaps.isEmpty {
        let missing = result.gaps.map { $0.kind.name + ($0.expired == nil ? "" : " (expired)") }.joined(separator: ", ")
        Message.write("Not on file: \(missing). Nobody is held to evidence while there is no account.")
    }
    switch result.outcome {
    case .moved(let state): Message.write("\(id.text) is now \(state.name).")
    case .awaitsSecondPerson:
        if let forgotten = result.forgotten { Message.write("\(forgotten) made it first and may no longer: yours is the first now.") }
        Message.write("Recorded. \(id.text) stays as it is until a second person makes the same move.")
    }
}

/// Names a move that needs nothing but a person and a reason.
protocol PlainMove {
    static var move: LifecycleMove { get }
    static var abstract: String { get }
}

/// The command of a plain move.
struct Move<Kind: PlainMove>: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: Kind.move.rawValue, abstract: Kind.abstract)
    }

    @Argument(help: "The application's id.") var id: String
    @OptionGroup var person: PersonOptions
    @OptionGroup var options: StateOptions

    func run() throws { try make(Kind.move, of: id, by: person, options) }
}

enum Submit: PlainMove {
    static let move = LifecycleMove.submit
    static let abstract = "Hand a draft in for review."
}

enum Review: PlainMove {
    static let move = LifecycleMove.review
    static let abstract = "Take a submitted application into review."
}

enum RequestChanges: PlainMove {
    static let move = LifecycleMove.requestChanges
    static let abstract = "Send an application in review back for changes."
}

enum Reject: PlainMove {
    static let move = LifecycleMove.reject
    static let abstract = "Reject an application in review, for good."
}

enum Certify: PlainMove {
    static let move = LifecycleMove.certify
    static let abstract = "Begin certifying an application that works in the sandbox."
}

enum Approve: PlainMove {
    static let move = LifecycleMove.approve
    static let abstract = "Approve an application that was certified."
}

enum GoLive: PlainMove {
    static let move = LifecycleMove.goLive
    static let abstract = "Let an approved application go live; needs two people."
}

enum Suspend: PlainMove {
    static let move = LifecycleMove.suspend
    static let abstract = "Stop an application's keys until it is resumed."
}

enum Resume: PlainMove {
    static let move = LifecycleMove.resume
    static let abstract = "Return a suspended application to the state before."
}

enum BreakGlass: PlainMove {
    static let move = LifecycleMove.breakGlass
    static let abstract = "Resume a suspended application without its evidence; another looks at it."
}

enum ReviewBreakGlass: PlainMove {
    static let move = LifecycleMove.reviewBreakGlass
    static let abstract = "Look at what another resumed by break-glass, and leave it so."
}

enum Withdraw: PlainMove {
    static let move = LifecycleMove.withdraw
    static let abstract = "Withdraw a live application; it works 30 more days."
}

enum Revoke: PlainMove {
    static let move = LifecycleMove.revoke
    static let abstract = "Stop an application's keys; only two people can undo it."
}
