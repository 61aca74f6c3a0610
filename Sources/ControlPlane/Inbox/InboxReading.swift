import GRDB
package import Registry

extension RegistryStore {
    /// What fits a query, fifty at a time, and how much there is in each state.
    package func inbox(_ query: InboxQuery, at now: WallTime) throws(RegistryError) -> InboxPage {
        try read { database in
            let rules = try RegistryStore.lifecycleRules(database)
            let counts = try RegistryStore.inboxCounts(query, under: rules, at: now, database)
            let total = counts.reduce(0) { $0 + (query.states?.contains($1.key) == false ? 0 : $1.value) }
            let numbers = try RegistryStore.inboxNumbers(query, under: rules, at: now).fetchAll(database)
            let found: SQLRequest<Row> = """
                SELECT application.*, partner.kind AS kind, partner.name AS partner_name
                FROM application JOIN partner ON partner.id = application.partner WHERE application.number IN \(numbers)
                """
            var rows = Dictionary(uniqueKeysWithValues: try found.fetchAll(database).map { ($0["number"] as Int64, $0) })
            let page = numbers.compactMap { rows.removeValue(forKey: $0) }
            var partners: [Identifier: (CheckedPartner, [CheckedPartner])] = [:]
            return InboxPage(
                rows: try page.map { try RegistryStore.inboxRow($0, rules, at: now, &partners, database) }, total: total, counts: counts,
                record: try RegistryStore.auditLength(database))
        }
    }

    /// How much fits a query, without any of it.
    package func inboxTotal(_ query: InboxQuery, at now: WallTime) throws(RegistryError) -> Int {
        try read { database in
            let rules = try RegistryStore.lifecycleRules(database)
            let counts = try RegistryStore.inboxCounts(query, under: rules, at: now, database)
            return counts.reduce(0) { $0 + (query.states?.contains($1.key) == false ? 0 : $1.value) }
        }
    }

    /// The application that comes after this one, oldest first, among those in a state that this person may take: nobody's, or one's own.
    package func next(
        after application: Identifier, in state: ApplicationState, for person: String
    ) throws(RegistryError) -> Identifier? {
        try read { database in
            let request: SQLRequest<String> = """
                SELECT id FROM application AS other WHERE state = \(state.name) AND id <> \(application.text)
                AND (assignee IS NULL OR assignee = \(person)) AND pending_actor IS NOT \(person)
                ORDER BY (coalesce(received, since), number) <= (
                    SELECT coalesce(received, since), number FROM application WHERE id = \(application.text)),
                coalesce(received, since), number LIMIT 1
                """
            return try request.fetchOne(database).flatMap(Identifier.init)
        }
    }

    /// The numbers of one page, in order: by indexes alone where the query asks for nothing that partners have.
    static func inboxNumbers(_ query: InboxQuery, under rules: LifecycleRules, at now: WallTime) -> SQLRequest<Int64> {
        let offset = (max(query.page, 1) - 1).multipliedReportingOverflow(by: Limits.inboxRows)
        return """
            SELECT application.number FROM application \(partnerJoin(query)) WHERE \(query.condition(under: rules, at: now))
            ORDER BY \(query.order(under: rules)) LIMIT \(Limits.inboxRows) OFFSET \(offset.overflow ? Int.max : offset.partialValue)
            """
    }

    static func inboxCountRequest(_ query: InboxQuery, under rules: LifecycleRules, at now: WallTime) -> SQLRequest<Row> {
        """
        SELECT application.state AS state, count(*) AS count FROM application \(partnerJoin(query))
        WHERE \(query.condition(under: rules, at: now, ofStates: false)) GROUP BY application.state
        """
    }

    private static func partnerJoin(_ query: InboxQuery) -> SQL {
        query.needsPartner ? SQL(sql: "JOIN partner ON partner.id = application.partner") : ""
    }

    private static func inboxCounts(
        _ query: InboxQuery, under rules: LifecycleRules, at now: WallTime, _ database: Database
    ) throws -> [ApplicationState: Int] {
        let rows = try inboxCountRequest(query, under: rules, at: now).fetchAll(database)
        return Dictionary(uniqueKeysWithValues: try rows.map { (try $0.state("state"), $0["count"]) })
    }

    private static func inboxRow(
        _ row: Row, _ rules: LifecycleRules, at now: WallTime, _ partners: inout [Identifier: (CheckedPartner, [CheckedPartner])],
        _ database: Database
    ) throws -> InboxRow {
        let application = try RegistryRows.application(row)
        let (partner, others) =
            try partners[application.partner]
            ?? {
                let partner = try checkedPartner(application.partner, database)
                // A list says how many checks failed, for which one is as good as all.
                return (partner, try RegistryStore.partners(like: partner, atMost: 1, database))
            }()
        partners[application.partner] = (partner, others)
        let checked = try checked(application, of: partner, under: rules, database)
        let results = checked.checks(against: others, under: rules.checks, at: now).map(\.result)
        let clock = application.clock(under: rules, at: now)
        return InboxRow(
            id: application.declaration.id, name: application.declaration.name, partner: application.partner,
            partnerName: row["partner_name"], kind: application.kind, state: application.lifecycle.state, received: application.received,
            since: application.since, due: clock?.due, reading: clock?.reading ?? .inTime,
            missing: checked.evidence.gaps(in: checked.neededEvidence, at: now), passed: results.filter { $0 == .passed }.count,
            failed: results.filter { $0 == .failed }.count, assignee: application.assignee, pending: application.lifecycle.awaited(at: now))
    }
}

extension RegisteredApplication {
    /// When a reminder is due and how pressing it is; nil where no clock runs.
    package func clock(under rules: LifecycleRules, at now: WallTime) -> (due: WallTime, reading: StateClock.Reading)? {
        guard let clock = rules.clocks[lifecycle.state], let since else { return nil }
        let due = WallTime(nanoseconds: since.nanoseconds + clock.reminderDays * DayClock.dayNanoseconds)
        return (due, clock.reading(since: since, at: now))
    }
}
