package import Registry

/// Why the registry did not do what it was asked; each prints as one sentence.
package enum RegistryError: Error, Sendable {
    /// No such partner, application or key.
    case unknown(String, String)
    /// The lifecycle does not allow the move.
    case objection(application: String, Lifecycle.Objection)
    /// The state does not allow issuing a key of that environment.
    case mayNotIssue(application: String, state: ApplicationState, Environment)
    /// The key is not in a state for this.
    case keyState(id: String, state: String)
    /// An application has as many keys as it may.
    case tooManyKeys(application: String)
    /// A person's name, a reason or another argument is out of form.
    case outOfForm(String)
    /// Scopes were granted that were not asked for, or none.
    case scopes(application: String, String)
    /// A plan is not in the policy in force, or lacks a bucket for a scope.
    case plan(String)
    /// A policy would leave applications without what they were granted.
    case policyInUse([String])
    /// A policy was planned on another version than the one in force.
    case plannedOnAnother(planned: String, inForce: String)
    /// There are accounts, and the name is none of them, or one that may not sign in.
    case noAccount(String)
    /// Somebody has none of the roles that something takes.
    case lacksRole(String, what: String, needs: RoleSet)
    /// An application is no longer as it was when somebody saw it: what was decided since.
    case changedMeanwhile(application: String, [AuditRecord])
    /// What names a partner's people is still needed: these applications live.
    case stillLiving(partner: Identifier, [RegisteredApplication])
    /// Nothing has been accepted yet.
    case noPolicy
    /// An import contradicts what is registered.
    case conflicts([ImportConflict])
    /// The registry was written by a newer version.
    case newerSchema([String])
    /// The snapshot file is ahead of the registry: it was rolled back.
    case snapshotAhead(published: UInt64, registry: UInt64)
    /// A change was about to be made that nothing put on record: our own fault.
    case unaudited
    /// The world's doing: disk full, read-only, busy, damaged.
    case storage(String)
}

extension RegistryError: CustomStringConvertible {
    /// One sentence for whoever asked.
    package var description: String {
        switch self {
        case .unknown(let sort, let id): "there is no \(sort) '\(id)'"
        case .objection(let application, let objection): "application \(application) \(objection.sentence)"
        case .mayNotIssue(let application, let state, let environment):
            "application \(application) is \(state.name): no \(environment.name) key may be issued; \(RegistryError.issuing(environment))"
        case .keyState(let id, let state): "key \(id) is already \(state)"
        case .tooManyKeys(let application):
            "application \(application) has \(Limits.livingKeysPerApplication) keys that are not revoked, the most it may have: revoke one first"
        case .outOfForm(let what): what
        case .scopes(let application, let what): "application \(application): \(what)"
        case .plan(let what): what
        case .policyInUse(let problems): "the policy was not accepted: " + problems.joined(separator: "; ")
        case .plannedOnAnother(let planned, let inForce):
            "the policy was not accepted: it was planned on \(planned), and \(inForce) is in force: look at the difference again"
        case .noAccount(let name): "'\(name)' is no active account: what is done is done by somebody who has one"
        case .lacksRole(let name, let what, let roles):
            "'\(name)' may not \(what): that is for \(roles.isEmpty ? "nobody" : roles.roles.map(\.name).joined(separator: " or "))"
        case .changedMeanwhile(let application, let records):
            "application \(application) has changed since it was shown: "
                + records.map { "\($0.action) by \($0.actor)" }.joined(separator: ", ")
        case .stillLiving(let partner, let living):
            "nothing of partner \(partner.text) was erased: "
                + living.map { "application \($0.declaration.id.text) is \($0.lifecycle.state.name)" }.joined(separator: ", ")
                + "; another contact comes by an import, and withdrawn evidence goes by itself"
        case .noPolicy: "the registry has no policy yet: start the gateway once or apply one"
        case .conflicts(let conflicts): conflicts.map(\.sentence).joined(separator: "; ")
        case .newerSchema(let migrations):
            "the registry was written by a newer version of the gateway (\(migrations.joined(separator: ", "))): use that version"
        case .snapshotAhead(let published, let registry):
            "the published snapshot has revision \(published), the registry only \(registry): the registry was rolled back;"
                + " remove the file 'snapshot' in the state folder if that was meant"
        case .unaudited: "the change was undone: nothing put it on record, which is a fault of the gateway"
        case .storage(let what): what
        }
    }

    private static func issuing(_ environment: Environment) -> String {
        let states = ApplicationState.allCases.filter { $0.mayIssue(environment) }.map(\.name)
        return "it may be in \(states.joined(separator: ", "))"
    }
}

extension Lifecycle.Objection {
    /// The rest of a sentence that begins with the application.
    fileprivate var sentence: String {
        switch self {
        case .notAllowed(let move, let state, let allowed):
            "is \(state.name): \(move.rawValue) is not allowed; allowed: \(allowed.map(\.rawValue).joined(separator: ", "))"
        case .samePersonTwice(let actor): "already has this move from \(actor): a second, different person must make it too"
        case .submitterMayNotApprove(let actor): "was submitted by \(actor), who may not be one of the two that decide"
        case .isFinal(let state): "is \(state.name): that is final, nothing leads out of it"
        case .lacksRole(let move, let roles):
            roles.isEmpty
                ? "takes no \(move.rawValue): the rules give it to nobody"
                : "takes \(move.rawValue) only from \(roles.roles.map(\.name).joined(separator: " or "))"
        case .lacksEvidence(let move, let gaps):
            "needs evidence before \(move.rawValue): "
                + gaps.map { "\($0.kind.name) \($0.expired == nil ? "is missing" : "has expired")" }.joined(separator: ", ")
        case .mayNotReviewOwn(let actor): "was resumed by \(actor) with break-glass: another person looks at that"
        case .reviewIsOpen(let actor):
            "was resumed by \(actor) with break-glass, which nobody has looked at yet: review-break-glass comes first"
        case .nothingAskedFor(let move): "can only be given by \(move.rawValue) what is named"
        }
    }
}
