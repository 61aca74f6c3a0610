import ControlPlane
import Registry

extension PartnerRow: Listed {
    static let headings = ["ID", "KIND", "NAME", "REGISTRATION", "SITE", "APPLICATIONS"]
    var cells: [String] { [id, kind, name, registration, site, applications.joined(separator: ", ")] }
}

extension ApplicationRow: Listed {
    static let headings = ["ID", "PARTNER", "STATE", "PLAN", "GRANTED", "NAME"]
    var cells: [String] {
        [id, partner, state, plan ?? "-", scopesGranted.isEmpty ? "-" : scopesGranted.joined(separator: ","), name]
    }
}

extension ApplicationDetail: Listed {
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

extension MoveRow: Listed {
    static let headings = ["TIME", "MOVE", "FROM", "TO", "BY", "REASON"]
    var cells: [String] { [time, move, from, awaitsSecondPerson ? "(awaits a second person)" : to, by, reason] }
}

extension KeyRow: Listed {
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
