import GRDB
import Testing

@testable import CoreStore

extension RunningStore {
    /// Ids of sessions with room for a dose, earliest first; tests choose among them by rule, not by luck.
    func openSessions(
        minimumAge: Int? = nil, vaccine: String? = nil, dose: Int = 1, room: Int = 4, from day: Day? = nil
    ) async throws -> [String] {
        let from = (day ?? today).number
        return try await store().database.read { database in
            try String.fetchAll(
                database,
                sql: """
                    SELECT session_id FROM session WHERE day >= ? AND (? IS NULL OR min_age_limit = ?) AND (? IS NULL OR vaccine = ?)
                    AND CASE ? WHEN 1 THEN capacity_dose1 ELSE capacity_dose2 END >= ? ORDER BY day, session_id
                    """, arguments: [from, minimumAge, minimumAge, vaccine, vaccine, dose, room])
        }
    }

    /// One of a session's slots.
    func slot(of session: String, _ number: Int = 0) async throws -> String {
        let json = try await store().database.read { database in
            try String.fetchOne(database, sql: "SELECT slots ->> ? FROM session WHERE session_id = ?", arguments: [number, session])
        }
        return try #require(json)
    }

    func schedule(
        _ references: [String], _ session: String, dose: Int = 1, slot: String? = nil, _ login: Login, _ client: StoreClient
    ) async throws -> Answer {
        let chosen = if let slot { slot } else { try await self.slot(of: session) }
        let names = references.map { "\"\($0)\"" }.joined(separator: ",")
        let body = #"{"dose":\#(dose),"session_id":"\#(session)","slot":"\#(chosen)","beneficiaries":[\#(names)]}"#
        return try await client.post("/api/v2/appointment/schedule", body, login.fields)
    }

    /// Room for a dose in a session, as the database has it.
    func capacity(of session: String, dose: Int = 1) async throws -> Int {
        let capacity = try await store().database.read { database in
            try Int.fetchOne(database, sql: "SELECT capacity_dose\(dose) FROM session WHERE session_id = ?", arguments: [session])
        }
        return try #require(capacity)
    }
}
