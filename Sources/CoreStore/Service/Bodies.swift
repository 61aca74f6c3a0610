import Foundation
import Hummingbird
import NIOCore

/// An integer whose field is named when it is 6.5 or "6": the decoder alone would only say that the body is no JSON.
struct WholeNumber: Decodable {
    let value: Int

    init(from decoder: any Decoder) throws {
        do {
            value = try decoder.singleValueContainer().decode(Int.self)
        } catch {
            let place = DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "not a whole number")
            throw DecodingError.typeMismatch(Int.self, place)
        }
    }
}

struct SendCodeBody: Decodable {
    let mobile: String
}

struct ConfirmCodeBody: Decodable {
    let otp: String
    let txnId: String
}

struct NewBeneficiaryBody: Decodable {
    let name: String
    let birth_year: String
    let gender_id: WholeNumber?
    let photo_id_type: WholeNumber
    let photo_id_number: String
    let comorbidity_ind: String?
    let consent_version: String
}

struct DeleteBeneficiaryBody: Decodable {
    let beneficiary_reference_id: String
}

struct ScheduleBody: Decodable {
    let dose: WholeNumber?
    let session_id: String
    let slot: String
    let beneficiaries: [String]
}

struct RescheduleBody: Decodable {
    let appointment_id: String
    let session_id: String
    let slot: String
}

struct CancelBody: Decodable {
    let appointment_id: String
    let beneficiariesToCancel: [String]?
}

extension Call {
    /// The request's body as a value, or the refusal that names the field at fault.
    func body<Body: Decodable>(_ type: Body.Type) async throws -> Body {
        let bytes: ByteBuffer
        do {
            bytes = try await request.body.collect(upTo: Limits.bodyBytes)
        } catch is NIOTooManyBytesError {
            throw Refusal(.bodyTooLarge)
        }
        do {
            return try JSONDecoder().decode(type, from: Data(bytes.readableBytesView))
        } catch let error as DecodingError {
            throw Self.refusal(for: error)
        }
    }

    private static func refusal(for error: DecodingError) -> Refusal {
        switch error {
        case .keyNotFound(let key, let context): .input(name(context.codingPath + [key]), "is missing")
        case .valueNotFound(_, let context): .input(name(context.codingPath), "is missing")
        case .typeMismatch(let type, let context): .input(name(context.codingPath), "is not \(kind(type))")
        case .dataCorrupted(let context): .input(name(context.codingPath), context.codingPath.isEmpty ? "is not JSON" : "is out of range")
        @unknown default: .input("body", "cannot be read")
        }
    }

    private static func name(_ path: [any CodingKey]) -> String {
        path.isEmpty ? "body" : path.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined()
    }

    private static func kind(_ type: any Any.Type) -> String {
        switch type {
        case is String.Type: "a string"
        case is Int.Type: "a whole number"
        case is [Any].Type: "an array"
        default: "a JSON object"
        }
    }
}

/// Bodies become values the store takes once their fields are of their form.
extension SendCodeBody {
    func checkedMobile() throws -> String {
        guard mobile.utf8.count == 10, mobile.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            throw Refusal.input("mobile", "is not ten digits")
        }
        return mobile
    }
}

extension NewBeneficiaryBody {
    func checked(in country: Country, year: Int) throws -> NewBeneficiary {
        let name = name.trimmingCharacters(in: .whitespacesAndNewlines)
        guard (1...Limits.nameCharacters).contains(name.count) else { throw Refusal.input("name", "is empty or too long") }
        guard birth_year.utf8.count == 4, let birthYear = Int(birth_year), (Limits.earliestBirthYear...year).contains(birthYear) else {
            throw Refusal.input("birth_year", "is not a year from \(Limits.earliestBirthYear) to \(year)")
        }
        if let gender_id, !country.genders.contains(where: { $0.id == gender_id.value }) {
            throw Refusal.input("gender_id", "is not a gender's id")
        }
        guard country.photoIdTypes.contains(where: { $0.id == photo_id_type.value }) else {
            throw Refusal.input("photo_id_type", "is not a photo id type's id")
        }
        // One document however it is typed: without spaces, in capitals.
        let number = photo_id_number.uppercased().filter { !$0.isWhitespace }
        guard (1...Limits.photoIdNumberCharacters).contains(number.count) else {
            throw Refusal.input("photo_id_number", "is empty or too long")
        }
        let comorbidity = comorbidity_ind ?? "N"
        guard ["Y", "N"].contains(comorbidity) else { throw Refusal.input("comorbidity_ind", "is neither Y nor N") }
        guard consent_version == "1" else { throw Refusal.input("consent_version", "is not 1, the consent now in force") }
        return NewBeneficiary(
            name: name, birthYear: birthYear, genderId: gender_id?.value, photoIdType: photo_id_type.value, photoIdNumber: number,
            comorbidity: comorbidity, consentVersion: consent_version)
    }
}

extension ScheduleBody {
    func checked() throws -> Booking {
        guard !beneficiaries.isEmpty else { throw Refusal(.noBeneficiary) }
        guard beneficiaries.count <= Limits.beneficiariesInAccount else { throw Refusal(.tooManyBeneficiaries) }
        guard Set(beneficiaries).count == beneficiaries.count else { throw Refusal.input("beneficiaries", "name someone twice") }
        guard let dose = [1, 2].first(where: { $0 == dose?.value ?? 1 }) else { throw Refusal.input("dose", "is neither 1 nor 2") }
        return Booking(dose: dose, sessionId: session_id, slot: slot, beneficiaries: beneficiaries)
    }
}

extension CancelBody {
    func checkedBeneficiaries() throws -> [String]? {
        guard let named = beneficiariesToCancel else { return nil }
        guard !named.isEmpty else { throw Refusal(.noBeneficiary) }
        guard Set(named).count == named.count else { throw Refusal.input("beneficiariesToCancel", "name someone twice") }
        return named
    }
}
