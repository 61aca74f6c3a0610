import Foundation
import GRDB
package import Registry

extension RegistryStore {
    /// What a move did, and the application as it now is.
    package struct MoveResult: Sendable {
        /// Moved, or recorded and waiting for a second person.
        package var outcome: Lifecycle.Outcome
        /// The application after it.
        package var application: RegisteredApplication
        /// Evidence that the rules would have asked of anybody with an account; empty where nothing is missing.
        package var gaps: [EvidenceGap]
        /// Who had made the move first and may no longer make it, so that this one counts as the first; nil where that is not so.
        package var forgotten: String?
        /// The last record of the audit about the application, this move's: what the next decision is made on.
        package var record: Int64
    }

    /// What a move is to give: all scopes it then has, and its plan; what is nil stays as it is.
    package struct Wish: Hashable, Sendable {
        /// All scopes the application then has; for a first sandbox all that it asked for where nil.
        package var scopes: ScopeSet?
        /// Its plan; for a first sandbox the declared one, or its kind's, where nil.
        package var plan: Identifier?

        /// A wish from its parts.
        package init(scopes: ScopeSet? = nil, plan: Identifier? = nil) {
            self.scopes = scopes
            self.plan = plan
        }
    }

    /// Makes one move by one person, as the lifecycle and the rules have it; where it is said which record of the audit they saw last, only if
    /// the application has not changed since.
    package func move(
        _ application: Identifier, _ move: LifecycleMove, by actor: Actor, reason: String, asking wish: Wish = Wish(),
        unchangedSince record: Int64? = nil, at now: WallTime
    ) throws(RegistryError) -> MoveResult {
        let attempt = AuditAttempt(.move(move), of: .application(application), by: actor, reason: reason, at: now)
        return try write(asked: attempt) { database in
            let (actor, reason) = (try Person.actor(actor), try Person.reason(reason))
            let before = try RegistryStore.application(application, database)
            try RegistryStore.demandUnchanged(application, since: record, database)
            let rules = try RegistryStore.lifecycleRules(database)
            let standing = Standing(kind: before.kind, evidence: try RegistryStore.evidenceOnFile(of: application, database))
            let asker = try self.asker(actor, at: now, database)
            var lifecycle = before.lifecycle
            let gaps = lifecycle.gaps(before: move, of: standing, under: rules, at: now)
            let forgotten = try self.forgetFirst(of: &lifecycle, before: move, under: rules, at: now, database)
            let outcome: Lifecycle.Outcome
            let terms: GrantTerms?
            do {
                // First whether it may be asked for at all: what exactly is asked for comes after.
                _ = try lifecycle.right(to: move, as: asker, of: standing, under: rules, at: now)
                let proposal = try RegistryStore.proposal(wish, by: move, for: before, database)
                outcome = try lifecycle.move(move, as: asker, of: standing, under: rules, asking: proposal, at: now)
                terms = outcome == .awaitsSecondPerson ? nil : proposal?.terms
            } catch let objection as Lifecycle.Objection {
                throw RegistryError.objection(application: application.text, objection)
            }
            try RegistryStore.save(lifecycle, terms: terms, of: application, at: now, database)
            let right = asker.right(among: rules.roles[move] ?? [], at: now)
            try RegistryStore.recordMove(
                move, of: before, to: lifecycle, by: actor, inPlaceOf: right?.away, reason: reason,
                isPending: outcome == .awaitsSecondPerson,
                at: now, database)
            return MoveResult(
                outcome: outcome, application: try RegistryStore.application(application, database), gaps: gaps, forgotten: forgotten,
                record: try RegistryStore.lastChange(of: application, database))
        }
    }

    /// Forgets who made a move first where that one may no longer make it: the second person confirms somebody's decision, not a name.
    private func forgetFirst(
        of lifecycle: inout Lifecycle, before move: LifecycleMove, under rules: LifecycleRules, at now: WallTime, _ database: Database
    ) throws -> String? {
        guard let first = lifecycle.awaited(at: now), first.move == move else { return nil }
        let isSubmitter = !lifecycle.submitters.isDisjoint(with: first.people)
        guard try isSubmitter || !mayStillMake(first, among: rules.roles[move] ?? [], at: now, database) else { return nil }
        lifecycle.forgetFirstPerson()
        return first.actor
    }

    /// Whether the first person still has an account and a role of its own: lent since, it may be the second person's. Who stood in for somebody did
    /// so then: that the other is back is no matter.
    private func mayStillMake(
        _ first: Lifecycle.PendingMove, among roles: RoleSet, at now: WallTime, _ database: Database
    ) throws -> Bool {
        switch try accounts.standing(of: first.actor, database) {
        case .noAccounts: return true
        case .unknown: return false
        case .active: break
        }
        guard let away = first.standingInFor else {
            return try asker(Actor(first.actor), at: now, database).right(among: roles, at: now) == .own
        }
        guard case .active(let lent) = try accounts.standing(of: away, database) else { return false }
        return !lent.isDisjoint(with: roles)
    }

    static func recordMove(
        _ move: LifecycleMove, of before: RegisteredApplication, to after: Lifecycle, by actor: Actor, inPlaceOf away: String? = nil,
        reason: String, isPending: Bool = false, at now: WallTime, _ database: Database
    ) throws {
        try record(
            RecordedMove(
                number: 0, application: before.declaration.id, from: before.lifecycle.state, to: after.state, move: move.rawValue,
                actor: actor.name, inPlaceOf: away, time: now, reason: reason, isPending: isPending),
            database)
        let id = before.declaration.id
        var facts = AuditFacts(try application(id, database))
        facts["inPlaceOf"] = away.map { .text($0) }
        let event = AuditEvent(.move(move), of: .application(id), before: AuditFacts(before), after: facts, reason: reason)
        try audit(event, by: actor, at: now, database)
    }

    static func save(
        _ lifecycle: Lifecycle, terms: GrantTerms?, of application: Identifier, at now: WallTime, _ database: Database
    ) throws {
        let (pending, review) = (lifecycle.pending, lifecycle.review)
        try database.execute(
            sql: """
                UPDATE application SET since = CASE WHEN state <> ?1 THEN ?2 ELSE since END,
                clock_told = CASE WHEN state <> ?1 THEN 0 ELSE clock_told END,
                received = CASE WHEN ?1 <> 'draft' THEN coalesce(received, ?2) ELSE received END, state = ?1, returns_to = ?3, submitters = ?4,
                pending_move = ?5, pending_actor = ?6, pending_for = ?7, pending_scopes = ?8, pending_plan = ?9, pending_since = ?10,
                review_actor = ?11, review_for = ?12, review_since = ?13, withdrawn_until = ?14,
                scopes_granted = coalesce(?15, scopes_granted), plan = coalesce(?16, plan), pending_limits = ?17 WHERE id = ?18
                """,
            arguments: [
                lifecycle.state.name, now.nanoseconds, lifecycle.returnsTo?.name, try RegistryRows.text(lifecycle.submitters),
                pending?.move.rawValue, pending?.actor, pending?.standingInFor, pending?.terms.map { Int64($0.scopes.rawValue) },
                pending?.terms?.plan.text, pending?.time.nanoseconds, review?.actor, review?.standingInFor, review?.since.nanoseconds,
                lifecycle.withdrawnUntil?.nanoseconds, terms.map { Int64($0.scopes.rawValue) }, terms?.plan.text,
                pending?.limits.map { Data($0.bytes) }, application.text,
            ])
    }

    static func record(_ move: RecordedMove, _ database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO move (application, from_state, to_state, move, actor, in_place_of, time, reason, pending)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                move.application.text, move.from.name, move.to.name, move.move, move.actor, move.inPlaceOf, move.time.nanoseconds,
                move.reason, move.isPending,
            ])
    }
}
