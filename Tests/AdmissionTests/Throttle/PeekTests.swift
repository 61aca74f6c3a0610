import Admission
import Registry
import Support
import Testing

/// Looking at levels without taking from them.
@Suite struct PeekTests {
    @Test(arguments: [31, 32, 33] as [UInt64]) func `finds what the next charge finds, and changes nothing`(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let days = DayClock(offsetMinutes: DayClock.indianMinutes)
        var levels = Levels()
        let inFlight = InFlightCounts()
        var now = World.start
        for _ in 0..<Soak.count(20_000) {
            let scope = Scope.allCases.randomElement(using: &random) ?? .search
            let burst = Int64.random(in: 1...20, using: &random)
            let bucket = BucketRule(tokens: .random(in: 1...9, using: &random), periodNanoseconds: 7_000_000_000, burst: burst)
            let allowance = Allowance(
                bucket: bucket, dayTokens: Bool.random(using: &random) ? 40 : 0, concurrency: Bool.random(using: &random) ? 1_000_000 : 0)
            let before = levels
            let found = levels.reading(of: scope, under: allowance, counting: inFlight, by: days, at: now)
            #expect(Scope.allCases.allSatisfy { levels[$0] == before[$0] } && levels.day == before.day)
            let charge = levels.charge(1, for: scope, under: allowance, counting: inFlight, by: days, at: now)
            let paid: Int64 = charge.isTaken ? 1 : 0
            let debt = max(0, charge.level.arrival - now.monotonic.nanoseconds) - paid * bucket.intervalNanoseconds
            #expect(found.before.debtNanoseconds == debt && found.before.inFlight == charge.inFlight)
            #expect(found.remaining == (bucket.capacityNanoseconds - debt) / bucket.intervalNanoseconds)
            #expect(found.dayRemaining == (charge.dayRemaining < 0 ? -1 : charge.dayRemaining + paid))
            now = now.later(nanoseconds: .random(in: 0...4_000_000_000, using: &random))
        }
    }
}
