import Decisions
import GRDB
package import Registry

extension RegistryStore {
    /// Somebody away, and who stands in.
    package struct DelegationEntry: Hashable, Sendable {
        /// Grows by one a delegation.
        package var number: Int64
        /// Who is away.
        package var away: String
        /// Who stands in.
        package var standIn: String
        /// From when on.
        package var from: WallTime
        /// Until when.
        package var until: WallTime
        /// Why.
        package var reason: String
        /// When it was taken back; nil while it counts.
        package var ended: WallTime?
    }

    /// Names who stands in for somebody. One names one's own; with roles to manage accounts, anybody's.
    package func delegate(
        from away: String, to standIn: String, since: WallTime, until: WallTime, by actor: Actor, reason: String, at now: WallTime
    ) throws(RegistryError) -> DelegationEntry {
        let attempt = AuditAttempt(.delegate, of: AuditSubject("delegation", away), by: actor, reason: reason, at: now)
        return try write(asked: attempt) { database in
            let (actor, reason) = (try Person.actor(actor), try Person.reason(reason))
            let (away, standIn) = (try Person.name(away), try Person.name(standIn))
            guard away != standIn else { throw RegistryError.outOfForm("nobody stands in for oneself") }
            try RegistryStore.checkSpan(from: since, until: until, at: now)
            if actor.name != away { try self.demand(RoleSet([.admin]), of: actor, to: "delegate for somebody else", at: now, database) }
            _ = try self.asker(actor, at: now, database)
            for name in [away, standIn] { _ = try self.asker(Actor(name), at: now, database) }
            let days = try RegistryStore.lifecycleRules(database).delegationDays
            guard until.nanoseconds - since.nanoseconds <= days * DayClock.dayNanoseconds else {
                throw RegistryError.outOfForm("somebody may be stood in for during \(days) days at most")
            }
            try RegistryStore.checkRun(of: away, from: since, until: until, days: days, database)
            try database.execute(
                sql: "INSERT INTO delegation (away, stand_in, since, until, made, made_by, reason) VALUES (?, ?, ?, ?, ?, ?, ?)",
                arguments: [away, standIn, since.nanoseconds, until.nanoseconds, now.nanoseconds, actor.name, reason])
            let number = database.lastInsertedRowID
            let facts: AuditFacts = [
                "number": .number(number), "standIn": .text(standIn), "from": .text(since.timestamp()), "until": .text(until.timestamp()),
            ]
            let event = AuditEvent(.delegate, of: AuditSubject("delegation", away), after: facts, reason: reason)
            try RegistryStore.audit(event, by: actor, at: now, database)
            return DelegationEntry(
                number: number, away: away, standIn: standIn, from: since, until: until, reason: reason, ended: nil)
        }
    }

    /// Refuses what ends before it begins or is over, and what begins further ahead than anybody knows.
    private static func checkSpan(from start: WallTime, until end: WallTime, at now: WallTime) throws(RegistryError) {
        guard start < end, now < end else {
            throw RegistryError.outOfForm("a delegation ends after it begins, and in time to come")
        }
        guard start.nanoseconds <= now.nanoseconds + Limits.delegationAheadDays * DayClock.dayNanoseconds else {
            throw RegistryError.outOfForm("a delegation begins within \(Limits.delegationAheadDays) days")
        }
    }

    /// Refuses what would make one delegation too long of several, whoever stands in: less than a day between two is none.
    private static func checkRun(of away: String, from start: WallTime, until end: WallTime, days: Int64, _ database: Database) throws {
        let sql = "SELECT since, min(until, coalesce(ended, until)) AS until FROM delegation WHERE away = ? ORDER BY since"
        let others = try Row.fetchAll(database, sql: sql, arguments: [away]).map { ($0["since"] as Int64, $0["until"] as Int64) }
        var (first, last) = (start.nanoseconds, end.nanoseconds)
        // As long as one more joins: those before bring the beginning back, those behind the end ahead.
        while let joined = others.first(where: { since, until in
            until > since && since < last.plusClamped(DayClock.dayNanoseconds) && until > first.plusClamped(-DayClock.dayNanoseconds)
                && (since < first || until > last)
        }) { (first, last) = (min(first, joined.0), max(last, joined.1)) }
        guard last - first <= days * DayClock.dayNanoseconds else {
            throw RegistryError.outOfForm(
                "with what was given before, '\(away)' would be stood in for during more than \(days) days without a day between")
        }
    }

    /// Takes a delegation back before its end.
    package func endDelegation(_ number: Int64, by actor: Actor, at now: WallTime) throws(RegistryError) {
        try write(asked: AuditAttempt(.endDelegation, of: AuditSubject("delegation", "\(number)"), by: actor, at: now)) { database in
            let actor = try Person.actor(actor)
            let sql = "SELECT * FROM delegation WHERE number = ? AND ended IS NULL"
            guard let row = try Row.fetchOne(database, sql: sql, arguments: [number]) else {
                throw RegistryError.unknown("delegation that counts", "\(number)")
            }
            if actor.name != row["away"] as String, actor.name != row["stand_in"] as String {
                try self.demand(RoleSet([.admin]), of: actor, to: "end somebody else's delegation", at: now, database)
            }
            try database.execute(
                sql: "UPDATE delegation SET ended = ?, ended_by = ? WHERE number = ?", arguments: [now.nanoseconds, actor.name, number])
            let facts: AuditFacts = ["number": .number(number), "standIn": .text(row["stand_in"])]
            let event = AuditEvent(.endDelegation, of: AuditSubject("delegation", row["away"]), before: facts)
            try RegistryStore.audit(event, by: actor, at: now, database)
        }
    }

    /// All delegations, newest first.
    package func delegations() throws(RegistryError) -> [DelegationEntry] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM delegation ORDER BY number DESC").map { row in
                DelegationEntry(
                    number: row["number"], away: row["away"], standIn: row["stand_in"], from: WallTime(nanoseconds: row["since"]),
                    until: WallTime(nanoseconds: row["until"]), reason: row["reason"], ended: row.time("ended"))
            }
        }
    }
}
