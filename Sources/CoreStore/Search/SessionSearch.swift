import GRDB
import NIOCore

/// What P5, P6, P8 to P10 and R7 ask: the sessions of some centres over some days, of one vaccine or of any.
struct SessionSearch: Sendable {
    enum Place: Sendable {
        case pincode(Int)
        case district(Int)
        case centre(Int)

        /// The column and the value that pick the centres.
        var condition: (column: String, value: Int) {
            switch self {
            case .pincode(let pincode): ("centre.pincode", pincode)
            case .district(let district): ("centre.district_id", district)
            case .centre(let centre): ("centre.center_id", centre)
            }
        }
    }

    let place: Place
    let from: Day
    /// 1 for find*, 7 for a calendar.
    let days: Int
    let vaccine: String?
    let language: Language

    /// The centres, also those without a session on these days, by id.
    func centres(_ database: Database) throws -> [Centre] {
        let sql = "SELECT \(Centre.columns) FROM \(Centre.tables) WHERE \(place.condition.column) = ? ORDER BY centre.center_id"
        let rows = try Row.fetchCursor(database.cachedStatement(sql: sql), arguments: [place.condition.value])
        return try Array(rows.map(Centre.init))
    }

    /// The sessions of each centre, by day, vaccine and age limit.
    func sessions(_ database: Database) throws -> [Int: [CentreSession]] {
        let sql = """
            SELECT \(CentreSession.columns) FROM centre CROSS JOIN session USING (center_id)
            WHERE \(place.condition.column) = ? AND session.day BETWEEN ? AND ?\(vaccine == nil ? "" : " AND session.vaccine = ?")
            ORDER BY session.center_id, session.day, session.vaccine, session.min_age_limit
            """
        var arguments: StatementArguments = [place.condition.value, from.number, from.number + days - 1]
        if let vaccine { arguments += [vaccine] }
        var sessions: [Int: [CentreSession]] = [:]
        let rows = try Row.fetchCursor(database.cachedStatement(sql: sql), arguments: arguments)
        while let row = try rows.next() {
            let session = CentreSession(row)
            sessions[session.centreId, default: []].append(session)
        }
        return sessions
    }
}

extension Store {
    /// `{"sessions": […]}`: each centre's fields and its session's, flat, with the fee.
    func find(_ search: SessionSearch) async throws -> ByteBuffer {
        try await read { database in
            let centres = try search.centres(database)
            let sessions = try search.sessions(database)
            return JSONText.object(capacity: 1_024 * (1 + centres.count)) { json in
                json.array("sessions") { json in
                    for centre in centres {
                        for session in sessions[centre.id] ?? [] {
                            json.object { json in
                                centre.write(to: &json, in: search.language)
                                json.field("fee", String(session.fee))
                                session.write(to: &json)
                            }
                        }
                    }
                }
            }
        }
    }

    /// `{"centers": […]}`: the centres that have a session on these days, each with its fees and sessions.
    func calendar(_ search: SessionSearch) async throws -> ByteBuffer {
        try await read { database in
            let centres = try search.centres(database)
            let sessions = try search.sessions(database)
            return JSONText.object(capacity: 2_048 * (1 + centres.count)) { json in
                json.array("centers") { json in
                    for centre in centres {
                        guard let open = sessions[centre.id] else { continue }
                        json.object { write(centre, with: open, to: &$0, in: search.language) }
                    }
                }
            }
        }
    }

    /// `{"centers": {…}}`: one object, not an array; empty where no such centre exists.
    func calendarOfCentre(_ search: SessionSearch) async throws -> ByteBuffer {
        try await read { database in
            let centre = try search.centres(database).first
            let sessions = try search.sessions(database)
            return JSONText.object(capacity: 4_096) { json in
                json.object("centers") { json in
                    if let centre { write(centre, with: sessions[centre.id] ?? [], to: &json, in: search.language) }
                }
            }
        }
    }

    private func write(_ centre: Centre, with sessions: [CentreSession], to json: inout JSONText, in language: Language) {
        centre.write(to: &json, in: language)
        if centre.feeType == "Paid" {
            var named: Set<String> = []
            json.array("vaccine_fees") { json in
                for session in sessions where named.insert(session.vaccine).inserted {
                    json.object { json in
                        json.field("vaccine", session.vaccine)
                        json.field("fee", String(session.fee))
                    }
                }
            }
        }
        json.array("sessions") { json in
            for session in sessions { json.object { session.write(to: &$0) } }
        }
    }
}
