import GRDB
package import Registry

/// What of an import contradicts what is registered, or cannot be: all of it is told, and nothing is taken over.
package enum ImportConflict: Hashable, Sendable {
    /// An application stays its partner's.
    case foreign(application: Identifier, partner: Identifier)
    /// It was said before, and otherwise: that is said once.
    case receivedOtherwise(application: Identifier, known: String, declared: String)
    /// It is no draft any more: people have gone by when it came.
    case receivedTooLate(application: Identifier, state: ApplicationState)
    /// It has not been received yet.
    case receivedInFuture(application: Identifier, declared: String)

    /// What people judge of it would be another thing: that stays as it was submitted.
    case askedOtherwise(application: Identifier, state: ApplicationState, for: String)
    /// Contacts go by being erased, and not by an import that has none.
    case contactsErased(partner: Identifier)
    /// Its partner's kind says which evidence is asked for, and one application was handed in under it.
    case otherKind(partner: Identifier, kind: PartnerKind, application: String)

    /// One sentence, without its end.
    var sentence: String {
        switch self {
        case .foreign(let application, let partner): "application \(application.text) belongs to partner \(partner.text) already"
        case .receivedOtherwise(let application, let known, let declared):
            "application \(application.text) was received \(known), as was said before, and now it says \(declared)"
        case .receivedTooLate(let application, let state):
            "application \(application.text) is \(state.name): when it was received can be said of a draft only"
        case .askedOtherwise(let application, let state, let what):
            "application \(application.text) is \(state.name) and asks for \(what): what people judge stays as it was submitted, until"
                + " request-changes gives it back"
        case .otherKind(let partner, let kind, let application):
            "partner \(partner.text) is of the kind \(kind.name), by which its application \(application) was judged"
        case .contactsErased(let partner):
            "partner \(partner.text) has contacts, and now they are declared as erased: partner erase does that"
        case .receivedInFuture(let application, let declared):
            "application \(application.text) was received \(declared), which is still to come"
        }
    }
}

extension RegistryStore {
    static func refuseConflicts(
        _ declarations: [PartnerDeclaration], by clock: DayClock, at now: WallTime, _ database: Database
    ) throws {
        var conflicts: [ImportConflict] = []
        for declaration in declarations {
            if let conflict = try otherKind(declaration, database) { conflicts.append(conflict) }
            if declaration.contacts.isEmpty, try partner(declaration.id, database)?.declaration.contacts.isEmpty == false {
                conflicts.append(.contactsErased(partner: declaration.id))
            }
            for application in declaration.applications {
                let known = try known(application.id, database)
                if let owner = known?.partner, owner != declaration.id {
                    conflicts.append(.foreign(application: application.id, partner: owner))
                } else if let conflict = conflict(application, with: known, by: clock, at: now) {
                    conflicts.append(conflict)
                } else if let known, let conflict = askedOtherwise(application, than: known) {
                    conflicts.append(conflict)
                }
            }
        }
        guard conflicts.isEmpty else { throw RegistryError.conflicts(conflicts) }
    }

    /// Another kind for a partner with an application past its draft.
    private static func otherKind(_ declaration: PartnerDeclaration, _ database: Database) throws -> ImportConflict? {
        guard let known = try partner(declaration.id, database)?.declaration, known.kind != declaration.kind else { return nil }
        let row = try Row.fetchOne(
            database, sql: "SELECT id FROM application WHERE partner = ? AND state NOT IN ('draft', 'changes_requested') ORDER BY id",
            arguments: [declaration.id.text])
        return row.map { .otherKind(partner: declaration.id, kind: known.kind, application: $0["id"]) }
    }

    /// Other scopes or another plan for an application that is being judged: whoever confirms must see what the first person saw.
    private static func askedOtherwise(_ asked: ApplicationDeclaration, than known: RegisteredApplication) -> ImportConflict? {
        let (old, lifecycle) = (known.declaration, known.lifecycle)
        let changed = [(old.scopes != asked.scopes, "other scopes"), (old.plan != asked.plan, "another plan")].filter(\.0).map(\.1)
        guard (lifecycle.returnsTo ?? lifecycle.state).isJudged, !changed.isEmpty else { return nil }
        return .askedOtherwise(application: asked.id, state: lifecycle.state, for: changed.joined(separator: " and "))
    }

    /// What is wrong with when an application is said to have been received.
    private static func conflict(
        _ declaration: ApplicationDeclaration, with known: RegisteredApplication?, by clock: DayClock, at now: WallTime
    ) -> ImportConflict? {
        let id = declaration.id
        guard let declared = declaration.received else { return nil }
        guard declared.time(by: clock) <= now else { return .receivedInFuture(application: id, declared: declared.text) }
        guard let known else { return nil }
        if let said = known.declaration.received {
            // The same time in another spelling is the same.
            guard said != declared, known.received != declared.time(by: clock) else { return nil }
            return .receivedOtherwise(application: id, known: said.text, declared: declared.text)
        }
        return known.lifecycle.state == .draft ? nil : .receivedTooLate(application: id, state: known.lifecycle.state)
    }
}

extension ApplicationState {
    /// Whether what was asked for is being judged in it; of what is suspended or revoked the state before says so. In the sandbox and live it
    /// may be asked for otherwise: that counts only through `grant-scopes` and `change-plan`, which name what they give.
    fileprivate var isJudged: Bool {
        switch self {
        case .submitted, .inReview, .certifying, .approved: true
        case .draft, .changesRequested, .sandbox, .live, .rejected, .withdrawn, .suspended, .revoked: false
        }
    }
}
