import GRDB

extension Store {
    /// Moves an appointment whole to another session, or to another slot of its own; if it cannot, it stays where it was.
    func reschedule(_ appointment: String, to sessionId: String, slot: String, for account: String) async throws {
        let today = today
        try await write { database in
            let current = try Row.fetchOne(
                database.cachedStatement(sql: "SELECT session_id, slot, dose FROM appointment WHERE appointment_id = ? AND account_id = ?"),
                arguments: [appointment, account])
            let beneficiaries = try bookedBeneficiaries(of: appointment, database)
            guard let current, !beneficiaries.isEmpty else { throw Refusal(.unknownAppointment) }
            let session = try bookableSession(sessionId, slot: slot, on: today, database)
            let dose: Int = current[2]
            if session.id == current[0] {
                guard slot != current[1] else { throw Refusal(.samePlace) }
            } else {
                try Eligibility(country: country, session: session, dose: dose).check(beneficiaries, of: account, database)
                guard session.capacity(ofDose: dose) >= beneficiaries.count else { throw Refusal(.fullyBooked) }
            }
            try database.cachedStatement(sql: "UPDATE appointment SET session_id = ?, slot = ? WHERE appointment_id = ?")
                .execute(arguments: [session.id, slot, appointment])
        }
    }

    func bookedBeneficiaries(of appointment: String, _ database: Database) throws -> [String] {
        let statement = try database.cachedStatement(
            sql: "SELECT beneficiary_reference_id FROM place WHERE appointment_id = ? AND state = 'booked'")
        return try String.fetchAll(statement, arguments: [appointment])
    }
}
