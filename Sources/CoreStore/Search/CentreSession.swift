import Foundation
import GRDB

/// One session of a centre: a day, a vaccine, an age limit, and the places left for each dose.
struct CentreSession: Sendable {
    let centreId: Int
    let id: String
    let day: Day
    let vaccine: String
    let minimumAge: Int
    let fee: Int
    let slotsJSON: String
    let available: Int
    let dose1: Int
    let dose2: Int

    static let columns = """
        session.center_id, session.session_id, session.day, session.vaccine, session.min_age_limit, session.fee, session.slots,
        session.available_capacity, session.capacity_dose1, session.capacity_dose2
        """

    init(_ row: Row) {
        centreId = row[0]
        id = row[1]
        day = Day(number: row[2])
        vaccine = row[3]
        minimumAge = row[4]
        fee = row[5]
        slotsJSON = row[6]
        available = row[7]
        dose1 = row[8]
        dose2 = row[9]
    }

    /// The session a booking names, or nil.
    static func fetch(_ database: Database, id: String) throws -> CentreSession? {
        let statement = try database.cachedStatement(sql: "SELECT \(columns) FROM session WHERE session_id = ?")
        return try Row.fetchOne(statement, arguments: [id]).map(CentreSession.init)
    }

    func capacity(ofDose dose: Int) -> Int { dose == 1 ? dose1 : dose2 }

    func hasSlot(_ slot: String) -> Bool {
        let slots = try? JSONDecoder().decode([String].self, from: Data(slotsJSON.utf8))
        return slots?.contains(slot) ?? false
    }

    func write(to json: inout JSONText) {
        json.field("session_id", id)
        json.field("date", day.text)
        json.field("available_capacity", available)
        json.field("available_capacity_dose1", dose1)
        json.field("available_capacity_dose2", dose2)
        json.field("min_age_limit", minimumAge)
        json.field("vaccine", vaccine)
        json.field("slots", json: slotsJSON)
    }
}
