import GRDB

/// A dose that was given.
struct Vaccination {
    let dose: Int
    let day: Day
    let vaccine: String

    static func all(of reference: String, _ database: Database) throws -> [Vaccination] {
        let statement = try database.cachedStatement(
            sql: "SELECT dose, day, vaccine FROM vaccination WHERE beneficiary_reference_id = ? ORDER BY dose")
        return try Row.fetchAll(statement, arguments: [reference]).map { row in
            Vaccination(dose: row[0], day: Day(number: row[1]), vaccine: row[2])
        }
    }
}

extension Store {
    /// Records a dose as given; its booked place, if any, counts as used and does not come back.
    package func recordVaccination(of reference: String, dose: Int, on day: Day, vaccine: String) async throws {
        try await write { database in
            try database.execute(
                sql: "INSERT INTO vaccination VALUES (?, ?, ?, ?)", arguments: [reference, dose, day.number, vaccine])
            try database.execute(
                sql: "UPDATE place SET state = 'used' WHERE beneficiary_reference_id = ? AND dose = ? AND state = 'booked'",
                arguments: [reference, dose])
        }
    }
}
