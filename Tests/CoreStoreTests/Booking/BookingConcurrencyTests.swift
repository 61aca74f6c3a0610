import Foundation
import GRDB
import Testing

@testable import CoreStore

@Suite struct BookingConcurrencyTests {
    static let clients = 16

    @Test func `no invariant breaks and no place is lost under random calls from sixteen clients`() async throws {
        let environment = ProcessInfo.processInfo.environment
        let total = environment["GATEWAY_SOAK"] == "1" ? 100_000 : 10_000
        let seed = environment["GATEWAY_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0..<1_000_000)
        print("booking: \(total) calls, seed \(seed) (GATEWAY_SEED repeats the draws)")
        try await RunningStore.run(centres: 60) { running in
            let world = try await StoreClient.connected(to: running.port) { client in
                try await BookingScene(running: running, client: client).prepare()
            }
            let calls = try await load(running, world, total, seed)
            try await check(running, world, calls)
        }
    }

    private func load(_ running: RunningStore, _ world: BookingWorld, _ total: Int, _ seed: UInt64) async throws -> [RecordedCall] {
        let ticks = BookingClient.Ticks()
        return try await withThrowingTaskGroup(of: [RecordedCall].self) { group in
            for number in 0..<Self.clients {
                group.addTask {
                    var client = BookingClient(world: world, ticks: ticks, random: SplitMix64(seed: seed, number))
                    return try await StoreClient.connected(to: running.port) { connection in
                        try await client.run(total / Self.clients, connection) { try await sample(running, world, connection) }
                    }
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }

    /// While the others book: what the search shows is never negative, and every place is either free or booked.
    private func sample(_ running: RunningStore, _ world: BookingWorld, _ client: StoreClient) async throws {
        let path = "/api/v2/appointment/sessions/findByDistrict?district_id=395&date=\(running.today.text)"
        for session in try await client.get(path, world.logins[0].fields).json()["sessions"]?.array ?? [] {
            let doses = [session["available_capacity_dose1"]?.integer ?? -1, session["available_capacity_dose2"]?.integer ?? -1]
            #expect(doses[0] >= 0 && doses[1] >= 0 && session["available_capacity"]?.integer == doses[0] + doses[1])
        }
        let unequal = try await running.store().database.read { try Int.fetchOne($0, sql: Self.lostPlaces) }
        #expect(unequal == 0)
    }

    /// Sessions whose free and booked places do not add up to what was seeded.
    private static let lostPlaces = """
        WITH booked AS (
            SELECT session_id, sum(place.dose = 1) AS dose1, sum(place.dose = 2) AS dose2
            FROM place JOIN appointment USING (appointment_id) WHERE state = 'booked' GROUP BY session_id)
        SELECT count(*) FROM session LEFT JOIN booked USING (session_id)
        WHERE capacity_dose1 < 0 OR capacity_dose2 < 0 OR available_capacity <> capacity_dose1 + capacity_dose2
            OR seeded_dose1 - capacity_dose1 <> coalesce(dose1, 0) OR seeded_dose2 - capacity_dose2 <> coalesce(dose2, 0)
        """

    private func check(_ running: RunningStore, _ world: BookingWorld, _ calls: [RecordedCall]) async throws {
        let tally = Dictionary(grouping: calls, by: { $0.code ?? String($0.status) }).mapValues(\.count)
        print("booking: outcomes \(tally.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))")
        let database = try running.store().database
        let (order, unmatched) = try await database.read { try CommitOrder.read($0, of: calls) }
        var oracle = world.oracle
        let illegal = Linearization(calls: calls, order: order).faults(&oracle)
        #expect(unmatched.count == 0, "\(unmatched.prefix(5))")
        #expect(illegal.count == 0, "\(illegal.prefix(5))")
        try await compare(oracle, with: database)
        // The run must have been a fight: every kind of outcome, or it proved nothing.
        for code in ["200", "204", "APPOIN0040", "APPOIN0022", "APPOIN9003", "APPOIN9004", "APPOIN9005", "APPOIN9006", "APPOIN9008"] {
            #expect(tally[code] ?? 0 > 0, "\(code) never came")
        }
    }

    /// The final state, exactly: every place left, and who is booked where.
    private func compare(_ oracle: BookingOracle, with database: DatabasePool) async throws {
        let (left, booked, doubled) = try await database.read { database in
            let rows = try Row.fetchAll(database, sql: "SELECT session_id, capacity_dose1, capacity_dose2 FROM session")
            let left = Dictionary(uniqueKeysWithValues: rows.map { ($0[0] as String, [1: $0[1] as Int, 2: $0[2] as Int]) })
            let places = try Row.fetchAll(
                database,
                sql: """
                    SELECT appointment_id || ' ' || session_id || ' ' || slot || ' ' || beneficiary_reference_id || ' ' || place.dose
                    FROM place JOIN appointment USING (appointment_id) WHERE state = 'booked'
                    """)
            let doubled = try Int.fetchOne(
                database,
                sql: """
                    SELECT count(*) FROM (SELECT 1 FROM place WHERE state = 'booked'
                    GROUP BY beneficiary_reference_id, dose HAVING count(*) > 1)
                    """)
            return (left, Set(places.map { $0[0] as String }), doubled)
        }
        for (id, session) in oracle.sessions { #expect(left[id] == session.left, "\(id)") }
        let expected = oracle.appointments.flatMap { id, appointment in
            appointment.people.map { "\(id) \(appointment.session) \(appointment.slot) \($0) \(appointment.dose)" }
        }
        #expect(booked == Set(expected))
        #expect(doubled == 0)
    }
}
