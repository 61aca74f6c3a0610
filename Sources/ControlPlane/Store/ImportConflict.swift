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

    /// One sentence, without its end.
    var sentence: String {
        switch self {
        case .foreign(let application, let partner): "application \(application.text) belongs to partner \(partner.text) already"
        case .receivedOtherwise(let application, let known, let declared):
            "application \(application.text) was received \(known), as was said before, and now it says \(declared)"
        case .receivedTooLate(let application, let state):
            "application \(application.text) is \(state.name): when it was received can be said of a draft only"
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
            for application in declaration.applications {
                let known = try known(application.id, database)
                if let owner = known?.partner, owner != declaration.id {
                    conflicts.append(.foreign(application: application.id, partner: owner))
                } else if let conflict = conflict(application, with: known, by: clock, at: now) {
                    conflicts.append(conflict)
                }
            }
        }
        guard conflicts.isEmpty else { throw RegistryError.conflicts(conflicts) }
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
