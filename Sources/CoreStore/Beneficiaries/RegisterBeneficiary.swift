import Foundation
import GRDB

/// The body of R4, checked.
struct NewBeneficiary: Sendable {
    let name: String
    let birthYear: Int
    let genderId: Int?
    let photoIdType: Int
    let photoIdNumber: String
    let comorbidity: String
    let consentVersion: String
}

extension Store {
    /// Adds a beneficiary to an account of at most four. A photo id belongs to one person in the whole store.
    func register(_ new: NewBeneficiary, for account: String) async throws -> String {
        var chance = chance
        let reference = chance.referenceNumber()
        try await write { database in
            let count = try Int.fetchOne(database, sql: "SELECT count(*) FROM beneficiary WHERE account_id = ?", arguments: [account]) ?? 0
            guard count < Limits.beneficiariesInAccount else { throw Refusal(.accountFull) }
            let taken = try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM beneficiary WHERE photo_id_type = ? AND photo_id_number = ?)",
                arguments: [new.photoIdType, new.photoIdNumber])
            guard taken == false else { throw Refusal(.photoIdTaken) }
            try database.execute(
                sql: "INSERT INTO beneficiary VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                arguments: [
                    reference, account, new.name, new.birthYear, new.genderId, new.photoIdType, new.photoIdNumber, new.comorbidity,
                    new.consentVersion,
                ])
        }
        return reference
    }

    /// Removes a beneficiary who has neither an active appointment nor a dose: a dose once given must stay on record.
    func deleteBeneficiary(_ reference: String, of account: String) async throws {
        try await write { database in
            let found = try Row.fetchOne(
                database,
                sql: """
                    SELECT EXISTS (SELECT 1 FROM place WHERE beneficiary_reference_id = ?1 AND state = 'booked'),
                           EXISTS (SELECT 1 FROM vaccination WHERE beneficiary_reference_id = ?1)
                    FROM beneficiary WHERE beneficiary_reference_id = ?1 AND account_id = ?2
                    """, arguments: [reference, account])
            guard let found else { throw Refusal(.notRegistered) }
            if found[0] { throw Refusal(.stillBooked) }
            if found[1] { throw Refusal(.alreadyVaccinated) }
            try database.execute(sql: "DELETE FROM beneficiary WHERE beneficiary_reference_id = ?", arguments: [reference])
        }
    }
}
