import GRDB

/// The body of R9, checked for form.
struct Booking: Sendable {
    let dose: Int
    let sessionId: String
    let slot: String
    let beneficiaries: [String]
}

extension Store {
    /// Books one place for each beneficiary, all or none, and returns the appointment's id.
    func schedule(_ booking: Booking, for account: String) async throws -> String {
        let today = today
        var chance = chance
        let appointment = chance.identifier()
        try await write { database in
            let session = try bookableSession(booking.sessionId, slot: booking.slot, on: today, database)
            try Eligibility(country: country, session: session, dose: booking.dose).check(booking.beneficiaries, of: account, database)
            let booked = try database.cachedStatement(
                sql: "SELECT EXISTS (SELECT 1 FROM place WHERE beneficiary_reference_id = ? AND dose = ? AND state = 'booked')")
            for reference in booking.beneficiaries where try Bool.fetchOne(booked, arguments: [reference, booking.dose]) == true {
                throw Refusal(.alreadyBooked)
            }
            guard session.capacity(ofDose: booking.dose) >= booking.beneficiaries.count else { throw Refusal(.fullyBooked) }
            try database.cachedStatement(sql: "INSERT INTO appointment VALUES (?, ?, ?, ?, ?)")
                .execute(arguments: [appointment, account, session.id, booking.dose, booking.slot])
            let place = try database.cachedStatement(
                sql: "INSERT INTO place (appointment_id, beneficiary_reference_id, dose) VALUES (?, ?, ?)")
            for reference in booking.beneficiaries { try place.execute(arguments: [appointment, reference, booking.dose]) }
        }
        return appointment
    }
}
