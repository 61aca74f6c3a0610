/// Why a call was refused: a code a program can branch on, and a sentence for whoever reads it.
struct Refusal: Error, Equatable {
    let code: RefusalCode
    let sentence: String
    let retryAfterSeconds: Int?

    init(_ code: RefusalCode, _ sentence: String? = nil, retryAfterSeconds: Int? = nil) {
        self.code = code
        self.sentence = sentence ?? code.meaning
        self.retryAfterSeconds = retryAfterSeconds
    }

    /// A field or parameter that is missing or not of its form, named.
    static func input(_ field: String, _ problem: String) -> Refusal { Refusal(.inputParameter, "\(field): \(problem)") }
}

/// The one table of refusals. Codes with a 9 in the thousands are this store's own, in CoWIN's form, where CoWIN had none.
enum RefusalCode: String, CaseIterable, Sendable {
    case inputParameter = "USRRES0001"
    case noSuchPath = "USRRES9404"
    case bodyTooLarge = "USRRES9413"
    case fault = "USRRES9500"
    case notReady = "USRRES9503"

    case wrongCode = "USRAUT0014"
    case notRegistered = "USRAUT0024"
    case applicationMissing = "USRAUT9001"
    case tokenMissing = "USRAUT9002"
    case tokenExpired = "USRAUT9003"
    case tokenForeign = "USRAUT9004"
    case codeExpired = "USRAUT9005"
    case tooManyTries = "USRAUT9006"
    case codesTooOften = "USRAUT9007"
    case unknownTransaction = "USRAUT9008"

    case accountFull = "USRBEN9001"
    case photoIdTaken = "USRBEN9002"
    case stillBooked = "USRBEN9003"
    case alreadyVaccinated = "USRBEN9004"

    case noBeneficiary = "APPOIN0001"
    case invalidSlot = "APPOIN0015"
    case invalidPincode = "APPOIN0018"
    case alreadyBooked = "APPOIN0022"
    case fullyBooked = "APPOIN0040"
    case unknownSession = "APPOIN9001"
    case tooManyBeneficiaries = "APPOIN9002"
    case underAge = "APPOIN9003"
    case gapTooShort = "APPOIN9004"
    case otherVaccine = "APPOIN9005"
    case samePlace = "APPOIN9006"
    case wrongDose = "APPOIN9007"
    case unknownAppointment = "APPOIN9008"
    case notInAppointment = "APPOIN9009"
    case sessionOver = "APPOIN9010"
    case dose1DatesDiffer = "APPOIN9011"

    var status: Int {
        switch self {
        case .applicationMissing, .tokenMissing, .tokenExpired, .tokenForeign: 401
        case .noSuchPath: 404
        case .fullyBooked: 409
        case .bodyTooLarge: 413
        case .codesTooOften: 429
        case .fault: 500
        case .notReady: 503
        default: 400
        }
    }

    var meaning: String {
        switch self {
        case .inputParameter: "Input parameter missing"
        case .noSuchPath: "No such path"
        case .bodyTooLarge: "The body is over \(Limits.bodyBytes) bytes"
        case .fault: "The core store failed; nothing was changed"
        case .notReady: "The core store is still preparing its data"
        case .wrongCode: "Invalid OTP"
        case .notRegistered: "Beneficiary not registered"
        case .applicationMissing: "Unauthenticated access! No application is named"
        case .tokenMissing: "Unauthenticated access! No valid citizen token"
        case .tokenExpired: "Unauthenticated access! The citizen token has expired"
        case .tokenForeign: "Unauthenticated access! The citizen token was obtained through another application"
        case .codeExpired: "The OTP has expired; ask for a new one"
        case .tooManyTries: "The OTP was mistyped \(Limits.oneTimeCodeTries) times; ask for a new one"
        case .codesTooOften: "OTPs were asked for too often for this mobile"
        case .unknownTransaction: "Unknown or already used txnId"
        case .accountFull: "An account holds at most \(Limits.beneficiariesInAccount) beneficiaries"
        case .photoIdTaken: "This photo id is already registered"
        case .stillBooked: "The beneficiary has an active appointment; cancel it first"
        case .alreadyVaccinated: "A vaccinated beneficiary cannot be deleted"
        case .noBeneficiary: "No beneficiary is named"
        case .invalidSlot: "Invalid slot id"
        case .invalidPincode: "Invalid pincode"
        case .alreadyBooked: "A beneficiary already has an appointment for this dose"
        case .fullyBooked: "This vaccination centre is completely booked for the selected date"
        case .unknownSession: "Unknown session"
        case .tooManyBeneficiaries: "An appointment is for 1 to \(Limits.beneficiariesInAccount) beneficiaries"
        case .underAge: "A beneficiary is under the session's age limit"
        case .gapTooShort: "Too few days between the doses"
        case .otherVaccine: "The second dose must be of the first dose's vaccine"
        case .samePlace: "The appointment is already in this session and slot"
        case .wrongDose: "This dose is not due"
        case .unknownAppointment: "Unknown or no longer active appointment"
        case .notInAppointment: "A beneficiary is not in this appointment"
        case .sessionOver: "The session's day is over"
        case .dose1DatesDiffer: "The beneficiaries had their first dose on different days"
        }
    }
}
