import Exchange
import Registry
import Support
import Testing

/// Thousands of requests in random order and pieces against core stores that answer, stall, break and talk nonsense.
@Suite(.serialized) struct RandomScheduleTests {
    @Test(arguments: 0..<Soak.count(1_000))
    func `each request is answered once, in order and with its own bytes, or its connection closes; nothing leaks`(seed: Int) throws {
        var schedule = try RandomSchedule(seed: UInt64(seed))
        schedule.run()
        #expect(schedule.faults.isEmpty, "seed \(seed)")
        #expect(schedule.bench.leaks.isEmpty, "seed \(seed)")
    }

    @Test func `a long run on few connections ends with every slot free`() throws {
        var schedule = try RandomSchedule(seed: 99, calls: Soak.count(5_000))
        schedule.run()
        #expect(schedule.faults.isEmpty && schedule.bench.leaks.isEmpty)
        #expect(schedule.answered > Soak.count(1_000))
    }
}
