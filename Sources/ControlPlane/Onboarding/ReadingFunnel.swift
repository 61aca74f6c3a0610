import GRDB
package import Registry

extension RegistryStore {
    /// Where all applications stand now.
    package func funnel(at now: WallTime) throws(RegistryError) -> Funnel {
        try read { database in
            let days = DayClock(offsetMinutes: try RegistryStore.policyInForce(database).dayOffsetMinutes)
            let rules = try RegistryStore.lifecycleRules(database)
            return Funnel(try RegistryStore.funnelEntries(database), clocks: rules.clocks, days: days, at: now)
        }
    }

    private static func funnelEntries(_ database: Database) throws -> [Funnel.Entry] {
        // A first person's move that awaits the second leads nowhere yet.
        let moves = try Row.fetchCursor(
            database, sql: "SELECT DISTINCT application, from_state, to_state FROM move WHERE from_state <> to_state")
        var reached: [String: Set<ApplicationState>] = [:]
        while let row = try moves.next() {
            reached[row["application"], default: []].formUnion([try row.state("from_state"), try row.state("to_state")])
        }
        // A draft of which nobody said more came when it was registered.
        let sql = """
            SELECT application.id, state, returns_to, since, coalesce(received, since) AS received, kind
            FROM application JOIN partner ON partner.id = application.partner
            """
        return try Row.fetchAll(database, sql: sql).map { row in
            guard let kind = PartnerKind(name: row["kind"]) else { throw RegistryRows.damaged("kind") }
            return Funnel.Entry(
                kind: kind, state: try row.state("state"),
                returnsTo: row["returns_to"] as String? == nil ? nil : try row.state("returns_to"), since: row.time("since"),
                received: row.time("received"), reached: reached[row["id"]] ?? [])
        }
    }
}
