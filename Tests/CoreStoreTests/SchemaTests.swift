import Foundation
import GRDB
import NIOCore
import Testing

@testable import CoreStore

/// The database refuses by itself what must never happen, whatever statement it is given.
@Suite struct SchemaTests {
    private static let booked = "00000000-0000-4000-8000-00000000000a"

    private func withBooking(_ body: (DatabasePool, String) throws -> Void) async throws {
        try await RunningStore.run { running in
            let session = try await running.openSessions(minimumAge: 18)[0]
            let database = try running.store().database
            try await database.write { database in
                try database.execute(sql: "INSERT INTO account VALUES ('00000000-0000-4000-8000-000000000000', '9999999999')")
                for number in 1...4 {
                    try database.execute(
                        sql: "INSERT INTO beneficiary VALUES (?, '00000000-0000-4000-8000-000000000000', 'N', 1980, 1, 6, ?, 'N', '1')",
                        arguments: ["1000000000000\(number)", "\(number)"])
                }
                try database.execute(
                    sql: "INSERT INTO appointment VALUES (?, '00000000-0000-4000-8000-000000000000', ?, 1, 's')",
                    arguments: [Self.booked, session])
                try database.execute(
                    sql: "INSERT INTO place (appointment_id, beneficiary_reference_id, dose) VALUES (?, '10000000000001', 1)",
                    arguments: [Self.booked])
            }
            try body(database, session)
        }
    }

    @Test func `statements that break an invariant fail`() async throws {
        try await withBooking { database, session in
            let person = "'00000000-0000-4000-8000-000000000000', 'N', 1980, 1, 6, '5', 'N', '1'"
            let forbidden = [
                "UPDATE session SET capacity_dose1 = -1 WHERE session_id = '\(session)'",
                "UPDATE session SET capacity_dose1 = seeded_dose1 + 1 WHERE session_id = '\(session)'",
                "UPDATE session SET available_capacity = 5 WHERE session_id = '\(session)'",
                "UPDATE session SET capacity_dose1 = 'many' WHERE session_id = '\(session)'",
                "INSERT INTO beneficiary VALUES ('10000000000005', \(person))",
                "INSERT INTO place (appointment_id, beneficiary_reference_id, dose) VALUES ('\(Self.booked)', '10000000000001', 1)",
                "INSERT INTO place (appointment_id, beneficiary_reference_id, dose) VALUES ('\(Self.booked)', '10000000000002', 2)",
                "INSERT INTO place (appointment_id, beneficiary_reference_id, dose) VALUES ('\(Self.booked)', 'nobody', 1)",
                "INSERT INTO place VALUES ('\(Self.booked)', '10000000000002', 1, 'used')",
                "DELETE FROM place", "DELETE FROM beneficiary WHERE beneficiary_reference_id = '10000000000001'",
                "DELETE FROM appointment", "UPDATE appointment SET dose = 2", "UPDATE place SET dose = 2",
                "UPDATE place SET beneficiary_reference_id = '10000000000002'",
                "UPDATE account SET mobile = '12345'", "UPDATE session SET min_age_limit = 12",
            ]
            for statement in forbidden {
                #expect(throws: DatabaseError.self, "\(statement)") { try database.write { try $0.execute(sql: statement) } }
            }
        }
    }

    @Test func `a second booked place for a dose fails, and a place ends once`() async throws {
        try await withBooking { database, session in
            let capacity = "SELECT capacity_dose1 FROM session WHERE session_id = '\(session)'"
            let taken = try database.read { try Int.fetchOne($0, sql: capacity) }
            let second = "00000000-0000-4000-8000-00000000000b"
            let again = """
                INSERT INTO appointment SELECT '\(second)', account_id, session_id, 1, 's' FROM appointment;
                INSERT INTO place (appointment_id, beneficiary_reference_id, dose) VALUES ('\(second)', '10000000000001', 1)
                """
            #expect(throws: DatabaseError.self) { try database.write { try $0.execute(sql: again) } }
            try database.write { try $0.execute(sql: "UPDATE place SET state = 'cancelled'") }
            #expect(throws: DatabaseError.self) { try database.write { try $0.execute(sql: "UPDATE place SET state = 'booked'") } }
            #expect(throws: DatabaseError.self) { try database.write { try $0.execute(sql: "UPDATE place SET state = 'cancelled'") } }
            #expect(try database.read { try Int.fetchOne($0, sql: capacity) } == (taken ?? 0) + 1)
            try database.write { try $0.execute(sql: again) }
            #expect(try database.read { try Int.fetchOne($0, sql: capacity) } == taken)
        }
    }

    @Test func `JSON text escapes what it must and nothing else`() throws {
        let odd = "quote \" back \\ line \n tab \t nul \u{0} é अ 😀 /"
        let buffer = JSONText.object { json in
            json.field("odd", odd)
            json.field("number", -7)
            json.field("degrees", 19.095_21)
            json.array("none") { _ in }
            json.array("two") { json in
                json.object { $0.field("a", 1) }
                json.object { _ in }
            }
        }
        let json = try JSON(Array(buffer.readableBytesView))
        #expect(json["odd"] == .string(odd) && json["number"] == .integer(-7) && json["degrees"] == .decimal(19.095_21))
        #expect(json["none"] == .array([]) && json["two"] == .array([.object(["a": .integer(1)]), .object([:])]))
    }
}
