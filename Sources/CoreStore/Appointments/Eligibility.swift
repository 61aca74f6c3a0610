import GRDB

/// Whether these beneficiaries may have this dose in this session: the one place where age, vaccine, gap and dose are judged.
struct Eligibility {
    let country: Country
    let session: CentreSession
    let dose: Int

    private struct Person {
        let birthYear: Int
        let vaccinations: [Vaccination]
    }

    func check(_ references: [String], of account: String, _ database: Database) throws {
        let people = try references.map { try person($0, of: account, database) }
        for person in people {
            // Age is judged by birth year, at the session's date.
            guard session.day.year - person.birthYear >= session.minimumAge else { throw Refusal(.underAge) }
            guard person.vaccinations.count == dose - 1 else {
                throw Refusal(.wrongDose, "Dose \(dose) is not due: \(person.vaccinations.count) given")
            }
        }
        let firstDoses = people.compactMap(\.vaccinations.first)
        guard dose == 2, let first = firstDoses.first else { return }
        guard firstDoses.allSatisfy({ $0.vaccine == session.vaccine }) else { throw Refusal(.otherVaccine) }
        guard firstDoses.allSatisfy({ $0.day == first.day }) else { throw Refusal(.dose1DatesDiffer) }
        let gap = country.vaccine(named: session.vaccine)?.daysBetweenDoses ?? 0
        guard session.day.number - first.day.number >= gap else {
            throw Refusal(.gapTooShort, "\(session.vaccine) needs \(gap) days between the doses: not before \((first.day + gap).text)")
        }
    }

    private func person(_ reference: String, of account: String, _ database: Database) throws -> Person {
        let statement = try database.cachedStatement(
            sql: "SELECT birth_year FROM beneficiary WHERE beneficiary_reference_id = ? AND account_id = ?")
        guard let birthYear = try Int.fetchOne(statement, arguments: [reference, account]) else { throw Refusal(.notRegistered) }
        return Person(birthYear: birthYear, vaccinations: try Vaccination.all(of: reference, database))
    }
}

extension Store {
    /// The session a booking asks for, if it exists, is not over and has the slot.
    func bookableSession(_ id: String, slot: String, on today: Day, _ database: Database) throws -> CentreSession {
        guard let session = try CentreSession.fetch(database, id: id) else { throw Refusal(.unknownSession) }
        guard session.day >= today else { throw Refusal(.sessionOver) }
        guard session.hasSlot(slot) else { throw Refusal(.invalidSlot) }
        return session
    }
}
