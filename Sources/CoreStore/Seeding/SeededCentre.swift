import Foundation

/// A made-up centre, the same for the same seed, district and number whatever else is seeded.
struct SeededCentre {
    let id: Int
    let district: Country.District
    let name: String
    let localName: String
    let block: String
    let pincode: Int
    let latitude: Double
    let longitude: Double
    let hours: (opens: Int, closes: Int)
    let isPaid: Bool

    var address: String { "\(name), \(block), \(district.name), \(district.stateName) \(pincode)" }

    private struct Kind {
        let name: String
        let localName: String
        let isPaid: Bool
        let share: Int
    }

    private static let kinds = [
        Kind(name: "PHC", localName: "प्राथमिक स्वास्थ्य केंद्र", isPaid: false, share: 40),
        Kind(name: "UPHC", localName: "शहरी प्राथमिक स्वास्थ्य केंद्र", isPaid: false, share: 18),
        Kind(name: "CHC", localName: "सामुदायिक स्वास्थ्य केंद्र", isPaid: false, share: 14),
        Kind(name: "Sub Centre", localName: "उप केंद्र", isPaid: false, share: 8),
        Kind(name: "Private Hospital", localName: "निजी अस्पताल", isPaid: true, share: 14),
        Kind(name: "Nursing Home", localName: "नर्सिंग होम", isPaid: true, share: 6),
    ]
    private static let blocks = ["Sadar", "North", "South", "East", "West", "Town", "Rural", "Cantonment", "New Town", "Riverside"]
    private static let notApplicable = "Not Applicable"

    /// `number` counts from 1 within the district; the first is its district hospital.
    init(number: Int, in district: Country.District, seed: UInt64) {
        let id = district.id * 1_000 + number
        var random = SplitMix64(seed: seed, 1, id)
        self.id = id
        self.district = district
        let part = Self.blocks[(number - 1) % Self.blocks.count]
        block = Int.random(in: 0..<20, using: &random) == 0 ? Self.notApplicable : "\(district.name) \(part)"
        let round = (number - 1) / Self.blocks.count + 1
        let kind = number == 1 ? Kind(name: "District Hospital", localName: "जिला अस्पताल", isPaid: false, share: 0) : Self.kind(&random)
        let place = number == 1 ? district.name : "\(district.name) \(part)\(round > 1 ? " \(round)" : "")"
        name = "\(kind.name) \(place)"
        localName = "\(kind.localName) \(place)"
        isPaid = kind.isPaid
        pincode = Int.random(in: district.pincodes, using: &random)
        (latitude, longitude) = Self.position(in: district, &random)
        hours = [(9, 17), (10, 18), (8, 16)][Int.random(in: 0..<3, using: &random)]
    }

    private static func kind(_ random: inout SplitMix64) -> Kind {
        var drawn = Int.random(in: 0..<kinds.map(\.share).reduce(0, +), using: &random)
        for kind in kinds {
            if drawn < kind.share { return kind }
            drawn -= kind.share
        }
        return kinds[0]
    }

    /// Evenly over the district's circle; the square root keeps the middle from crowding, 0.99 keeps the edge inside.
    private static func position(in district: Country.District, _ random: inout SplitMix64) -> (Double, Double) {
        let distance = district.radiusKilometres * 0.99 * Double.random(in: 0..<1, using: &random).squareRoot()
        let bearing = Double.random(in: 0..<2 * .pi, using: &random)
        let latitude = district.latitude + distance * cos(bearing) / Earth.kilometresPerDegree
        let longitude = district.longitude + distance * sin(bearing) / (Earth.kilometresPerDegree * cos(latitude * .pi / 180))
        return (min(max(latitude, -90), 90), min(max(longitude, -180), 180))
    }
}

/// Distances on a round earth, good to half a per cent.
package enum Earth {
    static let kilometresPerDegree = 111.195

    /// The great-circle distance (haversine).
    package static func kilometres(from: (latitude: Double, longitude: Double), to: (latitude: Double, longitude: Double)) -> Double {
        let radians = Double.pi / 180
        let latitudes = sin((to.latitude - from.latitude) * radians / 2)
        let longitudes = sin((to.longitude - from.longitude) * radians / 2)
        let chord = latitudes * latitudes + cos(from.latitude * radians) * cos(to.latitude * radians) * longitudes * longitudes
        return 2 * asin(min(1, chord.squareRoot())) * kilometresPerDegree / radians
    }
}
