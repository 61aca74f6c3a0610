import Foundation
import GRDB
import Testing

@testable import CoreStore

@Suite struct AppointmentRuleTests {
    /// A store, a citizen and two grown-up beneficiaries.
    private func scene(_ body: (RunningStore, StoreClient, Login, [String]) async throws -> Void) async throws {
        try await RunningStore.run(centres: 60) { running in
            try await StoreClient.connected(to: running.port) { client in
                let login = try await running.logIn("9876543210", client)
                let people = [
                    try await running.register("One", born: 1960, login, client),
                    try await running.register("Two", born: 1961, login, client),
                ]
                try await body(running, client, login, people)
            }
        }
    }

    private func book(_ running: RunningStore, _ people: [String], _ session: String, _ login: Login, _ client: StoreClient) async throws
        -> String
    {
        try #require(try await running.schedule(people, session, login, client).json()["appointment_confirmation_no"]?.string)
    }

    private func move(_ appointment: String, _ session: String, _ slot: String, _ login: Login, _ client: StoreClient) async throws
        -> Answer
    {
        let body = #"{"appointment_id":"\#(appointment)","session_id":"\#(session)","slot":"\#(slot)"}"#
        return try await client.post("/api/v2/appointment/reschedule", body, login.fields)
    }

    private func cancel(_ appointment: String, _ people: [String]?, _ login: Login, _ client: StoreClient) async throws -> Answer {
        let named = people.map { #","beneficiariesToCancel":[\#($0.map { "\"\($0)\"" }.joined(separator: ","))]"# } ?? ""
        return try await client.post("/api/v2/appointment/cancel", #"{"appointment_id":"\#(appointment)"\#(named)}"#, login.fields)
    }

    @Test func `a booking takes a place for each, a move takes them along, a cancel gives them back`() async throws {
        try await scene { running, client, login, people in
            let open = try await running.openSessions(minimumAge: 18)
            let before = [try await running.capacity(of: open[0]), try await running.capacity(of: open[1])]
            func taken() async throws -> [Int] {
                [before[0] - (try await running.capacity(of: open[0])), before[1] - (try await running.capacity(of: open[1]))]
            }
            let appointment = try await book(running, people, open[0], login, client)
            #expect(try await taken() == [2, 0])
            #expect(try await move(appointment, open[0], running.slot(of: open[0], 1), login, client).status == 204)
            #expect(try await taken() == [2, 0])
            #expect(try await move(appointment, open[1], running.slot(of: open[1]), login, client).status == 204)
            #expect(try await taken() == [0, 2])
            #expect(try await cancel(appointment, [people[0]], login, client).status == 204)
            #expect(try await taken() == [0, 1])
            #expect(try await cancel(appointment, [people[0]], login, client).errorCode == "APPOIN9009")
            #expect(try await cancel(appointment, nil, login, client).status == 204)
            #expect(try await taken() == [0, 0])
            #expect(try await cancel(appointment, nil, login, client).errorCode == "APPOIN9008")
            #expect(try await move(appointment, open[0], running.slot(of: open[0]), login, client).errorCode == "APPOIN9008")
            #expect(try await running.schedule(people, open[0], login, client).status == 200)
        }
    }

    @Test func `a full session answers 409, to a move as to a booking, and the move stays where it was`() async throws {
        try await scene { running, client, login, people in
            let open = try await running.openSessions(minimumAge: 18)
            try await running.store().database.write { database in
                try database.execute(
                    sql: "UPDATE session SET capacity_dose1 = 1 WHERE session_id IN (?, ?)", arguments: [open[0], open[2]])
            }
            let full = try await running.schedule(people, open[0], login, client)
            #expect(full.status == 409 && full.errorCode == "APPOIN0040")
            #expect(try await running.capacity(of: open[0]) == 1)
            let appointment = try await book(running, people, open[1], login, client)
            let left = try await running.capacity(of: open[1])
            let refused = try await move(appointment, open[2], running.slot(of: open[2]), login, client)
            #expect(refused.status == 409 && refused.errorCode == "APPOIN0040")
            #expect(try await running.capacity(of: open[1]) == left)
            #expect(try await running.capacity(of: open[2]) == 1)
        }
    }

    @Test func `what does not fit together is refused with its own code`() async throws {
        try await scene { running, client, login, people in
            let open = try await running.openSessions(minimumAge: 18)
            let appointment = try await book(running, [people[0]], open[0], login, client)
            let other = try await running.logIn("9876543211", client)
            let child = try await running.register("Child", born: 2008, other, client)
            let session = open[0]
            let slot = try await running.slot(of: session)
            func code(_ answer: Answer) -> String? { answer.errorCode }
            #expect(code(try await running.schedule([], session, login, client)) == "APPOIN0001")
            #expect(code(try await running.schedule(["1", "2", "3", "4", "5"], session, login, client)) == "APPOIN9002")
            #expect(code(try await running.schedule([people[1]], "nowhere", slot: slot, login, client)) == "APPOIN9001")
            #expect(code(try await running.schedule([people[1]], session, slot: "FORENOON", login, client)) == "APPOIN0015")
            #expect(code(try await running.schedule([people[1], child], session, login, client)) == "USRAUT0024")
            #expect(code(try await running.schedule(people, session, login, client)) == "APPOIN0022")
            #expect(code(try await running.schedule([child], session, other, client)) == "APPOIN9003")
            #expect(code(try await running.schedule([people[1]], session, dose: 2, login, client)) == "APPOIN9007")
            #expect(code(try await move(appointment, session, slot, login, client)) == "APPOIN9006")
            #expect(code(try await move(appointment, open[1], slot, other, client)) == "APPOIN9008")
            #expect(code(try await cancel(appointment, [people[1]], login, client)) == "APPOIN9009")
            #expect(code(try await cancel(appointment, [], login, client)) == "APPOIN0001")
            #expect(code(try await cancel(appointment, nil, other, client)) == "APPOIN9008")
        }
    }

    @Test func `age is judged by birth year at the session's limit`() async throws {
        try await scene { running, client, _, _ in
            let login = try await running.logIn("9876543212", client)
            let year = running.today.year
            for limit in [18, 45] {
                let session = try await running.openSessions(minimumAge: limit)[0]
                let young = try await running.register("Young \(limit)", born: year - limit + 1, login, client)
                let old = try await running.register("Old \(limit)", born: year - limit, login, client)
                #expect(try await running.schedule([young], session, login, client).errorCode == "APPOIN9003")
                #expect(try await running.schedule([old], session, login, client).status == 200)
            }
        }
    }

    @Test func `the second dose waits its days, for the same vaccine and first day`() async throws {
        try await scene { running, client, login, people in
            let store = try running.store()
            let sessions = try await running.openSessions(minimumAge: 18, vaccine: "COVAXIN", dose: 2, from: running.today + 2)
            let session = sessions[0]
            let day = try #require(try await store.database.read { try CentreSession.fetch($0, id: session)?.day })
            try await store.recordVaccination(of: people[0], dose: 1, on: day + -28, vaccine: "COVAXIN")
            try await store.recordVaccination(of: people[1], dose: 1, on: day + -27, vaccine: "COVAXIN")
            #expect(try await running.schedule([people[0]], session, dose: 1, login, client).errorCode == "APPOIN9007")
            #expect(try await running.schedule(people, session, dose: 2, login, client).errorCode == "APPOIN9011")
            let early = try await running.schedule([people[1]], session, dose: 2, login, client)
            #expect(early.errorCode == "APPOIN9004")
            #expect(try early.json()["error"]?.string?.contains((day + 1).text) == true)
            let other = try await running.openSessions(minimumAge: 18, vaccine: "COVISHIELD", dose: 2)[0]
            #expect(try await running.schedule([people[0]], other, dose: 2, login, client).errorCode == "APPOIN9005")
            let appointment = try await running.schedule([people[0]], session, dose: 2, login, client).json()["appointment_confirmation_no"]
            let moved = try await move(#require(appointment?.string), other, running.slot(of: other), login, client)
            #expect(moved.errorCode == "APPOIN9005")
            try await store.recordVaccination(of: people[0], dose: 2, on: day, vaccine: "COVAXIN")
            let listed = try await client.get("/api/v2/appointment/beneficiaries", login.fields).json()
            #expect(AnswerShapeTests.beneficiaries.faults(in: listed) == [])
            let shown = try #require(listed["beneficiaries"]?.array?.first { $0["name"] == .string("One") })
            #expect(shown["vaccination_status"] == .string("Vaccinated") && shown["vaccine"] == .string("COVAXIN"))
            #expect(shown["dose1_date"] == .string((day + -28).text) && shown["dose2_date"] == .string(day.text))
            #expect(shown["appointments"] == .array([]))
        }
    }

    @Test func `a day gone by cannot be booked, and a missed appointment bars nobody`() async throws {
        try await scene { running, client, login, people in
            let session = try await running.openSessions(minimumAge: 18)[0]
            #expect(try await running.schedule([people[0]], session, login, client).status == 200)
            running.clock.move(by: 86_400)
            let again = try await running.logIn("9876543210", client)
            #expect(try await running.schedule([people[1]], session, again, client).errorCode == "APPOIN9010")
            try await running.store().keepHouse()
            let next = try await running.openSessions(minimumAge: 18)[0]
            #expect(try await running.schedule([people[0]], next, again, client).status == 200)
        }
    }
}
