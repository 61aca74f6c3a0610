import Foundation
import GRDB
import NIOCore

extension Store {
    /// `{"centers": […]}`, nearest first. Looks in a box that grows until its tenth-nearest centre is closer than its edge,
    /// so the index serves and nothing nearer can lie outside.
    func centresNear(latitude: Double, longitude: Double, language: Language) async throws -> ByteBuffer {
        try await read { database in
            var halfHeight = 0.25
            var nearest = try centres(database, within: halfHeight, of: (latitude, longitude))
            while halfHeight < 180 {
                if nearest.count >= Limits.nearestCentres,
                    nearest[Limits.nearestCentres - 1].kilometres <= halfHeight * Earth.kilometresPerDegree
                {
                    break
                }
                halfHeight *= 2
                nearest = try centres(database, within: halfHeight, of: (latitude, longitude))
            }
            return JSONText.object(capacity: 8_192) { json in
                json.array("centers") { json in
                    for found in nearest.prefix(Limits.nearestCentres) { json.object { found.centre.write(to: &$0, in: language) } }
                }
            }
        }
    }

    /// A box of degrees; as wide as the world where the meridians close up or the date line is near.
    private func centres(
        _ database: Database, within halfHeight: Double, of place: (latitude: Double, longitude: Double)
    ) throws -> [(centre: Centre, kilometres: Double)] {
        let towardsPole = min(abs(place.latitude) + halfHeight, 90)
        var halfWidth = halfHeight / max(cos(towardsPole * .pi / 180), 0.000_1)
        if abs(place.longitude) + halfWidth > 180 { halfWidth = 360 }
        let statement = try database.cachedStatement(
            sql: """
                SELECT \(Centre.columns) FROM \(Centre.tables)
                WHERE centre.latitude BETWEEN ? AND ? AND centre.longitude BETWEEN ? AND ?
                """)
        let rows = try Row.fetchCursor(
            statement,
            arguments: [
                place.latitude - halfHeight, place.latitude + halfHeight, place.longitude - halfWidth, place.longitude + halfWidth,
            ])
        let found = try Array(rows.map(Centre.init))
        return found.map { centre in
            (centre: centre, kilometres: Earth.kilometres(from: place, to: (centre.latitude, centre.longitude)))
        }.sorted { ($0.kilometres, $0.centre.id) < ($1.kilometres, $1.centre.id) }
    }
}
