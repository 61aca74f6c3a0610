import GRDB
package import Registry

extension RegistryStore {
    /// An application that the gateway suspended for want of evidence.
    package struct EvidenceSuspension: Hashable, Sendable {
        /// Which.
        package var application: Identifier
        /// What it lacks; nil in `expired` where it was withdrawn.
        package var lapses: [EvidenceGap]
    }

    /// Suspends what works without evidence that it needs and once had, where the rules say so. Asked each time of how things stand, whatever
    /// was told before: a clock may jump, evidence may be withdrawn, and the rules may change.
    package func suspendWithoutEvidence(at now: WallTime) throws(RegistryError) -> [EvidenceSuspension] {
        // Asked for every minute: without a write where there is nothing to do.
        guard try read({ try RegistryStore.lacking(at: now, $0).isEmpty }) == false else { return [] }
        return try write { database in
            try RegistryStore.lacking(at: now, database).map { suspension, before in
                var lifecycle = before.lifecycle
                guard lifecycle.suspendWithoutEvidence(at: now) else { preconditionFailure("what is lacking works") }
                let (id, actor) = (suspension.application, Actor.gateway(.onboarding))
                try RegistryStore.save(lifecycle, terms: nil, of: id, at: now, database)
                try RegistryStore.recordMove(.suspend, of: before, to: lifecycle, by: actor, reason: suspension.reason, at: now, database)
                for audience in Audience.allCases {
                    try RegistryStore.note("Suspended: \(suspension.reason).", on: id, to: audience, by: actor, at: now, database)
                }
                return suspension
            }
        }
    }

    private static func lacking(at now: WallTime, _ database: Database) throws -> [(EvidenceSuspension, RegisteredApplication)] {
        let rules = try lifecycleRules(database)
        return try candidates(under: rules.expiry.suspends, at: now, database).compactMap { id in
            let application = try application(id, database)
            var lifecycle = application.lifecycle
            let needed = rules.suspending(application.kind, in: lifecycle.state)
            let waived = try waiver(of: id, database)
            let lapses = try evidenceOnFile(of: id, database).lapses(of: needed, since: waived, at: now)
            guard !lapses.isEmpty, lifecycle.suspendWithoutEvidence(at: now) else { return nil }
            return (EvidenceSuspension(application: id, lapses: lapses), application)
        }
    }

    /// Whatever works and has had one of these kinds of evidence, of which none is in date now; what of it is needed comes after.
    private static func candidates(under kinds: EvidenceSet, at now: WallTime, _ database: Database) throws -> [Identifier] {
        let names = kinds.kinds.map { "'\($0.name)'" }.joined(separator: ", ")
        let states = ApplicationState.allCases.filter(\.isWorking).map { "'\($0.name)'" }.joined(separator: ", ")
        let sql = """
            SELECT DISTINCT application.id FROM application JOIN evidence ON evidence.application = application.id
            WHERE application.state IN (\(states)) AND evidence.kind IN (\(names)) AND NOT EXISTS (SELECT 1 FROM evidence AS valid
                WHERE valid.application = evidence.application AND valid.kind = evidence.kind AND valid.withdrawn IS NULL
                AND (valid.expires IS NULL OR valid.expires > ?)) ORDER BY application.id
            """
        return try Row.fetchAll(database, sql: sql, arguments: [now.nanoseconds]).map { try $0.identifier("id") }
    }

    /// Since when break-glass has let an application work without what it lacked then; nil where it does not, or it was suspended since.
    private static func waiver(of application: Identifier, _ database: Database) throws -> WallTime? {
        let sql = """
            SELECT move, time FROM move WHERE application = ? AND (move = 'break-glass' OR to_state IN ('suspended', 'revoked'))
            AND from_state <> to_state ORDER BY number DESC LIMIT 1
            """
        let last = try Row.fetchOne(database, sql: sql, arguments: [application.text])
        return last.flatMap { $0["move"] == LifecycleMove.breakGlass.rawValue ? $0.time("time") : nil }
    }
}

extension RegistryStore.EvidenceSuspension {
    /// What is recorded as the reason.
    var reason: String {
        lapses.map { "\($0.kind.name) \($0.expired == nil ? "was withdrawn" : "has ended")" }.joined(separator: ", ")
    }
}
