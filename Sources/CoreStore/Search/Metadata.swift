import GRDB
import NIOCore

extension Store {
    /// `{"states": […], "ttl": 24}`, by name.
    func states(in language: Language) async throws -> ByteBuffer {
        try await read { database in
            let statement = try database.cachedStatement(sql: "SELECT state_id, state_name, state_name_l FROM state ORDER BY state_name")
            let rows = try Row.fetchAll(statement)
            return JSONText.object(capacity: 4_096) { json in
                json.array("states") { json in
                    for row in rows {
                        json.object { json in
                            json.field("state_id", row[0] as Int)
                            json.field("state_name", row[1] as String)
                            if language == .local { json.field("state_name_l", row[2] as String) }
                        }
                    }
                }
                json.field("ttl", Limits.metadataHours)
            }
        }
    }

    /// `{"districts": […], "ttl": 24}`, by name; none for an unknown state.
    func districts(ofState state: Int, in language: Language) async throws -> ByteBuffer {
        try await read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT district_id, district_name FROM district WHERE state_id = ? ORDER BY district_name")
            let rows = try Row.fetchAll(statement, arguments: [state])
            return JSONText.object(capacity: 8_192) { json in
                json.array("districts") { json in
                    for row in rows {
                        json.object { json in
                            json.field("district_id", row[0] as Int)
                            json.field("district_name", row[1] as String)
                            if language == .local { json.field("district_name_l", row[1] as String) }
                            json.field("state_id", state)
                        }
                    }
                }
                json.field("ttl", Limits.metadataHours)
            }
        }
    }

    /// `{"types": […], "ttl": 24}`.
    func photoIdTypes() -> ByteBuffer { labels(country.photoIdTypes, as: "types", label: "type") }

    /// `{"genders": […], "ttl": 24}`.
    func genders() -> ByteBuffer { labels(country.genders, as: "genders", label: "gender") }

    /// Unlike the names of places, these labels always come with their local twin.
    private func labels(_ labels: [Country.Label], as list: String, label: String) -> ByteBuffer {
        JSONText.object(capacity: 2_048) { json in
            json.array(list) { json in
                for entry in labels {
                    json.object { json in
                        json.field("id", entry.id)
                        json.field(label, entry.text)
                        json.field("\(label)_l", entry.localText)
                    }
                }
            }
            json.field("ttl", Limits.metadataHours)
        }
    }
}
