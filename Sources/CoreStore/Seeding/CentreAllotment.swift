import Foundation

/// How many centres each district gets. There is no census in the country file, so a district counts as large when postal
/// codes stand close in it and its state has many districts, which puts the great cities first; shares then fall by rank, so
/// that of 5,000 centres over India's districts the largest has about 155 and the smallest two.
enum CentreAllotment {
    /// Fits "155 of 5,000 over about 750 districts".
    private static let rankExponent = 0.61
    /// A wider range is one with gaps: no district has more codes in use.
    private static let postalCodesAtMost = 120
    private static let radiusAtLeastKilometres = 4.0

    static func centres(_ total: Int, over districts: [Country.District]) -> [Int: Int] {
        var districtsInState: [Int: Int] = [:]
        for district in districts { districtsInState[district.stateId, default: 0] += 1 }
        var sizes: [Int: Double] = [:]
        for district in districts { sizes[district.id] = size(district) * Double(districtsInState[district.stateId] ?? 1) }
        let ranked = districts.sorted { left, right in
            let (leftSize, rightSize) = (sizes[left.id] ?? 0, sizes[right.id] ?? 0)
            return leftSize == rightSize ? left.id < right.id : leftSize > rightSize
        }
        let weights = ranked.indices.map { pow(Double($0 + 1), -rankExponent) }
        let sum = weights.reduce(0, +)
        var allotted: [Int: Int] = [:]
        var passed = 0.0
        var given = 0
        for (district, weight) in zip(ranked, weights) {
            // Rounding the running sum, not each share, makes the shares add up to the total.
            passed += weight
            let due = min(total, Int((passed / sum * Double(total)).rounded()))
            allotted[district.id] = due - given
            given = due
        }
        return allotted
    }

    private static func size(_ district: Country.District) -> Double {
        let radius = max(district.radiusKilometres, radiusAtLeastKilometres)
        return Double(min(district.pincodes.count, postalCodesAtMost)) / (radius * radius)
    }
}
