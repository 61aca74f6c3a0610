import Foundation
import GRDB
import NIOCore

extension Store {
    /// `{"centers": […]}`, nearest first. Looks in a box that grows until its tenth-nearest centre is closer than its edge,
    /// so the index serves and nothing nearer can lie outside.
    func centresNear(latitude: Double, longitude: Double, language: Language) async throws -> ByteBuffer {
        try await read { database in
            var halfHeight = 0.25
            var nearest = try positions(database, within: halfHeight, of: (latitude, longitude))
            while halfHeight < 180 {
                if nearest.count >= Limits.nearestCentres,
                    nearest[Limits.nearestCentres - 1].kilometres <= halfHeight * Earth.kilometresPerDegree
                {
                    break
                }
                halfHeight *= 2
                nearest = try positions(database, within: halfHeight, of: (latitude, longitude))
            }
            let statement = try database.cachedStatement(sql: "SELECT \(Centre.columns) FROM \(Centre.tables) WHERE center_id = ?")
            return try JSONText.object(capacity: 8_192) { json in
                try json.array("centers") { json in
                    for found in nearest.prefix(Limits.nearestCentres) {
                        guard let row = try Row.fetchOne(statement, arguments: [found.id]) else { continue }
                        json.object { Centre(row).write(to: &$0, in: language) }
                    }
                }
            }
        }
    }

    /// Centres in a box of degrees, nearest first; the box is as wide as the world where the meridians close up or the date
    /// line is near. The index alone answers, so a box with every centre in it costs little.
    private func positions(
        _ database: Database, within halfHeight: Double, of place: (latitude: Double, longitude: Double)
    ) throws -> [(id: Int, kilometres: Double)] {
        let towardsPole = min(abs(place.latitude) + halfHeight, 90)
        var halfWidth = halfHeight / max(cos(towardsPole * .pi / 180), 0.000_1)
        if abs(place.longitude) + halfWidth > 180 { halfWidth = 360 }
        let statement = try database.cachedStatement(
            sql: """
                SELECT center_id, latitude, longitude FROM centre WHERE latitude BETWEEN ? AND ? AND longitude BETWEEN ? AND ?
                """)
        let rows = try Row.fetchCursor(
            statement,
            arguments: [
                place.latitude - halfHeight, place.latitude + halfHeight, place.longitude - halfWidth, place.longitude + halfWidth,
            ])
        var found: [(id: Int, kilometres: Double)] = []
        while let row = try rows.next() {
            found.append((id: row[0], kilometres: Earth.kilometres(from: place, to: (row[1], row[2]))))
        }
        return found.sorted { ($0.kilometres, $0.id) < ($1.kilometres, $1.id) }
    }
}
