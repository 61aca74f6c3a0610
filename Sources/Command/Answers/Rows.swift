import ControlPlane
import Registry

/// A partner in a list.
struct PartnerRow: Listed {
    let id: String
    let kind: String
    let name: String
    let registration: String
    let site: String
    let contacts: [String: String]
    let applications: [String]

    init(_ partner: RegisteredPartner) {
        id = partner.declaration.id.text
        kind = partner.declaration.kind.name
        name = partner.declaration.name
        registration = partner.declaration.registration
        site = partner.declaration.site
        contacts = Dictionary(uniqueKeysWithValues: partner.declaration.contacts.map { ($0.rawValue, $1) })
        applications = partner.applications.map(\.text)
    }

    static let headings = ["ID", "KIND", "NAME", "REGISTRATION", "SITE", "APPLICATIONS"]
    var cells: [String] { [id, kind, name, registration, site, applications.joined(separator: ", ")] }
}

/// An application in a list.
struct ApplicationRow: Listed {
    let id: String
    let partner: String
    let name: String
    let purpose: String
    let state: String
    let scopesAsked: [String]
    let scopesGranted: [String]
    let plan: String?
    let allowedAddresses: [String]
    let certificates: [String]
    let awaitsSecondPersonFor: String?
    let withdrawnUntil: String?
    let since: String?
    let received: String?
    let assignee: String?
    let awaitsReviewOf: String?

    init(_ application: RegisteredApplication, at now: WallTime) {
        id = application.declaration.id.text
        partner = application.partner.text
        name = application.declaration.name
        purpose = application.declaration.purpose
        state = application.lifecycle.state.name
        scopesAsked = application.declaration.scopes.scopes.map(\.name)
        scopesGranted = application.granted.scopes.map(\.name)
        plan = (application.plan ?? application.declaration.plan)?.text
        allowedAddresses = application.declaration.allowedAddresses.map(AddressText.text)
        certificates = (application.declaration.certificates ?? []).map(CertificateText.text)
        awaitsSecondPersonFor = application.lifecycle.awaited(at: now)?.move.rawValue
        withdrawnUntil = application.lifecycle.withdrawnUntil?.text
        since = application.since?.text
        received = application.received?.text
        assignee = application.assignee
        awaitsReviewOf = application.lifecycle.review?.actor
    }

    static let headings = ["ID", "PARTNER", "STATE", "PLAN", "GRANTED", "NAME"]
    var cells: [String] {
        [id, partner, state, plan ?? "-", scopesGranted.isEmpty ? "-" : scopesGranted.joined(separator: ","), name]
    }
}

/// An application with all that was decided about it.
struct ApplicationDetail: Listed {
    let application: ApplicationRow
    let moves: [MoveRow]
    let allowedMoves: [String]

    private enum Member: String, CodingKey {
        case moves, allowedMoves
    }

    func encode(to encoder: any Encoder) throws {
        try application.encode(to: encoder)
        var members = encoder.container(keyedBy: Member.self)
        try members.encode(moves, forKey: .moves)
        try members.encode(allowedMoves, forKey: .allowedMoves)
    }

    static let headings = [
        "id", "partner", "name", "purpose", "state", "asked", "granted", "plan", "allowed addresses", "certificates", "withdrawn until",
        "awaits a second", "awaits a look at", "received", "in its state since", "with", "moves it has",
    ]
    var cells: [String] {
        [
            application.id, application.partner, application.name, application.purpose, application.state,
            application.scopesAsked.joined(separator: ", "), application.scopesGranted.joined(separator: ", "), application.plan ?? "-",
            application.allowedAddresses.isEmpty ? "anywhere" : application.allowedAddresses.joined(separator: ", "),
            application.certificates.isEmpty ? "not bound" : application.certificates.joined(separator: ", "),
            application.withdrawnUntil ?? "-", application.awaitsSecondPersonFor ?? "-",
            application.awaitsReviewOf.map { "the break-glass resume of \($0)" } ?? "-", application.received ?? "-",
            application.since ?? "-", application.assignee ?? "-", allowedMoves.joined(separator: ", "),
        ]
    }
}

/// One move of an application.
struct MoveRow: Listed {
    let id: String
    let time: String
    let move: String
    let from: String
    let to: String
    let by: String
    let inPlaceOf: String?
    let reason: String
    let awaitsSecondPerson: Bool

    init(_ move: RecordedMove) {
        id = String(move.number)
        time = move.time.text
        self.move = move.move
        from = move.from.name
        to = move.to.name
        by = move.actor
        inPlaceOf = move.inPlaceOf
        reason = move.reason
        awaitsSecondPerson = move.isPending
    }

    static let headings = ["TIME", "MOVE", "FROM", "TO", "BY", "REASON"]
    var cells: [String] { [time, move, from, awaitsSecondPerson ? "(awaits a second person)" : to, by, reason] }
}

/// A key in a list: never the key itself.
struct KeyRow: Listed {
    let id: String
    let application: String
    let environment: String
    let name: String
    let state: String
    let until: String?
    let created: String
    let createdBy: String
    let lastUsed: String?
    let endedBy: String?
    let reason: String?

    init(_ key: RegisteredKey) {
        id = key.id
        application = key.application.text
        environment = key.environment.name
        name = key.name
        state = key.state.name
        until = key.until?.text
        created = key.created.text
        createdBy = key.createdBy
        lastUsed = key.lastUsed?.text
        endedBy = key.endedBy
        reason = key.reason
    }

    static let headings = ["ID", "APPLICATION", "ENVIRONMENT", "STATE", "UNTIL", "CREATED", "BY", "NAME"]
    var cells: [String] { [id, application, environment, state, until ?? "-", created, createdBy, name] }
}

/// One thing wrong with files or settings.
struct FaultRow: Listed {
    let id: String
    let file: String
    let line: Int
    let column: Int
    let problem: String
    let expected: String?

    init(_ fault: ConfigurationFault) {
        id = "\(fault.file):\(fault.line):\(fault.column)"
        file = fault.file
        line = fault.line
        column = fault.column
        problem = fault.problem
        expected = fault.expected
    }

    static let headings = ["FAULT"]
    var cells: [String] { ["\(id): \(problem)" + (expected.map { ", expected \($0)" } ?? "")] }
}
