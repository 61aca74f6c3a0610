import Foundation
import GRDB
import Testing

@testable import CoreStore

@Suite struct SeedingTests {
    private func withStore(
        _ environment: StoreEnvironment = .production, seed: UInt64 = 1, day: Int = 0, centres: Int = 60,
        _ body: (Store, MovableClock) async throws -> Void
    ) async throws {
        let state = try RunningStore.temporaryFolder()
        let folder = try Fixture.folder()
        defer { for path in [state, folder] { try? FileManager.default.removeItem(atPath: path) } }
        let clock = MovableClock()
        clock.move(by: day * 86_400)
        let settings = CoreStoreSettings(stateDirectory: state, countryDirectory: folder, centreCount: centres, seed: seed)
        let store = try Store(environment, settings: settings, country: Country(directory: folder), clock: clock.clock)
        try await store.keepHouse()
        try await body(store, clock)
    }

    private func dump(_ store: Store, from day: Int = 0) async throws -> [String] {
        try await store.database.read { database in
            let centres = try String.fetchAll(
                database, sql: "SELECT center_id || name || address || pincode || latitude || ' ' || longitude || fee_type FROM centre")
            let sessions = try String.fetchAll(
                database,
                sql: """
                    SELECT session_id || center_id || day || vaccine || min_age_limit || fee || slots || seeded_dose1 || ' ' || seeded_dose2
                    FROM session WHERE day >= ? ORDER BY center_id, day, session_id
                    """, arguments: [day])
            return centres + sessions
        }
    }

    @Test func `the same seed and day give the same store, another seed or environment another`() async throws {
        var dumps: [[String]] = []
        for (environment, seed) in [(StoreEnvironment.production, 1), (.production, 1), (.production, 2), (.sandbox, 1)] {
            try await withStore(environment, seed: UInt64(seed)) { store, _ in dumps.append(try await dump(store)) }
        }
        #expect(dumps[0] == dumps[1])
        #expect(dumps[0] != dumps[2])
        #expect(dumps[0].prefix(60) == dumps[3].prefix(60))
        #expect(Set(dumps[0].dropFirst(60)).isDisjoint(with: dumps[3].dropFirst(60)))
    }

    @Test func `a day topped up later equals the day seeded at once, and seeding twice changes nothing`() async throws {
        var late: [String] = []
        try await withStore { store, clock in
            let before = try await dump(store)
            try await store.keepHouse()
            #expect(try await dump(store) == before)
            clock.move(by: 5 * 86_400)
            try await store.keepHouse()
            late = try await dump(store, from: store.today.number)
        }
        try await withStore(day: 5) { store, _ in
            #expect(try await dump(store) == late)
            let days = try await store.database.read { try Int.fetchAll($0, sql: "SELECT DISTINCT day FROM session ORDER BY day") }
            #expect(days == (0..<14).map { store.today.number + $0 })
        }
    }

    @Test func `centres lie in their district, with its postal codes`() async throws {
        try await withStore { store, _ in
            let rows = try store.database.read {
                try Row.fetchAll($0, sql: "SELECT center_id, district_id, latitude, longitude, pincode FROM centre")
            }
            #expect(rows.count == 60)
            for row in rows {
                let district = try #require(store.country.districts.first { $0.id == row[1] })
                let distance = Earth.kilometres(from: (district.latitude, district.longitude), to: (row[2], row[3]))
                #expect(distance <= district.radiusKilometres && district.pincodes.contains(row[4]))
                #expect((row[0] as Int) / 1_000 == district.id)
                #expect("\(row[2] as Double)".count > 8, "coordinates keep their full precision")
            }
        }
    }

    @Test func `sessions come in every kind and their doses sum to the total`() async throws {
        try await withStore(centres: 300) { store, _ in
            let kinds = try await store.database.read { database in
                try Set(
                    String.fetchAll(
                        database, sql: "SELECT DISTINCT vaccine || min_age_limit || fee_type FROM session JOIN centre USING (center_id)"))
            }
            for kind in ["COVISHIELD18Free", "COVISHIELD45Free", "COVISHIELD18Paid", "COVAXIN15Free", "COVAXIN18Free"] {
                #expect(kinds.contains(kind), "\(kind)")
            }
            #expect(
                kinds.contains { $0.hasPrefix("SPUTNIK V") && $0.hasSuffix("Paid") }
                    && !kinds.contains { $0.hasPrefix("S") && $0.hasSuffix("Free") })
            let unequal = try await store.database.read { database in
                try Int.fetchOne(
                    database,
                    sql: """
                        SELECT count(*) FROM session JOIN centre USING (center_id) WHERE available_capacity <> capacity_dose1 + capacity_dose2
                        OR json_array_length(slots) <> 4 OR (fee > 0) <> (fee_type = 'Paid')
                        """)
            }
            #expect(unequal == 0)
        }
    }

    @Test func `sessions nobody booked go after a week, booked ones stay`() async throws {
        try await withStore { store, clock in
            let today = store.today.number
            try await store.database.write { database in
                try database.execute(sql: "INSERT INTO account VALUES ('00000000-0000-4000-8000-000000000000', '9999999999')")
                try database.execute(
                    sql: """
                        INSERT INTO appointment SELECT '00000000-0000-4000-8000-000000000001', account_id, session_id, 1, 'x'
                        FROM account JOIN session WHERE day = ? LIMIT 1
                        """, arguments: [today])
            }
            clock.move(by: 9 * 86_400)
            try await store.keepHouse()
            let counts = try await store.database.read { database in
                try Int.fetchAll(
                    database, sql: "SELECT count(*) FROM session WHERE day IN (?, ?) GROUP BY day ORDER BY day",
                    arguments: [today, today + 2])
            }
            #expect(counts.count == 2 && counts[0] == 1 && counts[1] > 1)
        }
    }
}
