import GRDB
import Synchronization
import Testing

@testable import CoreStore

/// Accounts, people and a few scarce sessions to fight over.
final class BookingWorld: Sendable {
    let logins: [Login]
    let people: [[String]]
    let sessions: [String]
    let oracle: BookingOracle
    /// Appointments any client has seen, by account: clients share accounts, so they meet on the same ones.
    let seen = Mutex<[Int: [String]]>([:])

    init(logins: [Login], people: [[String]], sessions: [String], oracle: BookingOracle) {
        self.logins = logins
        self.people = people
        self.sessions = sessions
        self.oracle = oracle
    }
}

/// Sets the scene of the big test.
struct BookingScene {
    let running: RunningStore
    let client: StoreClient
    static let accounts = 24
    /// The last accounts had their first dose; two of them not all alike.
    static let vaccinatedFrom = 16

    func prepare() async throws -> BookingWorld {
        let database = try running.store().database
        try await database.write { try CommitOrder.install($0) }
        let sessions = try await scarceSessions(database)
        var logins: [Login] = []
        var people: [[String]] = []
        var persons: [String: BookingOracle.Person] = [:]
        for account in 0..<Self.accounts {
            let login = try await running.logIn("98765\(padded(account, to: 5))", client)
            var names: [String] = []
            for number in 0..<4 {
                // Old enough for all sessions, but the last of some accounts is young and of some a child.
                let birthYear = number < 3 ? 1960 : [1962, 1990, 2005][account % 3]
                let name = try await running.register("P\(account) \(number)", born: birthYear, login, client)
                let firstDose = firstDose(account, number)
                if let firstDose {
                    let day = Day(number: firstDose.day)
                    try await running.store().recordVaccination(of: name, dose: 1, on: day, vaccine: firstDose.vaccine)
                }
                persons[name] = BookingOracle.Person(account: account, birthYear: birthYear, firstDose: firstDose)
                names.append(name)
            }
            logins.append(login)
            people.append(names)
        }
        let oracle = BookingOracle(year: running.today.year, sessions: try await read(sessions, database), people: persons)
        return BookingWorld(logins: logins, people: people, sessions: sessions, oracle: oracle)
    }

    private func firstDose(_ account: Int, _ number: Int) -> (vaccine: String, day: Int)? {
        guard account >= Self.vaccinatedFrom else { return nil }
        let isMixed = account == Self.vaccinatedFrom && number == 0
        let vaccine = (account % 2 == 0) != isMixed ? "COVISHIELD" : "COVAXIN"
        let isLate = account == Self.vaccinatedFrom + 1 && number == 0
        return (vaccine, running.today.number - (vaccine == "COVISHIELD" ? 80 : 24) + (isLate ? 1 : 0))
    }

    /// Twelve sessions over two weeks with four to fifteen places a dose.
    private func scarceSessions(_ database: DatabasePool) async throws -> [String] {
        var chosen: [String] = []
        for vaccine in ["COVISHIELD", "COVAXIN"] {
            for age in [18, 18, 45] {
                let late = try await running.openSessions(minimumAge: age, vaccine: vaccine, from: running.today + 6)
                let early = try await running.openSessions(minimumAge: age, vaccine: vaccine)
                for candidates in [early, late] { chosen += candidates.filter { !chosen.contains($0) }.prefix(1) }
            }
        }
        let sessions = chosen
        try await database.write { database in
            for (number, session) in sessions.enumerated() {
                let places = 4 + number
                try database.execute(
                    sql: "UPDATE session SET capacity_dose1 = 0, capacity_dose2 = 0 WHERE session_id = ?", arguments: [session])
                try database.execute(
                    sql: "UPDATE session SET seeded_dose1 = ?, seeded_dose2 = ? WHERE session_id = ?", arguments: [places, places, session])
                try database.execute(
                    sql: "UPDATE session SET capacity_dose1 = seeded_dose1, capacity_dose2 = seeded_dose2 WHERE session_id = ?",
                    arguments: [session])
            }
        }
        return sessions
    }

    private func read(_ sessions: [String], _ database: DatabasePool) async throws -> [String: BookingOracle.Session] {
        try await database.read { database in
            var found: [String: BookingOracle.Session] = [:]
            for id in sessions {
                let session = try #require(try CentreSession.fetch(database, id: id))
                let slots = try JSON(Array(session.slotsJSON.utf8)).array?.compactMap(\.string) ?? []
                let places = [1: session.dose1, 2: session.dose2]
                found[id] = BookingOracle.Session(
                    day: session.day.number, vaccine: session.vaccine, minimumAge: session.minimumAge, slots: slots, seeded: places,
                    left: places)
            }
            return found
        }
    }
}
