import Registry

/// The routes of these tests.
enum Routes {
    static let search = "/api/v2/public/findByDistrict?district_id=391&date=08-06-2021"
    static let pin = "/api/v2/findByPin?pincode=411001&date=08-06-2021"
    static let districts = "/api/v2/districts/21"
    static let otp = "/api/v2/auth/generateOTP"
    static let schedule = "/api/v2/schedule"
    static let beneficiaries = "/api/v2/beneficiaries"

    /// The largest body the schedule route takes.
    static let scheduleBytes: Int64 = 400_000
    static let firstByteMilliseconds: Int64 = 5_000
    static let requestMilliseconds: Int64 = 40_000

    static func all() throws -> [Route] {
        let date = Parameter(name: "date", form: .date, isRequired: true)
        let words = Parameter(name: "vaccine", form: .oneOf(["COVISHIELD", "COVAXIN", "SPUTNIK V"]), isRequired: false)
        let district = Parameter(name: "district_id", form: .digits(least: 1, most: 6), isRequired: true)
        let pincode = Parameter(name: "pincode", form: .digits(least: 6, most: 6), isRequired: true)
        let degrees = ["lat", "long"].map { Parameter(name: $0, form: .degrees, isRequired: true) }
        return [
            try route("find-by-district", .get, "/api/v2/public/findByDistrict", .search, .anyone, [district, date, words]),
            try route("find-by-pin", .get, "/api/v2/findByPin", .search, .application, [pincode, date]),
            try route("find-by-place", .get, "/api/v2/centers", .search, .application, degrees),
            try route("districts", .get, "/api/v2/districts/{state_id}", .metadata, .anyone),
            try route("generate-otp", .post, otp, .identity, .application, body: 1_024),
            try route("schedule", .post, schedule, .booking, .applicationAndCitizen, body: scheduleBytes),
            try route("beneficiaries", .get, beneficiaries, .beneficiary, .applicationAndCitizen),
            try route("corpus-states", .get, CorpusCase.states, .metadata, .anyone),
            try route("corpus-districts", .get, "/api/v2/admin/location/districts/{state_id}", .metadata, .anyone),
            try route("corpus-otp", .post, CorpusCase.otp, .identity, .anyone, body: 1_024),
            try route(
                "corpus-find", .get, "/api/v2/appointment/sessions/public/findByPin", .search, .anyone, [pincode, date, words]),
        ]
    }
}

func route(
    _ id: String, _ method: RouteMethod, _ path: String, _ scope: Scope, _ identities: Identities, _ parameters: [Parameter] = [],
    body: Int64 = 0
) throws -> Route {
    Route(
        id: try identifier(id), method: method, path: path, parameters: parameters, scope: scope, cost: 1, identities: identities,
        maximumBodyBytes: body,
        timeouts: RouteTimeouts(firstByteMilliseconds: Routes.firstByteMilliseconds, requestMilliseconds: Routes.requestMilliseconds))
}
