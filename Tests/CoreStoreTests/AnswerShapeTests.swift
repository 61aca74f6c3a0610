import Foundation
import Testing

@testable import CoreStore

/// The contract partners knew, type by type: a client that knows only the documents must find exactly this.
@Suite struct AnswerShapeTests {
    static let centreFields: [String: Shape] = [
        "center_id": .integer, "name": .string, "address": .string, "state_name": .string, "district_name": .string,
        "block_name": .string, "pincode": .integer, "lat": .number, "long": .number, "from": .time, "to": .time,
        "fee_type": .matching("^(Free|Paid)$"),
    ]
    static let twins: [String: Shape] = [
        "name_l": .string, "address_l": .string, "state_name_l": .string, "district_name_l": .string, "block_name_l": .string,
    ]
    static let sessionFields: [String: Shape] = [
        "session_id": .uuid, "date": .date, "available_capacity": .integer, "available_capacity_dose1": .integer,
        "available_capacity_dose2": .integer, "min_age_limit": .integer, "vaccine": .matching("^(COVISHIELD|COVAXIN|SPUTNIK V)$"),
        "slots": .array(.slot),
    ]
    static let calendarCentre = Shape.object(
        centreFields.merging(["sessions": .array(.object(sessionFields))]) { $1 },
        optional: ["vaccine_fees": .array(.object(["vaccine": .string, "fee": .rupees]))])
    static let found = Shape.object([
        "sessions": .array(.object(centreFields.merging(sessionFields.merging(["fee": .rupees]) { $1 }) { $1 }))
    ])
    static let calendar = Shape.object(["centers": .array(calendarCentre)])
    static let centres = Shape.object(["centers": .array(.object(centreFields))])

    @Test func `every search answers in the documented shape and finds something`() async throws {
        try await RunningStore.run { running in
            try await StoreClient.connected(to: running.port) { client in
                let login = try await running.logIn("9876543210", client)
                let day = running.today.text
                let all = try await client.get("/api/v2/appointment/sessions/public/calendarByDistrict?district_id=395&date=\(day)").json()
                let first = try #require(all["centers"]?.array?.first)
                let pincode = try #require(first["pincode"]?.integer)
                let centre = try #require(first["center_id"]?.integer)
                let busy = try #require(first["sessions"]?.array?.first?["date"]?.string)
                let searches: [(String, Shape, String)] = [
                    ("sessions/public/findByPin?pincode=\(pincode)&date=\(busy)", Self.found, "sessions"),
                    ("sessions/public/findByDistrict?district_id=395&date=\(busy)", Self.found, "sessions"),
                    ("centers/public/findByLatLong?lat=19.07&long=72.88", Self.centres, "centers"),
                    ("sessions/public/calendarByPin?pincode=\(pincode)&date=\(day)", Self.calendar, "centers"),
                    ("sessions/public/calendarByDistrict?district_id=391&date=\(day)", Self.calendar, "centers"),
                    ("sessions/findByPin?pincode=\(pincode)&date=\(busy)", Self.found, "sessions"),
                    ("sessions/findByDistrict?district_id=395&date=\(busy)", Self.found, "sessions"),
                    ("centers/findByLatLong?lat=19.07&long=72.88", Self.centres, "centers"),
                    ("sessions/calendarByPin?pincode=\(pincode)&date=\(day)", Self.calendar, "centers"),
                    ("sessions/calendarByDistrict?district_id=391&date=\(day)", Self.calendar, "centers"),
                ]
                for (path, shape, list) in searches {
                    let answer = try await client.get("/api/v2/appointment/\(path)", login.fields)
                    #expect(answer.status == 200 && answer.fields["content-type"] == "application/json", "\(path)")
                    #expect(shape.faults(in: try answer.json()) == [], "\(path)")
                    #expect(try answer.json()[list]?.array?.isEmpty == false, "\(path)")
                }
                let byCentre = try await client.get(
                    "/api/v2/appointment/sessions/public/calendarByCenter?center_id=\(centre)&date=\(day)")
                #expect(Shape.object(["centers": Self.calendarCentre]).faults(in: try byCentre.json()) == [])
            }
        }
    }

    @Test func `metadata carries a ttl of 24 hours`() async throws {
        try await RunningStore.run { running in
            try await StoreClient.connected(to: running.port) { client in
                let application = ["X-Application-Id": "app-one"]
                let label: (String) -> Shape = { .object(["id": .integer, $0: .string, "\($0)_l": .string]) }
                let lists: [(String, String, Shape, Int)] = [
                    ("admin/location/states", "states", .object(["state_id": .integer, "state_name": .string]), 2),
                    (
                        "admin/location/districts/21", "districts",
                        .object(["district_id": .integer, "district_name": .string, "state_id": .integer]), 2
                    ),
                    ("registration/beneficiary/idTypes", "types", label("type"), 3),
                    ("registration/beneficiary/genders", "genders", label("gender"), 3),
                ]
                for (path, list, element, count) in lists {
                    let json = try await client.get("/api/v2/\(path)", application).json()
                    #expect(Shape.object([list: .array(element), "ttl": .integer]).faults(in: json) == [], "\(path)")
                    #expect(json["ttl"] == .integer(24))
                    #expect(json[list]?.array?.count == count, "\(path)")
                }
            }
        }
    }

    @Test(arguments: ["hi_IN", "hi-IN", "en, hi_IN;q=0.8"])
    func `Hindi twins come when asked for, and only then`(language: String) async throws {
        try await RunningStore.run { running in
            try await StoreClient.connected(to: running.port) { client in
                let path = "/api/v2/appointment/sessions/public/calendarByDistrict?district_id=725&date=\(running.today.text)"
                let hindi = try await client.get(path, ["Accept-Language": language]).json()
                let centre = try #require(hindi["centers"]?.array?.first)
                for twin in Self.twins.keys { #expect(centre[twin]?.string?.isEmpty == false, "\(twin)") }
                #expect(centre["state_name_l"] == .string("पश्चिम बंगाल"))
                let states = try await client.get("/api/v2/admin/location/states", ["Accept-Language": language]).json()
                #expect(states["states"]?.array?.first?["state_name_l"] == .string("महाराष्ट्र"))
                for other in ["en_IN", "hi_IN;q=0", "hi"] {
                    let english = try await client.get(path, ["Accept-Language": other]).json()
                    #expect(Self.calendar.faults(in: english) == [], "\(other)")
                }
            }
        }
    }

    @Test func `nothing found is 200 and empty`() async throws {
        try await RunningStore.run { running in
            try await StoreClient.connected(to: running.port) { client in
                let day = running.today.text
                let empty: [(String, JSON)] = [
                    ("appointment/sessions/public/findByPin?pincode=999999&date=\(day)", .object(["sessions": .array([])])),
                    ("appointment/sessions/public/findByDistrict?district_id=99&date=\(day)", .object(["sessions": .array([])])),
                    ("appointment/sessions/public/calendarByPin?pincode=999999&date=\(day)", .object(["centers": .array([])])),
                    ("appointment/sessions/public/calendarByDistrict?district_id=391&date=01-01-2020", .object(["centers": .array([])])),
                    ("appointment/sessions/public/calendarByCenter?center_id=1&date=\(day)", .object(["centers": .object([:])])),
                    ("admin/location/districts/99", .object(["districts": .array([]), "ttl": .integer(24)])),
                ]
                for (path, expected) in empty {
                    let answer = try await client.get("/api/v2/\(path)")
                    #expect(answer.status == 200, "\(path)")
                    #expect(try answer.json() == expected, "\(path)")
                }
            }
        }
    }

    @Test func `a calendar is seven days from its date and keeps to the vaccine asked for`() async throws {
        try await RunningStore.run(centres: 200) { running in
            try await StoreClient.connected(to: running.port) { client in
                let from = running.today + 3
                let path = "/api/v2/appointment/sessions/public/calendarByDistrict?district_id=395&date=\(from.text)"
                let sessions = try await client.get(path).json()["centers"]?.array?.flatMap { $0["sessions"]?.array ?? [] } ?? []
                let days = Set(sessions.compactMap { $0["date"]?.string }.compactMap { Day($0)?.number })
                #expect(days == Set(from.number..<from.number + 7))
                for vaccine in ["COVAXIN", "SPUTNIK%20V", "SPUTNIK+V"] {
                    let chosen = try await client.get("\(path)&vaccine=\(vaccine)").json()["centers"]?.array ?? []
                    let names = Set(chosen.flatMap { $0["sessions"]?.array ?? [] }.compactMap { $0["vaccine"]?.string })
                    #expect(names == [vaccine.hasPrefix("S") ? "SPUTNIK V" : vaccine])
                    #expect(chosen.allSatisfy { $0["sessions"]?.array?.isEmpty == false })
                }
                let paid = try await client.get(path).json()["centers"]?.array?.filter { $0["fee_type"] == .string("Paid") } ?? []
                #expect(!paid.isEmpty && paid.allSatisfy { $0["vaccine_fees"]?.array?.isEmpty == false })
            }
        }
    }

    @Test func `a booking journey answers with the documented bodies and 204s`() async throws {
        try await RunningStore.run { running in
            try await StoreClient.connected(to: running.port) { client in try await journey(running, client) }
        }
    }

    private func journey(_ running: RunningStore, _ client: StoreClient) async throws {
        let asked = try await client.post("/api/v2/auth/public/generateOTP", #"{"mobile":"9876543210"}"#)
        #expect(Shape.object(["txnId": .uuid]).faults(in: try asked.json()) == [])
        let code = try #require(try running.code(for: "9876543210"))
        let transaction = try #require(try asked.json()["txnId"]?.string)
        let confirmed = try await client.post("/api/v2/auth/public/confirmOTP", running.confirmation(code, transaction))
        #expect(Shape.object(["token": .matching("^[^.]+\\.[^.]+\\.[^.]+$")]).faults(in: try confirmed.json()) == [])

        let login = try await running.logIn("9876543210", client)
        let created = try await client.post("/api/v2/registration/beneficiary/new", RunningStore.person("Asha"), login.fields)
        #expect(Shape.object(["beneficiary_reference_id": .matching("^[1-9][0-9]{13}$")]).faults(in: try created.json()) == [])
        let reference = try #require(try created.json()["beneficiary_reference_id"]?.string)
        let open = try await running.openSessions(minimumAge: 18).prefix(2)
        let booking =
            #"{"dose":1,"session_id":"\#(open[0])","slot":"\#(try await running.slot(of: open[0]))","beneficiaries":["\#(reference)"]}"#
        let booked = try await client.post("/api/v2/appointment/schedule", booking, login.fields)
        #expect(Shape.object(["appointment_confirmation_no": .uuid]).faults(in: try booked.json()) == [])
        let appointment = try #require(try booked.json()["appointment_confirmation_no"]?.string)

        let listed = try await client.get("/api/v2/appointment/beneficiaries", login.fields).json()
        #expect(Self.beneficiaries.faults(in: listed) == [])
        let shown = try #require(listed["beneficiaries"]?.array?.first)
        #expect(shown["mobile_number"] == .string("******3210") && shown["photo_id_number"] == .string("**ASHA"))
        #expect(shown["appointments"]?.array?.first?["appointment_id"] == .string(appointment))

        let moved = try await client.post(
            "/api/v2/appointment/reschedule",
            #"{"appointment_id":"\#(appointment)","session_id":"\#(open[1])","slot":"\#(try await running.slot(of: open[1]))"}"#,
            login.fields)
        #expect(moved.status == 204 && moved.body.isEmpty)
        let cancelled = try await client.post(
            "/api/v2/appointment/cancel", #"{"appointment_id":"\#(appointment)","beneficiariesToCancel":["\#(reference)"]}"#, login.fields)
        #expect(cancelled.status == 204 && cancelled.body.isEmpty)
        let deleted = try await client.post(
            "/api/v2/registration/beneficiary/delete", #"{"beneficiary_reference_id":"\#(reference)"}"#, login.fields)
        #expect(deleted.status == 204 && deleted.body.isEmpty)
        #expect(try await client.get("/api/v2/appointment/beneficiaries", login.fields).json() == .object(["beneficiaries": .array([])]))
    }

    static let beneficiaries = Shape.object([
        "beneficiaries": .array(
            .object(
                [
                    "beneficiary_reference_id": .matching("^[0-9]{14}$"), "name": .string, "birth_year": .matching("^[0-9]{4}$"),
                    "gender": .matching("^(Male|Female|Others)$"), "mobile_number": .matching("^\\*{6}[0-9]{4}$"),
                    "photo_id_type": .string, "photo_id_number": .matching("^\\*+.{4}$"), "comorbidity_ind": .matching("^[YN]$"),
                    "vaccination_status": .matching("^(Not Vaccinated|Partially Vaccinated|Vaccinated)$"),
                    "appointments": .array(
                        .object(
                            centreFields.merging([
                                "appointment_id": .uuid, "session_id": .uuid, "dose": .integer, "date": .date, "slot": .slot,
                            ]) { $1 })),
                ], optional: ["vaccine": .string, "dose1_date": .date, "dose2_date": .date]))
    ])
}
