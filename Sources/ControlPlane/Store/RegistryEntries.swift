package import Registry

/// A partner as the registry holds it.
package struct RegisteredPartner: Hashable, Sendable {
    /// Its declared facts, without applications.
    package var declaration: PartnerDeclaration
    /// Ids of its applications, sorted.
    package var applications: [Identifier]
    /// When its contacts were erased; nil while it has some.
    package var erased: WallTime? = nil
}

/// An application as the registry holds it: what was declared, and what people decided.
package struct RegisteredApplication: Hashable, Sendable {
    /// Its declared facts; `state`, `resumesIn` and `granted` are nil here, and `received` where nobody said it.
    package var declaration: ApplicationDeclaration
    /// Its partner.
    package var partner: Identifier
    /// Its partner's kind.
    package var kind: PartnerKind
    /// Where it stands.
    package var lifecycle: Lifecycle
    /// What it was granted; empty before a sandbox was.
    package var granted: ScopeSet
    /// The plan in force for it; nil before a sandbox was granted.
    package var plan: Identifier?
    /// When it was received: as declared, else when it was submitted for the first time or imported beyond a draft; nil of any other draft.
    package var received: WallTime?
    /// Since when it is in its state; nil where nobody recorded it.
    package var since: WallTime?
    /// Who of the team has it; nil where nobody does.
    package var assignee: String?
}

/// A key as the registry holds it: never the key itself, of which only the digest is kept.
package struct RegisteredKey: Hashable, Sendable {
    /// The key's own id, for rotating and revoking it.
    package var id: String
    /// The application it names.
    package var application: Identifier
    /// The core store it reaches.
    package var environment: Environment
    /// What its owner calls it.
    package var name: String
    /// Whether it is good, ending or refused.
    package var state: CredentialRecord.State
    /// When it stops, while retiring.
    package var until: WallTime?
    /// When it was issued.
    package var created: WallTime
    /// Who had it issued.
    package var createdBy: String
    /// When it was last presented, where that was recorded.
    package var lastUsed: WallTime?
    /// Who had it rotated or revoked.
    package var endedBy: String?
    /// Why it was revoked.
    package var reason: String?
}

/// A key just issued: the only time its text exists outside its owner's hands.
package struct IssuedKey: Sendable {
    /// The key's id.
    package var id: String
    /// The key itself: hand it over, keep it nowhere.
    package var key: String
    /// The application it names.
    package var application: Identifier
    /// The core store it reaches.
    package var environment: Environment
}

/// A move as recorded for good.
package struct RecordedMove: Hashable, Sendable {
    /// Grows by one a move.
    package var number: Int64
    /// The application moved.
    package var application: Identifier
    /// The state before.
    package var from: ApplicationState
    /// The state after; the same while a second person is awaited.
    package var to: ApplicationState
    /// The move's name, or `import`.
    package var move: String
    /// Who made it.
    package var actor: String
    /// In whose place, that one being away.
    package var inPlaceOf: String?
    /// When.
    package var time: WallTime
    /// Why.
    package var reason: String
    /// Whether a second person was awaited.
    package var isPending: Bool
}

/// What an import did.
package struct ImportSummary: Hashable, Sendable {
    /// Whether the registry was empty, so that declared states counted.
    package var isFirst = false
    /// Partners not there before.
    package var partnersAdded = 0
    /// Partners whose facts changed.
    package var partnersChanged = 0
    /// Applications not there before.
    package var applicationsAdded = 0
    /// Applications whose declared facts changed.
    package var applicationsChanged = 0
    /// Applications whose file names a state that did not count.
    package var statesIgnored: [Identifier] = []
    /// Partners whose contacts were erased, and stay so: no application of theirs lives.
    package var contactsLeftOut: [Identifier] = []
}
