import GRDB
package import Registry

extension RegistryStore {
    /// An application that has lain in a state too long.
    package struct ClockNotice: Hashable, Sendable {
        /// Which.
        package var application: Identifier
        /// Where it lies.
        package var state: ApplicationState
        /// How pressing it is.
        package var reading: StateClock.Reading
    }

    /// Notes once what has lain in a state for so long that somebody is reminded, or somebody above is told.
    package func tellClocks(at now: WallTime) throws(RegistryError) -> [ClockNotice] {
        let rules = try lifecycleRules()
        let due = try read { try RegistryStore.dueClocks(under: rules, at: now, $0) }
        guard !due.isEmpty else { return [] }
        return try write { database in
            let due = try RegistryStore.dueClocks(under: rules, at: now, database)
            for notice in due { try RegistryStore.tell(notice, under: rules, at: now, database) }
            return due
        }
    }

    private static func tell(_ notice: ClockNotice, under rules: LifecycleRules, at now: WallTime, _ database: Database) throws {
        let clock = rules.clocks[notice.state]
        let isEscalation = notice.reading == .escalation
        let days = isEscalation ? clock?.escalationDays : clock?.reminderDays
        try note(
            "\(isEscalation ? "Escalated" : "Reminder"): \(notice.state.name) for \(days ?? 0) days.", on: notice.application, to: .team,
            by: .gateway(.onboarding), at: now, database)
        try database.execute(
            sql: "UPDATE application SET clock_told = ? WHERE id = ?", arguments: [notice.reading.rawValue, notice.application.text])
    }

    private static func dueClocks(under rules: LifecycleRules, at now: WallTime, _ database: Database) throws -> [ClockNotice] {
        try rules.clocks.sorted { $0.key.rawValue < $1.key.rawValue }.flatMap { state, clock in
            let reminder = now.nanoseconds - clock.reminderDays * DayClock.dayNanoseconds
            let escalation = now.nanoseconds - clock.escalationDays * DayClock.dayNanoseconds
            let sql = """
                SELECT id, since FROM application WHERE state = ?1
                AND ((since <= ?2 AND clock_told < 1) OR (since <= ?3 AND clock_told < 2)) ORDER BY id
                """
            return try Row.fetchAll(database, sql: sql, arguments: [state.name, reminder, escalation]).map { row in
                ClockNotice(
                    application: try row.identifier("id"), state: state,
                    reading: clock.reading(since: WallTime(nanoseconds: row["since"]), at: now))
            }
        }
    }
}
