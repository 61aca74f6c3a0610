package import Registry

// What scripts get, on the command line and from the admin API: members in the same words.

/// A partner in a list.
package struct PartnerRow: Encodable, Sendable {
    /// Its id.
    package let id: String
    /// What sort of organisation it is.
    package let kind: String
    /// What it is called.
    package let name: String
    /// Its registration number.
    package let registration: String
    /// Its site.
    package let site: String
    /// Whom to write to, by role.
    package let contacts: [String: String]
    /// Ids of its applications.
    package let applications: [String]
    /// When its contacts were erased.
    package let erased: String?

    /// The row of a partner.
    package init(_ partner: RegisteredPartner) {
        id = partner.declaration.id.text
        kind = partner.declaration.kind.name
        name = partner.declaration.name
        registration = partner.declaration.registration
        site = partner.declaration.site
        contacts = Dictionary(uniqueKeysWithValues: partner.declaration.contacts.map { ($0.rawValue, $1) })
        applications = partner.applications.map(\.text)
        erased = partner.erased?.text
    }
}

/// An application in a list.
package struct ApplicationRow: Encodable, Sendable {
    /// Its id.
    package let id: String
    /// Its partner.
    package let partner: String
    /// What it is called.
    package let name: String
    /// What it is for.
    package let purpose: String
    /// Where it stands.
    package let state: String
    /// What it asks for.
    package let scopesAsked: [String]
    /// What it was granted.
    package let scopesGranted: [String]
    /// Its plan, or the one it asks for.
    package let plan: String?
    /// Where it may call from; anywhere where empty.
    package let allowedAddresses: [String]
    /// What it is bound to; nothing where empty.
    package let certificates: [String]
    /// The move that a second person must make too.
    package let awaitsSecondPersonFor: String?
    /// When a withdrawal ends.
    package let withdrawnUntil: String?
    /// Since when it is in its state.
    package let since: String?
    /// When it was received.
    package let received: String?
    /// Who of the team has it.
    package let assignee: String?
    /// Whose break-glass resume somebody must look at.
    package let awaitsReviewOf: String?

    /// The row of an application as it is now.
    package init(_ application: RegisteredApplication, at now: WallTime) {
        id = application.declaration.id.text
        partner = application.partner.text
        name = application.declaration.name
        purpose = application.declaration.purpose
        state = application.lifecycle.state.name
        scopesAsked = application.declaration.scopes.scopes.map(\.name)
        scopesGranted = application.granted.scopes.map(\.name)
        plan = (application.plan ?? application.declaration.plan)?.text
        allowedAddresses = (application.declaration.allowedAddresses ?? []).map(AddressText.text)
        certificates = (application.declaration.certificates ?? []).map(CertificateText.text)
        awaitsSecondPersonFor = application.lifecycle.awaited(at: now)?.move.rawValue
        withdrawnUntil = application.lifecycle.withdrawnUntil?.text
        since = application.since?.text
        received = application.received?.text
        assignee = application.assignee
        awaitsReviewOf = application.lifecycle.review?.actor
    }
}

/// An application with all that was decided about it.
package struct ApplicationDetail: Encodable, Sendable {
    /// The application.
    package let application: ApplicationRow
    /// All its moves, the oldest first.
    package let moves: [MoveRow]
    /// What its state has; who may is another question.
    package let allowedMoves: [String]

    private enum Member: String, CodingKey {
        case moves, allowedMoves
    }

    /// The detail of an application as it is now.
    package init(_ application: RegisteredApplication, moves: [RecordedMove], at now: WallTime) {
        self.application = ApplicationRow(application, at: now)
        self.moves = moves.map(MoveRow.init)
        allowedMoves = application.lifecycle.allowedMoves(at: now).map(\.rawValue)
    }

    /// Members of the application and of what was decided, side by side.
    package func encode(to encoder: any Encoder) throws {
        try application.encode(to: encoder)
        var members = encoder.container(keyedBy: Member.self)
        try members.encode(moves, forKey: .moves)
        try members.encode(allowedMoves, forKey: .allowedMoves)
    }
}

/// One move of an application.
package struct MoveRow: Encodable, Sendable {
    /// Its number.
    package let id: String
    /// When.
    package let time: String
    /// Which.
    package let move: String
    /// The state before.
    package let from: String
    /// The state after.
    package let to: String
    /// Who made it.
    package let by: String
    /// For whom they stood in.
    package let inPlaceOf: String?
    /// Why.
    package let reason: String
    /// Whether a second person was awaited.
    package let awaitsSecondPerson: Bool

    /// The row of a move.
    package init(_ move: RecordedMove) {
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
}

/// What an import did.
package struct ImportRow: Encodable, Sendable {
    /// From where.
    package let id: String
    /// Partners not there before.
    package let partnersAdded: Int
    /// Partners whose facts changed.
    package let partnersChanged: Int
    /// Applications not there before.
    package let applicationsAdded: Int
    /// Applications whose facts changed.
    package let applicationsChanged: Int
    /// Applications whose declared state did not count.
    package let statesIgnored: [String]
    /// Partners whose contacts were erased and stay so.
    package let contactsLeftOut: [String]

    /// The row of an import from somewhere.
    package init(_ source: String, _ summary: ImportSummary) {
        id = source
        partnersAdded = summary.partnersAdded
        partnersChanged = summary.partnersChanged
        applicationsAdded = summary.applicationsAdded
        applicationsChanged = summary.applicationsChanged
        statesIgnored = summary.statesIgnored.map(\.text)
        contactsLeftOut = summary.contactsLeftOut.map(\.text)
    }
}
