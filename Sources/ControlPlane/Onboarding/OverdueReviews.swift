import GRDB
package import Registry

extension RegistryStore {
    /// A break-glass resume that another person has to look at.
    package struct OpenReviewEntry: Hashable, Sendable {
        /// Of which application.
        package var application: Identifier
        /// Where it stands.
        package var state: ApplicationState
        /// Who resumed it.
        package var actor: String
        /// When.
        package var since: WallTime
        /// When somebody must have looked at it.
        package var due: WallTime
    }

    /// All break-glass resumes that nobody else has looked at, the most pressing first.
    package func openReviews() throws(RegistryError) -> [OpenReviewEntry] {
        try read { database in
            let rules = try RegistryStore.lifecycleRules(database)
            return try RegistryStore.openReviews(under: rules, database)
        }
    }

    /// Suspends what was resumed by break-glass and not looked at in time; the review stays open. Returns what was suspended.
    package func suspendUnreviewed(at now: WallTime) throws(RegistryError) -> [OpenReviewEntry] {
        // Asked for ten times a second: without a write where there is nothing to do.
        guard try read({ try RegistryStore.overdueReviews(at: now, $0).isEmpty }) == false else { return [] }
        return try write { database in
            try RegistryStore.overdueReviews(at: now, database).filter { try RegistryStore.suspendUnreviewed($0, at: now, database) }
        }
    }

    /// Those that were due and whose application can be suspended.
    private static func overdueReviews(at now: WallTime, _ database: Database) throws -> [OpenReviewEntry] {
        try openReviews(under: lifecycleRules(database), database).filter { review in
            guard review.due <= now else { return false }
            var lifecycle = try application(review.application, database).lifecycle
            return lifecycle.suspendUnreviewed(at: now)
        }
    }

    private static func suspendUnreviewed(_ review: OpenReviewEntry, at now: WallTime, _ database: Database) throws -> Bool {
        let before = try application(review.application, database)
        var lifecycle = before.lifecycle
        guard lifecycle.suspendUnreviewed(at: now) else { return false }
        let reason = "nobody else looked in time at the break-glass resume of \(review.actor)"
        try save(lifecycle, terms: nil, of: review.application, at: now, database)
        try recordMove(.suspend, of: before, to: lifecycle, by: .gateway(.onboarding), reason: reason, at: now, database)
        try note("Suspended: \(reason).", on: review.application, to: .team, by: .gateway(.onboarding), at: now, database)
        return true
    }

    private static func openReviews(under rules: LifecycleRules, _ database: Database) throws -> [OpenReviewEntry] {
        let sql = "SELECT id, state, review_actor, review_since FROM application WHERE review_since IS NOT NULL ORDER BY review_since, id"
        return try Row.fetchAll(database, sql: sql).map { row in
            let since = WallTime(nanoseconds: row["review_since"])
            return OpenReviewEntry(
                application: try row.identifier("id"), state: try row.state("state"), actor: row["review_actor"], since: since,
                due: rules.reviewDue(after: since))
        }
    }
}
