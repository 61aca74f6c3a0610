import Simulation
import Support
import Testing

@Suite struct `Any schedule` {
    @Test(arguments: [UInt64(1), 1_000_003, 2_000_003, 3_000_017])
    func `leaves every invariant whole`(first: UInt64) throws {
        let simulator = try Simulator()
        for seed in first..<first + UInt64(Soak.isOn ? 25_000 : 500) {
            guard let failure = simulator.run(Schedule(seed: seed)) else { continue }
            var shrinker = Shrinker(simulator, Schedule(seed: seed), failure)
            shrinker.shrink()
            Issue.record("seed \(seed): \(failure.what); shrunk: \(shrinker.failure.what): \(shrinker.schedule.text)")
            return
        }
        let coverage = simulator.coverage
        #expect(coverage.answers > 0 && coverage.relayed > 0 && coverage.retries > 0, "a simulator that sees nothing")
    }

    @Test func `is the same from its text`() {
        for seed in UInt64(0)..<200 {
            let schedule = Schedule(seed: seed)
            #expect(Schedule(schedule.text) == schedule)
        }
    }
}
