import Decisions
import GRDB
package import Registry

extension RegistryStore {
    /// Extra quota as the registry holds it.
    package struct ExtraQuotaEntry: Hashable, Sendable {
        /// How an exception ended.
        package struct End: Hashable, Sendable {
            /// When.
            package var time: WallTime
            /// Who ended it; the gateway at its time.
            package var actor: String
            /// Why.
            package var reason: String
        }

        /// Whose it is.
        package var application: Identifier
        /// Per cent on top of the plan.
        package var percent: UInt16
        /// Since when.
        package var since: WallTime
        /// When it is taken back.
        package var until: WallTime
        /// Who gave it.
        package var givenBy: String
        /// Why.
        package var reason: String
        /// Nil while it counts.
        package var end: End?
    }

    /// Gives an application more than its plan for a time, by one person, as far as the rules go. The caller publishes.
    package func giveExtraQuota(
        _ percent: Int64, to application: Identifier, until: WallTime, by actor: Actor, reason: String, at now: WallTime
    ) throws(RegistryError) -> ExtraQuotaEntry {
        let attempt = AuditAttempt(.giveExtraQuota, of: .application(application), by: actor, reason: reason, at: now)
        return try write(asked: attempt) { database in
            let (actor, reason) = (try Person.actor(actor), try Person.reason(reason))
            let rule = try RegistryStore.lifecycleRules(database).extraQuota
            try self.demand(rule.roles, of: actor, to: "give extra quota", at: now, database)
            try RegistryStore.check(percent, until: until, under: rule, at: now)
            let known = try RegistryStore.application(application, database)
            guard [.sandbox, .certifying, .approved, .live].contains(known.lifecycle.state) else {
                throw RegistryError.outOfForm(
                    "application \(application.text) is \(known.lifecycle.state.name): it has no use for extra quota")
            }
            if let other = try RegistryStore.extraQuotas(database)[application.text] {
                throw RegistryError.outOfForm(
                    "application \(application.text) has \(other.percent) % on top of its plan already: end that first")
            }
            try RegistryStore.checkSum(of: application, until: until, under: rule, at: now, database)
            try database.execute(
                sql: "INSERT INTO extra_quota (application, percent, since, until, given_by, reason) VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [application.text, percent, now.nanoseconds, until.nanoseconds, actor.name, reason])
            let facts: AuditFacts = ["percent": .number(percent), "until": .text(until.timestamp())]
            let event = AuditEvent(.giveExtraQuota, of: .application(application), after: facts, reason: reason)
            try RegistryStore.audit(event, by: actor, at: now, database)
            return try RegistryStore.extraQuota(of: application, database)
        }
    }

    /// Takes extra quota back before its end. The caller publishes.
    package func endExtraQuota(
        of application: Identifier, by actor: Actor, reason: String, at now: WallTime
    ) throws(RegistryError) -> ExtraQuotaEntry {
        let attempt = AuditAttempt(.endExtraQuota, of: .application(application), by: actor, reason: reason, at: now)
        return try write(asked: attempt) { database in
            let (actor, reason) = (try Person.actor(actor), try Person.reason(reason))
            let roles = try RegistryStore.lifecycleRules(database).extraQuota.roles
            try self.demand(roles, of: actor, to: "end extra quota", at: now, database)
            guard try RegistryStore.extraQuotas(database)[application.text] != nil else {
                throw RegistryError.outOfForm("application \(application.text) has nothing on top of its plan")
            }
            try RegistryStore.endExtraQuota(of: application, by: actor, reason: reason, at: now, database)
            return try RegistryStore.extraQuota(of: application, database)
        }
    }

    /// All that an application ever had on top of its plan, newest first.
    package func extraQuotas(of application: Identifier) throws(RegistryError) -> [ExtraQuotaEntry] {
        try read { database in
            let sql = "SELECT * FROM extra_quota WHERE application = ? ORDER BY number DESC"
            return try Row.fetchAll(database, sql: sql, arguments: [application.text]).map(RegistryStore.extraQuota)
        }
    }

    /// Takes back what is over by now; returns what was.
    package func takeBackExtraQuotas(at now: WallTime) throws(RegistryError) -> [ExtraQuotaEntry] {
        let isOver = "SELECT application FROM extra_quota WHERE ended IS NULL AND until <= ?"
        guard try read({ try String.fetchOne($0, sql: isOver, arguments: [now.nanoseconds]) }) != nil else { return [] }
        return try write { database in
            try Row.fetchAll(database, sql: isOver, arguments: [now.nanoseconds]).map { row in
                let application = try row.identifier("application")
                try RegistryStore.endExtraQuota(of: application, by: .gateway(.onboarding), reason: "its time is over", at: now, database)
                return try RegistryStore.extraQuota(of: application, database)
            }
        }
    }

    /// What counts at a time, by application.
    package func extraQuotas(at now: WallTime) throws(RegistryError) -> [Identifier: ExtraQuota] {
        try read { database in
            let kept = try RegistryStore.extraQuotas(database).filter { now < $0.value.until }
            return Dictionary(uniqueKeysWithValues: kept.compactMap { text, extra in Identifier(text).map { ($0, extra) } })
        }
    }

    /// What nobody took back yet, by application: for the snapshot, and for who asks.
    static func extraQuotas(_ database: Database) throws -> [String: ExtraQuota] {
        let rows = try Row.fetchAll(database, sql: "SELECT application, percent, until FROM extra_quota WHERE ended IS NULL")
        return Dictionary(
            rows.map { ($0["application"], ExtraQuota(percent: $0["percent"], until: WallTime(nanoseconds: $0["until"]))) },
            uniquingKeysWith: { first, _ in first })
    }

    private static func check(_ percent: Int64, until: WallTime, under rule: ExtraQuotaRule, at now: WallTime) throws(RegistryError) {
        guard (1...rule.mostPercent).contains(percent) else {
            throw .outOfForm(
                "one person may give 1 to \(rule.mostPercent) % on top of a plan, not \(percent): change-plan takes two people")
        }
        guard until > now, until.nanoseconds - now.nanoseconds <= rule.mostDays * DayClock.dayNanoseconds else {
            throw .outOfForm("extra quota ends in time to come, within \(rule.mostDays) days")
        }
    }

    /// Refuses what would be too much together with what was given before. Of all thirty days those that end with it hold the most of it:
    /// nothing is given beside it, and nothing after it yet.
    private static func checkSum(
        of application: Identifier, until: WallTime, under rule: ExtraQuotaRule, at now: WallTime, _ database: Database
    ) throws {
        let start = until.nanoseconds - 30 * DayClock.dayNanoseconds
        let sql = "SELECT since, min(until, coalesce(ended, until)) AS until FROM extra_quota WHERE application = ?"
        let before = try Row.fetchAll(database, sql: sql, arguments: [application.text]).reduce(Int64(0)) { sum, row in
            sum + max(0, min(row["until"], now.nanoseconds) - max(row["since"] as Int64, start))
        }
        let most = rule.mostDaysInThirty * DayClock.dayNanoseconds
        guard before + until.nanoseconds - now.nanoseconds <= most else {
            let left = max(0, most - before)
            throw RegistryError.outOfForm(
                "application \(application.text) may have extra quota on \(rule.mostDaysInThirty) days of any thirty, and has had"
                    + " \(before / DayClock.dayNanoseconds) of those that would end then: \(left / 3_600_000_000_000) more hours may be given,"
                    + " and change-plan takes two people")
        }
    }

    private static func endExtraQuota(
        of application: Identifier, by actor: Actor, reason: String, at now: WallTime, _ database: Database
    ) throws {
        let before = try extraQuotas(database)[application.text]
        try database.execute(
            sql: "UPDATE extra_quota SET ended = ?, ended_by = ?, ended_reason = ? WHERE application = ? AND ended IS NULL",
            arguments: [now.nanoseconds, actor.name, reason, application.text])
        let facts: AuditFacts? = before.map { ["percent": .number(Int64($0.percent)), "until": .text($0.until.timestamp())] }
        try audit(
            AuditEvent(.endExtraQuota, of: .application(application), before: facts, reason: reason), by: actor, at: now, database)
    }

    /// The latest of an application.
    private static func extraQuota(of application: Identifier, _ database: Database) throws -> ExtraQuotaEntry {
        let sql = "SELECT * FROM extra_quota WHERE application = ? ORDER BY number DESC LIMIT 1"
        guard let row = try Row.fetchOne(database, sql: sql, arguments: [application.text]) else {
            throw RegistryRows.damaged("extra_quota")
        }
        return try extraQuota(row)
    }

    static func extraQuota(_ row: Row) throws -> ExtraQuotaEntry {
        let end = row.time("ended").map { ExtraQuotaEntry.End(time: $0, actor: row["ended_by"], reason: row["ended_reason"]) }
        return ExtraQuotaEntry(
            application: try row.identifier("application"), percent: row["percent"], since: WallTime(nanoseconds: row["since"]),
            until: WallTime(nanoseconds: row["until"]), givenBy: row["given_by"], reason: row["reason"], end: end)
    }
}
