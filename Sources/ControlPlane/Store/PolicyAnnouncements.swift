import Decisions
import GRDB
package import Registry

extension RegistryStore {
    /// A policy announced for a time, and what became of it.
    package struct Announcement: Hashable, Sendable {
        /// What became of an announcement.
        package enum Outcome: String, Sendable {
            /// It came into force.
            case taken
            /// Somebody took it back.
            case cancelled
            /// At its time an application would have lost what it has.
            case failed
        }

        /// How an announcement ended.
        package struct End: Hashable, Sendable {
            /// What became of it.
            package var outcome: Outcome
            /// When.
            package var time: WallTime
            /// Who ended it.
            package var actor: String
            /// Why.
            package var reason: String
        }

        /// Grows by one an announcement.
        package var number: Int64
        /// SHA-256 of the policy's canonical form.
        package var version: String
        /// When it comes into force.
        package var due: WallTime
        /// When it was announced.
        package var announced: WallTime
        /// By whom.
        package var announcedBy: String
        /// Why; empty where nobody said.
        package var reason: String
        /// Nil while it is awaited.
        package var end: End?
    }

    /// All announcements, the latest due first.
    package func announcements() throws(RegistryError) -> [Announcement] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM announcement ORDER BY due DESC, number DESC").map(RegistryStore.announcement)
        }
    }

    /// Announces a policy for a time. Refused as if it were to come into force now, and where nothing would change then.
    package func announcePolicy(
        _ policy: Policy, from due: WallTime, as decision: PolicyDecision
    ) throws(RegistryError) -> Announcement {
        try write(asked: AuditAttempt(.announcePolicy, of: policy.version, as: decision)) { database in
            try self.demandPolicies(of: decision, database)
            return try RegistryStore.announcePolicy(policy, from: due, as: decision, database)
        }
    }

    static func announcePolicy(
        _ policy: Policy, from due: WallTime, as decision: PolicyDecision, _ database: Database
    ) throws -> Announcement {
        let inForce = try versionInForce(database)
        try decision.check(against: inForce)
        let latest = decision.time.nanoseconds + Limits.announcedSecondsAtMost * 1_000_000_000
        guard due > decision.time, due.nanoseconds <= latest else {
            throw RegistryError.outOfForm(
                "a policy is announced for a time to come, at most \(Limits.announcedSecondsAtMost / 86_400) days ahead")
        }
        let awaited = try awaitedAnnouncements(database)
        guard awaited.count < AnnouncedPolicy.most else {
            throw RegistryError.outOfForm("\(awaited.count) policies are announced, the most there may be: cancel one first")
        }
        if let other = awaited.first(where: { $0.due == due }) {
            throw RegistryError.outOfForm(
                "policy \(other.version.prefix(16)) is announced for that very time: cancel it, or choose another time")
        }
        guard (awaited.last { $0.due < due }?.version ?? inForce) != policy.version else {
            throw RegistryError.outOfForm("nothing would change: policy \(policy.version.prefix(16)) will be in force then anyway")
        }
        try checkFit(of: policy, database)
        try database.execute(
            sql: """
                INSERT INTO announcement (version, plans, routes, due, announced, announced_by, reason) VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                policy.version, CanonicalPolicy.plans(policy), CanonicalPolicy.routes(policy), due.nanoseconds, decision.time.nanoseconds,
                decision.actor.name, decision.reason,
            ])
        let number = database.lastInsertedRowID
        let event = AuditEvent(
            .announcePolicy, of: .policy(policy.version), after: ["announcedFor": .text(due.timestamp())], reason: decision.reason)
        try audit(event, by: decision.actor, at: decision.time, database)
        return Announcement(
            number: number, version: policy.version, due: due, announced: decision.time,
            announcedBy: decision.actor.name, reason: decision.reason, end: nil)
    }

    /// Takes an announced policy back, the next one of that version.
    package func cancelAnnouncement(of digits: String, as decision: PolicyDecision) throws(RegistryError) -> Announcement {
        try write(asked: AuditAttempt(.cancelPolicy, of: digits, as: decision)) { database in
            try self.demandPolicies(of: decision, database)
            let awaited = try RegistryStore.awaitedAnnouncements(database)
            let version = try RegistryStore.version(digits, among: awaited.map(\.version), sort: "announced policy")
            guard var announcement = awaited.first(where: { $0.version == version }) else {
                throw RegistryError.unknown("announced policy", digits)
            }
            let end = Announcement.End(outcome: .cancelled, time: decision.time, actor: decision.actor.name, reason: decision.reason)
            try RegistryStore.end(announcement.number, end, database)
            announcement.end = end
            let event = AuditEvent(
                .cancelPolicy, of: .policy(version), before: ["announcedFor": .text(announcement.due.timestamp())],
                after: ["outcome": .text(end.outcome.rawValue)], reason: decision.reason)
            try RegistryStore.audit(event, by: decision.actor, at: decision.time, database)
            return announcement
        }
    }

    /// Puts in force what is due, in the order of time, each exactly once; returns what ended.
    package func takeDuePolicies(at now: WallTime) throws(RegistryError) -> [Announcement] {
        let isDue = "outcome IS NULL AND due <= ?"
        // Asked ten times a second: without a write where there is nothing to do.
        let next = try read { database in
            try Int64.fetchOne(database, sql: "SELECT number FROM announcement WHERE \(isDue) LIMIT 1", arguments: [now.nanoseconds])
        }
        guard next != nil else { return [] }
        return try write { database in
            let sql = "SELECT * FROM announcement WHERE \(isDue) ORDER BY due"
            return try Row.fetchAll(database, sql: sql, arguments: [now.nanoseconds]).map { try RegistryStore.take($0, at: now, database) }
        }
    }

    private static func take(_ row: Row, at now: WallTime, _ database: Database) throws -> Announcement {
        var announcement = try announcement(row)
        let policy = try policy(row)
        let misfits = try misfits(of: policy, database)
        let inForce = try versionInForce(database)
        if misfits.isEmpty { _ = try putInForce(policy, as: PolicyDecision(of: announcement, takenAt: now), database) }
        let end = Announcement.End(
            outcome: misfits.isEmpty ? .taken : .failed, time: now, actor: GatewayPart.schedule.rawValue,
            reason: misfits.joined(separator: "; "))
        try self.end(announcement.number, end, database)
        announcement.end = end
        try auditEnd(of: announcement, as: end, inForceBefore: inForce, database)
        return announcement
    }

    private static func auditEnd(
        of announcement: Announcement, as end: Announcement.End, inForceBefore inForce: String?, _ database: Database
    ) throws {
        var before: AuditFacts = ["announcedFor": .text(announcement.due.timestamp())]
        var after: AuditFacts = ["outcome": .text(end.outcome.rawValue), "announcedBy": .text(announcement.announcedBy)]
        if end.outcome == .taken {
            before["inForce"] = inForce.map { .text($0) }
            after["inForce"] = .text(announcement.version)
        }
        let event = AuditEvent(
            .takeAnnouncedPolicy, of: .policy(announcement.version), before: before, after: after, reason: announcement.reason,
            refusal: end.outcome == .failed ? end.reason : nil)
        try audit(event, by: .gateway(.schedule), at: end.time, database)
    }

    private static func end(_ number: Int64, _ end: Announcement.End, _ database: Database) throws {
        try database.execute(
            sql: "UPDATE announcement SET outcome = ?, ended = ?, ended_by = ?, ended_reason = ? WHERE number = ?",
            arguments: [end.outcome.rawValue, end.time.nanoseconds, end.actor, end.reason, number])
    }

    /// What is still to come, the next first.
    static func awaitedAnnouncements(_ database: Database) throws -> [Announcement] {
        try Row.fetchAll(database, sql: "SELECT * FROM announcement WHERE outcome IS NULL ORDER BY due").map(announcement)
    }

    /// The same as the snapshot has it.
    static func announcedPolicies(_ database: Database) throws -> [AnnouncedPolicy] {
        try Row.fetchAll(database, sql: "SELECT version, plans, routes, due FROM announcement WHERE outcome IS NULL ORDER BY due").map {
            AnnouncedPolicy(from: WallTime(nanoseconds: $0["due"]), policy: try policy($0))
        }
    }

    private static func announcement(_ row: Row) throws -> Announcement {
        let end: Announcement.End? = try (row["outcome"] as String?).map { name in
            guard let outcome = Announcement.Outcome(rawValue: name), let time = row.time("ended") else {
                throw RegistryRows.damaged("outcome")
            }
            return Announcement.End(outcome: outcome, time: time, actor: row["ended_by"], reason: row["ended_reason"])
        }
        return Announcement(
            number: row["number"], version: row["version"], due: WallTime(nanoseconds: row["due"]),
            announced: WallTime(nanoseconds: row["announced"]), announcedBy: row["announced_by"], reason: row["reason"], end: end)
    }
}
