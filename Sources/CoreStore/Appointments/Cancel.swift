import GRDB

extension Store {
    /// Gives back the places of some beneficiaries of an appointment, or of all where none is named.
    func cancel(_ appointment: String, for beneficiaries: [String]?, of account: String) async throws {
        try await write { database in
            let owned = try Bool.fetchOne(
                database.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM appointment WHERE appointment_id = ? AND account_id = ?)"),
                arguments: [appointment, account])
            let booked = try bookedBeneficiaries(of: appointment, database)
            guard owned == true, !booked.isEmpty else { throw Refusal(.unknownAppointment) }
            let named = beneficiaries ?? booked
            guard named.allSatisfy(booked.contains) else { throw Refusal(.notInAppointment) }
            let cancel = try database.cachedStatement(
                sql: "UPDATE place SET state = 'cancelled' WHERE appointment_id = ? AND beneficiary_reference_id = ?")
            for reference in named { try cancel.execute(arguments: [appointment, reference]) }
        }
    }

    /// A booked place whose day went by was missed: it no longer bars its beneficiary from booking again.
    func markMissed(before today: Day, _ database: Database) throws {
        try database.execute(
            sql: """
                UPDATE place SET state = 'missed' WHERE state = 'booked' AND appointment_id IN
                    (SELECT appointment_id FROM appointment JOIN session USING (session_id) WHERE day < ?)
                """, arguments: [today.number])
    }
}
