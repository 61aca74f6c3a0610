import Foundation
import GRDB
import Testing

@testable import CoreStore

@Suite struct NearestCentreTests {
    @Test func `the nearest centres are those a plain search of all finds, wherever one stands`() async throws {
        try await RunningStore.run(centres: 300) { running in
            let all = try await running.store().database.read { database in
                try Row.fetchAll(database, sql: "SELECT center_id, latitude, longitude FROM centre").map { row in
                    (id: row[0] as Int, place: (latitude: row[1] as Double, longitude: row[2] as Double))
                }
            }
            var random = SplitMix64(seed: 11)
            var places = [(19.07, 72.88), (0.0, 0.0), (90.0, 0.0), (-90.0, 180.0), (22.5, -180.0), (19.0, 179.99)]
            places += (0..<20).map { _ in (Double.random(in: 15...25, using: &random), Double.random(in: 70...90, using: &random)) }
            try await StoreClient.connected(to: running.port) { client in
                for (latitude, longitude) in places {
                    let expected = all.map { (Earth.kilometres(from: (latitude, longitude), to: $0.place), $0.id) }.sorted { $0 < $1 }
                    let path = "/api/v2/appointment/centers/public/findByLatLong?lat=\(latitude)&long=\(longitude)"
                    let found = try await client.get(path).json()["centers"]?.array?.compactMap { $0["center_id"]?.integer }
                    #expect(found == expected.prefix(10).map(\.1), "\(latitude) \(longitude)")
                }
            }
        }
    }
}
