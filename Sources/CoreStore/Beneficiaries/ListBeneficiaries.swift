import GRDB
import NIOCore

extension Store {
    /// `{"beneficiaries": […]}` of an account, each with its doses and its active appointments.
    func beneficiaries(of account: String, in language: Language) async throws -> ByteBuffer {
        try await read { database in
            let beneficiaries = try Row.fetchAll(
                database,
                sql: """
                    SELECT beneficiary_reference_id, name, birth_year, gender_id, mobile, photo_id_type, photo_id_number, comorbidity_ind
                    FROM beneficiary JOIN account USING (account_id) WHERE account_id = ? ORDER BY name, beneficiary_reference_id
                    """, arguments: [account])
            return try JSONText.object(capacity: 4_096) { json in
                try json.array("beneficiaries") { json in
                    for beneficiary in beneficiaries {
                        try json.object { try write(beneficiary, to: &$0, in: language, database) }
                    }
                }
            }
        }
    }

    private func write(_ beneficiary: Row, to json: inout JSONText, in language: Language, _ database: Database) throws {
        let reference: String = beneficiary[0]
        json.field("beneficiary_reference_id", reference)
        json.field("name", beneficiary[1] as String)
        json.field("birth_year", String(beneficiary[2] as Int))
        if let gender = label(beneficiary[3], in: country.genders) { json.field("gender", gender) }
        json.field("mobile_number", masked(beneficiary[4]))
        if let type = label(beneficiary[5], in: country.photoIdTypes) { json.field("photo_id_type", type) }
        json.field("photo_id_number", masked(beneficiary[6]))
        json.field("comorbidity_ind", beneficiary[7] as String)
        let doses = try Vaccination.all(of: reference, database)
        json.field("vaccination_status", ["Not Vaccinated", "Partially Vaccinated", "Vaccinated"][min(doses.count, 2)])
        if let vaccine = doses.first?.vaccine { json.field("vaccine", vaccine) }
        for given in doses { json.field("dose\(given.dose)_date", given.day.text) }
        let appointments = try Row.fetchAll(
            database,
            sql: """
                SELECT \(Centre.columns), appointment_id, session_id, place.dose, day, slot
                FROM place JOIN appointment USING (appointment_id) JOIN session USING (session_id)
                    JOIN centre USING (center_id) JOIN district USING (district_id) JOIN state USING (state_id)
                WHERE beneficiary_reference_id = ? AND place.state = 'booked' ORDER BY day
                """, arguments: [reference])
        json.array("appointments") { json in
            for appointment in appointments {
                json.object { json in
                    Centre(appointment).write(to: &json, in: language)
                    json.field("appointment_id", appointment[14] as String)
                    json.field("session_id", appointment[15] as String)
                    json.field("dose", appointment[16] as Int)
                    json.field("date", Day(number: appointment[17]).text)
                    json.field("slot", appointment[18] as String)
                }
            }
        }
    }

    private func label(_ id: Int?, in labels: [Country.Label]) -> String? { labels.first { $0.id == id }?.text }

    /// All but the last four characters as asterisks; nothing at all of a number too short to hide any of it.
    private func masked(_ number: String) -> String {
        let shown = number.count > 4 ? 4 : 0
        return String(repeating: "*", count: number.count - shown) + number.suffix(shown)
    }
}
