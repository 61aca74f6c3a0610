import Foundation
import GRDB
import Testing

@testable import CoreStore

/// Every code of the table is met over the wire, in the one envelope, with its status.
@Suite struct RefusalTests {
    private static let envelope = Shape.object(["errorCode": .matching("^[A-Z]{6}[0-9]{4}$"), "error": .string])

    private func expect(_ answer: Answer, _ code: RefusalCode, naming field: String? = nil, _ place: String = "") throws {
        let json = try answer.json()
        #expect(Self.envelope.faults(in: json) == [], "\(place)")
        #expect(answer.errorCode == code.rawValue && answer.status == code.status, "\(place) \(json)")
        if let field { #expect(json["error"]?.string?.hasPrefix(field) == true, "\(place) \(json)") }
    }

    @Test func `no two refusals share a code, and each has its sentence`() {
        #expect(RefusalCode.allCases.allSatisfy { $0.rawValue.count == 10 && !$0.meaning.isEmpty })
        #expect(RefusalCode.allCases.filter { $0.status == 409 }.map(\.rawValue) == ["APPOIN0040"])
        #expect(RefusalCode.allCases.filter { $0.status == 500 } == [.fault])
    }

    @Test func `parameters missing or out of form are refused by name`() async throws {
        try await RunningStore.run(centres: 3) { running in
            try await StoreClient.connected(to: running.port) { client in
                let searches: [(String, RefusalCode, String?)] = [
                    ("appointment/sessions/public/findByPin?date=21-06-2021", .inputParameter, "pincode: is missing"),
                    ("appointment/sessions/public/findByPin?pincode=&date=21-06-2021", .inputParameter, "pincode: is missing"),
                    ("appointment/sessions/public/findByPin?pincode=40000&date=21-06-2021", .invalidPincode, nil),
                    ("appointment/sessions/public/findByPin?pincode=4000O1&date=21-06-2021", .invalidPincode, nil),
                    ("appointment/sessions/public/calendarByPin?pincode=012345&date=21-06-2021", .invalidPincode, nil),
                    ("appointment/sessions/public/findByPin?pincode=400001", .inputParameter, "date: is missing"),
                    ("appointment/sessions/public/findByPin?pincode=400001&date=2021-06-21", .inputParameter, "date: is not a day"),
                    ("appointment/sessions/public/findByPin?pincode=400001&date=21-6-2021", .inputParameter, "date: is not a day"),
                    ("appointment/sessions/public/findByDistrict?district_id=x&date=21-06-2021", .inputParameter, "district_id: is not"),
                    ("appointment/sessions/public/findByDistrict?district_id=-1&date=21-06-2021", .inputParameter, "district_id: is not"),
                    ("appointment/sessions/public/calendarByCenter?date=21-06-2021", .inputParameter, "center_id: is missing"),
                    (
                        "appointment/sessions/public/calendarByDistrict?district_id=99999999999999999999&date=21-06-2021", .inputParameter,
                        nil
                    ),
                    (
                        "appointment/sessions/public/findByDistrict?district_id=391&date=21-06-2021&vaccine=SUGAR", .inputParameter,
                        "vaccine: is not"
                    ),
                    ("appointment/centers/public/findByLatLong?long=72", .inputParameter, "lat: is missing"),
                    ("appointment/centers/public/findByLatLong?lat=91&long=72", .inputParameter, "lat: is not"),
                    ("appointment/centers/public/findByLatLong?lat=nan&long=72", .inputParameter, "lat: is not"),
                    ("appointment/centers/public/findByLatLong?lat=19&long=-180.5", .inputParameter, "long: is not"),
                    ("admin/location/districts/maharashtra", .inputParameter, "state_id: is not"),
                    ("admin/location/nowhere", .noSuchPath, nil), ("registration/beneficiary/new", .noSuchPath, nil),
                    ("appointment/sessions/findByPin?pincode=400001&date=21-06-2021", .applicationMissing, nil),
                    ("registration/beneficiary/genders", .applicationMissing, nil),
                ]
                for (path, code, field) in searches { try expect(await client.get("/api/v2/\(path)"), code, naming: field, path) }
                try expect(await client.get("/api/v2/admin/location/states", ["X-Environment": "staging"]), .inputParameter)
                try expect(await client.post("/api/v2/admin/location/states", ""), .noSuchPath)
            }
        }
    }

    @Test func `bodies that are no JSON, or lack or mistype a field, are refused by name`() async throws {
        try await RunningStore.run(centres: 3) { running in
            try await StoreClient.connected(to: running.port) { client in
                let login = try await running.logIn("9876543210", client)
                let whole = #"{"name":"A","birth_year":"1980","photo_id_type":6,"photo_id_number":"X1","consent_version":"1"}"#
                func person(_ old: String, _ new: String) -> String { whole.replacingOccurrences(of: old, with: new) }
                let nested = String(repeating: "[", count: 20_000)
                let bodies: [(String, String, String)] = [
                    ("auth/generateOTP", "", "body: is not JSON"), ("auth/generateOTP", "{", "body: is not JSON"),
                    ("auth/generateOTP", "[]", "body: is not a JSON object"), ("auth/generateOTP", "null", "body: "),
                    ("auth/generateOTP", "{\"mobile\":\"98765\u{0}\"}", "body: is not JSON"), ("auth/generateOTP", nested, "body: "),
                    ("auth/generateOTP", "{}", "mobile: is missing"), ("auth/generateOTP", #"{"mobile":null}"#, "mobile: is missing"),
                    ("auth/generateOTP", #"{"mobile":9876543210}"#, "mobile: is not a string"),
                    ("auth/generateOTP", #"{"mobile":"987654321"}"#, "mobile: is not ten digits"),
                    ("auth/generateOTP", #"{"mobile":"98765४3210"}"#, "mobile: is not ten digits"),
                    ("auth/public/confirmOTP", #"{"otp":"x"}"#, "txnId: is missing"),
                    ("registration/beneficiary/new", person(#""name":"A","#, ""), "name: is missing"),
                    ("registration/beneficiary/new", person(#""A""#, #"" ""#), "name: is empty"),
                    ("registration/beneficiary/new", person(#""1980""#, "1980"), "birth_year: is not a string"),
                    ("registration/beneficiary/new", person("1980", "2022"), "birth_year: is not a year"),
                    ("registration/beneficiary/new", person("6", #""6""#), "photo_id_type: is not a whole number"),
                    ("registration/beneficiary/new", person("6", "6.5"), "photo_id_type: is not a whole number"),
                    ("registration/beneficiary/new", person("6", "99"), "photo_id_type: is not a photo"),
                    ("registration/beneficiary/new", person(#""X1""#, #""""#), "photo_id_number: is empty"),
                    ("registration/beneficiary/new", person(#":"1"}"#, #":"2"}"#), "consent_version: is not 1"),
                    ("registration/beneficiary/new", person(#""name""#, #""gender_id":9,"name""#), "gender_id: is not"),
                    ("registration/beneficiary/new", person(#""name""#, #""comorbidity_ind":"y","name""#), "comorbidity_ind: is"),
                    ("appointment/schedule", #"{"slot":"x","beneficiaries":["1"]}"#, "session_id: is missing"),
                    ("appointment/schedule", #"{"session_id":"s","slot":"x","beneficiaries":[1]}"#, "beneficiaries[0]: is not a string"),
                    ("appointment/schedule", #"{"session_id":"s","slot":"x","beneficiaries":"1"}"#, "beneficiaries: is not an array"),
                    ("appointment/schedule", #"{"session_id":"s","slot":"x","beneficiaries":["1","1"]}"#, "beneficiaries: name someone"),
                    ("appointment/schedule", #"{"dose":3,"session_id":"s","slot":"x","beneficiaries":["1"]}"#, "dose: is neither"),
                    ("appointment/reschedule", #"{"session_id":"s","slot":"x"}"#, "appointment_id: is missing"),
                    ("appointment/cancel", #"{"beneficiariesToCancel":[]}"#, "appointment_id: is missing"),
                ]
                for (path, body, problem) in bodies {
                    let answer = try await client.post("/api/v2/\(path)", body, login.fields)
                    try expect(answer, .inputParameter, naming: problem, "\(path) \(body.prefix(80))")
                }
                let large = #"{"mobile":"9876543210","more":"\#(String(repeating: "x", count: 66_000))"}"#
                try expect(await client.post("/api/v2/auth/public/generateOTP", large), .bodyTooLarge)
            }
        }
    }

    @Test func `the rules of beneficiaries`() async throws {
        try await RunningStore.run { running in
            try await StoreClient.connected(to: running.port) { client in
                let login = try await running.logIn("9876543210", client)
                let other = try await running.logIn("9876543211", client)
                var people: [String] = []
                for name in ["A", "B", "C", "D"] { people.append(try await running.register(name, login, client)) }
                func new(_ name: String, _ login: Login) async throws -> Answer {
                    try await client.post("/api/v2/registration/beneficiary/new", RunningStore.person(name), login.fields)
                }
                func delete(_ reference: String, _ login: Login) async throws -> Answer {
                    let body = #"{"beneficiary_reference_id":"\#(reference)"}"#
                    return try await client.post("/api/v2/registration/beneficiary/delete", body, login.fields)
                }
                try expect(await new("E", login), .accountFull)
                try expect(await new("a", other), .photoIdTaken)
                try expect(await delete(people[0], other), .notRegistered)
                let session = try await running.openSessions(minimumAge: 18)[0]
                #expect(try await running.schedule([people[0]], session, login, client).status == 200)
                try expect(await delete(people[0], login), .stillBooked)
                try await running.store().recordVaccination(of: people[0], dose: 1, on: running.today, vaccine: "COVISHIELD")
                try expect(await delete(people[0], login), .alreadyVaccinated)
                #expect(try await delete(people[3], login).status == 204)
                #expect(try await new("E", login).status == 200)
                // Sandbox accounts are others: the same mobile starts empty there.
                let sandbox = try await running.logIn("9876543210", environment: .sandbox, client)
                var fields = sandbox.fields
                fields["X-Environment"] = "sandbox"
                let listed = try await client.get("/api/v2/appointment/beneficiaries", fields).json()
                #expect(listed == .object(["beneficiaries": .array([])]))
            }
        }
    }

    @Test func `a fault of the store's own is 500 in the envelope and says nothing of the inside`() async throws {
        try await RunningStore.run(centres: 3) { running in
            try await running.store().database.write { try $0.execute(sql: "DROP TABLE seeded_day; DROP TABLE outbox") }
            try await StoreClient.connected(to: running.port) { client in
                let answer = try await client.post("/api/v2/auth/public/generateOTP", #"{"mobile":"9876543210"}"#)
                try expect(answer, .fault)
                #expect(!String(decoding: answer.body, as: UTF8.self).contains("outbox"))
            }
        }
    }
}
