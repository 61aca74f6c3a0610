import GRDB
package import Registry

/// What an application is given with its sandbox: scopes, and the plan they are spent under.
struct Grant {
    var scopes: ScopeSet
    var plan: Identifier

    /// A grant of scopes that were asked for, under the declared plan or the kind's default, which must have a bucket for each.
    init(_ scopes: ScopeSet, to declaration: ApplicationDeclaration, of kind: PartnerKind, under policy: Policy) throws(RegistryError) {
        let application = declaration.id.text
        guard !scopes.scopes.isEmpty else { throw .scopes(application: application, "at least one scope must be granted") }
        let surplus = scopes.subtracting(declaration.scopes)
        guard surplus.isEmpty else {
            throw .scopes(application: application, "it did not ask for \(surplus.scopes.map(\.name).joined(separator: ", "))")
        }
        guard let name = declaration.plan ?? policy.defaultPlans[kind] else {
            throw .plan("application \(application) names no plan and the policy has no default for kind \(kind.name)")
        }
        guard let plan = policy.plan(name) else { throw .plan("application \(application): the policy has no plan '\(name.text)'") }
        if let scope = scopes.scopes.first(where: { plan[$0] == nil }) {
            throw .plan("application \(application): the plan '\(name.text)' has no bucket for the scope '\(scope.name)'")
        }
        self.scopes = scopes
        self.plan = name
    }
}

extension RegistryStore {
    /// What a move did, and the application as it now is.
    package struct MoveResult: Sendable {
        /// Moved, or recorded and waiting for a second person.
        package var outcome: Lifecycle.Outcome
        /// The application after it.
        package var application: RegisteredApplication
    }

    /// Makes one move by one person. `scopes` narrows what a grant-sandbox grants; all that was asked for where nil.
    package func move(
        _ application: Identifier, _ move: LifecycleMove, by actor: Actor, reason: String, scopes: ScopeSet? = nil, at now: WallTime
    ) throws(RegistryError) -> MoveResult {
        let actor = try Person.actor(actor)
        let reason = try Person.reason(reason)
        return try write { database in
            let before = try RegistryStore.application(application, database)
            var lifecycle = before.lifecycle
            let outcome: Lifecycle.Outcome
            do throws(Lifecycle.Objection) { outcome = try lifecycle.move(move, by: actor.name, at: now) } catch {
                throw RegistryError.objection(application: application.text, error)
            }
            if scopes != nil && move != .grantSandbox {
                throw RegistryError.outOfForm("scopes are granted by \(LifecycleMove.grantSandbox.rawValue) only")
            }
            let grant = move == .grantSandbox ? try RegistryStore.grant(scopes, to: before, database) : nil
            try RegistryStore.save(lifecycle, grant: grant, of: application, database)
            try RegistryStore.record(
                RecordedMove(
                    number: 0, application: application, from: before.lifecycle.state, to: lifecycle.state, move: move.rawValue,
                    actor: actor.name, time: now, reason: reason, isPending: outcome == .awaitsSecondPerson),
                database)
            return MoveResult(outcome: outcome, application: try RegistryStore.application(application, database))
        }
    }

    /// Back from certifying, what was granted before stays granted unless narrowed.
    private static func grant(_ scopes: ScopeSet?, to application: RegisteredApplication, _ database: Database) throws -> Grant {
        let policy = try policyInForce(database)
        let before = application.granted.intersection(application.declaration.scopes)
        let all = before.isEmpty ? application.declaration.scopes : before
        return try Grant(scopes ?? all, to: application.declaration, of: application.kind, under: policy)
    }

    static func save(_ lifecycle: Lifecycle, grant: Grant?, of application: Identifier, _ database: Database) throws {
        if let grant { try checkFit(of: grant, to: application, database) }
        try database.execute(
            sql: """
                UPDATE application SET state = ?, returns_to = ?, submitters = ?, pending_move = ?, pending_actor = ?, pending_since = ?,
                withdrawn_until = ?, scopes_granted = coalesce(?, scopes_granted), plan = coalesce(?, plan) WHERE id = ?
                """,
            arguments: [
                lifecycle.state.name, lifecycle.returnsTo?.name, try RegistryRows.text(lifecycle.submitters),
                lifecycle.pending?.move.rawValue, lifecycle.pending?.actor, lifecycle.pending?.time.nanoseconds,
                lifecycle.withdrawnUntil?.nanoseconds, grant.map { Int64($0.scopes.rawValue) }, grant?.plan.text, application.text,
            ])
    }

    static func record(_ move: RecordedMove, _ database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO move (application, from_state, to_state, move, actor, time, reason, pending) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                move.application.text, move.from.name, move.to.name, move.move, move.actor, move.time.nanoseconds, move.reason,
                move.isPending,
            ])
    }
}
