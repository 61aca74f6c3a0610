package import Registry

/// What a partner file declares: facts, never secrets, never decisions (except once, at the first import).
package struct PartnerDeclaration: Hashable, Sendable {
    /// The partner's id.
    package var id: Identifier
    /// What sort of organisation it is.
    package var kind: PartnerKind
    /// Its name.
    package var name: String
    /// Its registration number, as its register spells it.
    package var registration: String
    /// Its official site.
    package var site: String
    /// Mail addresses by role; roles are those of `ContactRole`.
    package var contacts: [ContactRole: String]
    /// Its applications, in the file's order.
    package var applications: [ApplicationDeclaration]

    /// A declaration from its parts.
    package init(
        id: Identifier, kind: PartnerKind, name: String, registration: String, site: String, contacts: [ContactRole: String],
        applications: [ApplicationDeclaration]
    ) {
        self.id = id
        self.kind = kind
        self.name = name
        self.registration = registration
        self.site = site
        self.contacts = contacts
        self.applications = applications
    }
}

extension PartnerDeclaration {
    /// What stands in a file in the place of a contact that was erased.
    static let erased = "erased"

    /// Its contacts as a file says them: without a technical one, that it was erased.
    var declaredContacts: [ContactRole: String] { contacts.merging([.technical: PartnerDeclaration.erased]) { known, _ in known } }
}

/// Whom to write to about what: roles, so that files name no people.
package enum ContactRole: String, CaseIterable, Sendable {
    case technical, security, privacy, operations, business
}

/// What a partner file declares of one application.
package struct ApplicationDeclaration: Hashable, Sendable {
    /// The application's id, one of its own among all partners'.
    package var id: Identifier
    /// Its name.
    package var name: String
    /// What it is for.
    package var purpose: String
    /// What it asks for.
    package var scopes: ScopeSet
    /// The plan it asks for; its kind's default where nil.
    package var plan: Identifier?
    /// Addresses it may call from. Nil says nothing: an import then leaves what was declared, and a new one may call from anywhere. Empty means anywhere.
    package var allowedAddresses: [AddressRange]?
    /// SHA-256 of the client certificates it is bound to. Nil says nothing: an import then leaves what people bound. Empty unbinds.
    package var certificates: [Digest]?
    /// Its state; counts only in the first import into an empty registry.
    package var state: ApplicationState?
    /// Where a suspended or revoked one returns to; counts as `state` does.
    package var resumesIn: ApplicationState?
    /// What it was granted, where that is less than it asks; counts as `state` does.
    package var granted: ScopeSet?
    /// When it was received, where that was before it was registered; said once, and then of a draft at the latest.
    package var received: ReceivedDate?

    /// A declaration from its parts.
    package init(
        id: Identifier, name: String, purpose: String, scopes: ScopeSet, plan: Identifier? = nil, allowedAddresses: [AddressRange]? = nil,
        certificates: [Digest]? = nil, state: ApplicationState? = nil, resumesIn: ApplicationState? = nil, granted: ScopeSet? = nil,
        received: ReceivedDate? = nil
    ) {
        self.id = id
        self.name = name
        self.purpose = purpose
        self.scopes = scopes
        self.plan = plan
        self.allowedAddresses = allowedAddresses
        self.certificates = certificates
        self.state = state
        self.resumesIn = resumesIn
        self.granted = granted
        self.received = received
    }
}
