import Admission
import Registry
import Support
import Synchronization
import Testing

/// Bucket, quota and concurrency together, in random order, against a slow and obvious account of each.
struct ChargeScheduleTests {
    private static let day: Int64 = 86_400_000_000_000

    /// What was admitted, counted anew for each question.
    private struct Oracle {
        var allowance: Allowance
        var days: DayClock
        /// Which day counts: the latest ever seen, unless the clock turned out to have been days ahead.
        var counted = Int64.min
        var spent: [(day: Int64, cost: Int64)] = []
        var inFlight: Int64 = 0

        mutating func usedToday(at now: WallTime) -> Int64 {
            let today = days.day(of: now)
            if today > counted {
                counted = today
            } else if counted > today + 1 {
                spent = spent.map { (day: $0.day == counted ? today : $0.day - 1_000_000, cost: $0.cost) }
                counted = today
            }
            return spent.filter { $0.day == counted }.reduce(0) { $0 + $1.cost }
        }
    }

    @Test(arguments: 0..<UInt64(Soak.count(1_000)))
    func `a schedule over days, with clocks that jump, is charged as the oracle would`(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let rule = BucketRule(tokens: 50, periodNanoseconds: 3_600_000_000_000, burst: 20)
        let quota = Int64.random(in: 5...200, using: &random)
        let limit = Int64.random(in: 1...4, using: &random)
        let allowance = Allowance(bucket: rule, dayTokens: quota, concurrency: limit)
        let days = DayClock(offsetMinutes: Int64.random(in: -720...840, using: &random))
        var oracle = Oracle(allowance: allowance, days: days)
        var (levels, level) = (Levels(), Level())
        let counts = InFlightCounts()
        var now = World.start
        for step in 0..<400 {
            let cost = Int64.random(in: 0...5, using: &random)
            let used = oracle.usedToday(at: now.wall)
            let isDaySpent = used + cost > quota
            let isFull = oracle.inFlight >= limit
            var probe = level
            let wait = take(cost: cost, from: &probe, under: rule, at: now.monotonic)
            let charge = levels.charge(cost, for: .booking, under: allowance, counting: counts, by: days, at: now)
            #expect(charge.bucketWaitNanoseconds == wait && (charge.dayWaitNanoseconds > 0) == isDaySpent, "seed \(seed), step \(step)")
            #expect(charge.isFull == isFull && charge.isTaken == (wait == 0 && !isDaySpent && !isFull), "seed \(seed), step \(step)")
            if charge.isTaken {
                level = probe
                oracle.spent.append((day: oracle.counted, cost: cost))
                oracle.inFlight += 1
            }
            #expect(charge.dayRemaining == max(0, quota - used - (charge.isTaken ? cost : 0)), "seed \(seed), step \(step)")
            if oracle.inFlight > 0, Bool.random(using: &random) {
                counts.giveBack(.booking)
                oracle.inFlight -= 1
            }
            #expect(counts[.booking] == oracle.inFlight)
            now = ChargeScheduleTests.next(now, using: &random)
        }
    }

    /// Minutes or hours later; now and then the wall clock is set back or forward, which the monotonic one does not see.
    private static func next(_ now: Moment, using random: inout SplitMix64) -> Moment {
        let pause = Int64.random(in: 0...[60_000_000_000, 3_600_000_000_000, day][Int.random(in: 0..<3, using: &random)], using: &random)
        var next = now.later(nanoseconds: pause)
        switch Int.random(in: 0..<30, using: &random) {
        case 0: next.wall.nanoseconds -= Int64.random(in: 0...day, using: &random)
        case 1: next.wall.nanoseconds += Int64.random(in: 0...day * 3, using: &random)
        case 2: next.wall.nanoseconds -= Int64.random(in: 0...day * 10, using: &random)
        default: break
        }
        return next
    }

    @Test func `the wait of a day is exact: refused a nanosecond before, admitted at it`() throws {
        let world = try World(dayTokens: 20)
        for seed in 0..<UInt64(20) {
            var random = SplitMix64(seed: seed)
            let within = Int64.random(in: 0...ChargeScheduleTests.day, using: &random)
            let begin = World.start.later(nanoseconds: Int64(seed) * 3 * ChargeScheduleTests.day + within)
            for _ in 0..<20 { _ = try world.ask(in: .live, at: begin) }
            var wait: Int64 = 0
            do throws(Refusal) {
                _ = try world.ask(in: .live, at: begin)
            } catch {
                guard case .dailyQuota(let nanoseconds, let level) = error else {
                    Issue.record("\(error) is not the day's quota")
                    return
                }
                wait = nanoseconds
                #expect(level.dayRemaining == 0 && level.secondsToDayEnd == (wait + 999_999_999) / 1_000_000_000)
            }
            let early = begin.later(nanoseconds: wait - 1)
            #expect(world.verdict { () throws(Refusal) in try world.ask(in: .live, at: early) } == "daily-quota")
            #expect(world.verdict { () throws(Refusal) in try world.ask(in: .live, at: begin.later(nanoseconds: wait)) } == "admitted")
        }
    }

    @Test func `eight threads never exceed the day nor the slots, and give every slot back`() throws {
        let (quota, limit) = (Int64(Soak.count(200_000)), Int64(5))
        let world = try World(
            plan: [.search: BucketRule(tokens: 1_000_000, periodNanoseconds: 1_000_000, burst: 1_000_000_000)], dayTokens: quota,
            concurrency: limit)
        let live = world.inFlight[Int(ApplicationState.live.rawValue)]
        let admitted = Atomic<Int64>(0)
        let mine = Atomic<Int64>(0)
        let most = Atomic<Int64>(0)
        inThreads(8) { _ in
            var refusals = 0
            while refusals < 200 || admitted.load(ordering: .relaxed) < quota {
                guard let permit = try? world.ask(in: .live) else {
                    refusals += 1
                    if refusals > 50_000_000 { return }
                    continue
                }
                let held = mine.add(1, ordering: .relaxed).newValue
                _ = most.max(held, ordering: .relaxed)
                admitted.add(1, ordering: .relaxed)
                mine.subtract(1, ordering: .relaxed)
                if permit.holdsSlot { live.giveBack(.search) }
            }
        }
        #expect(admitted.load(ordering: .relaxed) == quota)
        #expect(most.load(ordering: .relaxed) <= limit)
        #expect(live[.search] == 0)
    }

    @Test func `a full house refuses without charging, and anonymous callers have no slots`() throws {
        let world = try World(concurrency: 2)
        for _ in 0..<2 { #expect(try world.ask(in: .live).holdsSlot) }
        for _ in 0..<30 { #expect(world.verdict { () throws(Refusal) in try world.ask(in: .live) } == "too-many-in-flight") }
        world.inFlight[Int(ApplicationState.live.rawValue)].giveBack(.search)
        #expect(try world.ask(in: .live).level?.remaining == 97)
        #expect(try world.ask(in: .sandbox, .sandbox).holdsSlot, "another application's slots are its own")
        for _ in 0..<5 { #expect(try !world.ask(.none, .publicSearch).holdsSlot) }
    }

    @Test func `counts belong to an application's id, whatever snapshot it stands in`() throws {
        let table = InFlightTable()
        let applications = try World().snapshot.applications
        let before = table.counts(of: applications)
        let after = table.counts(of: applications.reversed())
        #expect(before[0] === after[applications.count - 1] && before[0] !== after[0])
    }
}
