import Registry

/// The calls that partners make, as often as they make them.
enum LoadCall: CaseIterable {
    case find, district, calendar, otp, beneficiaries, schedule, slip

    static func pick(_ chance: inout Chance) -> LoadCall {
        switch chance.share() {
        case ..<0.5: .find
        case ..<0.68: .district
        case ..<0.8: .calendar
        case ..<0.86: .otp
        case ..<0.93: .beneficiaries
        case ..<0.98: .schedule
        default: .slip
        }
    }

    private static let routes = [
        "find-by-pin", "find-by-district", "calendar-by-pin", "generate-otp", "beneficiaries", "schedule", "slip",
    ].map(LoadPolicy.identifier)

    var route: Identifier {
        switch self {
        case .find: LoadCall.routes[0]
        case .district: LoadCall.routes[1]
        case .calendar: LoadCall.routes[2]
        case .otp: LoadCall.routes[3]
        case .beneficiaries: LoadCall.routes[4]
        case .schedule: LoadCall.routes[5]
        case .slip: LoadCall.routes[6]
        }
    }

    /// Of the target and the body, beside the fields that the application always sends.
    var bytesIn: Int {
        switch self {
        case .find, .calendar: 78
        case .district: 81
        case .otp: 120
        case .beneficiaries: 44
        case .schedule: 231
        case .slip: 90
        }
    }

    var medianMicroseconds: Double {
        switch self {
        case .find, .district: 1_400
        case .calendar: 3_200
        case .otp, .beneficiaries: 2_100
        case .schedule: 5_500
        case .slip: 9_000
        }
    }

    func bytesOut(_ chance: inout Chance) -> UInt64 {
        switch self {
        case .find: UInt64(chance.around(1_500, spread: 0.5))
        case .district: UInt64(chance.around(4_000, spread: 0.6))
        case .calendar: UInt64(chance.around(9_000, spread: 0.7))
        case .otp: 287
        case .beneficiaries: UInt64(420 + 310 * chance.below(4) + chance.below(30))
        case .schedule: 349
        case .slip: UInt64(chance.around(48_000, spread: 0.05))
        }
    }

    func status(_ chance: inout Chance) -> UInt16 {
        let share = chance.share()
        switch self {
        case .schedule: return share < 0.7 ? 201 : share < 0.97 ? 409 : 400
        default: return share < 0.985 ? 200 : share < 0.999 ? 404 : 500
        }
    }
}
