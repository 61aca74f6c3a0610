import Admission
import Registry
import Support
import Testing

/// Tokens of a calendar day, beside the bucket.
struct DailyQuotaTests {
    private static let day: Int64 = 86_400_000_000_000
    private static let hour: Int64 = 3_600_000_000_000
    private let bucket = BucketRule(tokens: 1_000_000, periodNanoseconds: 1_000_000_000, burst: 1_000_000)
    private let days = DayClock(offsetMinutes: DayClock.indianMinutes)
    private let counts = InFlightCounts()

    /// Midnight in India, that many nanoseconds later.
    private func moment(_ nanoseconds: Int64) -> Moment {
        Moment(
            wall: WallTime(nanoseconds: 20_000 * DailyQuotaTests.day - 330 * 60_000_000_000 + nanoseconds),
            monotonic: MonotonicTime(nanoseconds: 1_000_000_000_000))
    }

    private func charge(_ cost: Int64, _ levels: inout Levels, _ dayTokens: Int64, at now: Moment) -> Charge {
        levels.charge(
            cost, for: .search, under: Allowance(bucket: bucket, dayTokens: dayTokens), counting: counts, by: days, at: now)
    }

    @Test func `a day is the offset's: it ends at its midnight to the nanosecond`() {
        var levels = Levels()
        let last = moment(-1)
        #expect(days.day(of: last.wall) == 19_999 && days.day(of: moment(0).wall) == 20_000)
        #expect(charge(10, &levels, 10, at: last).isTaken)
        let refused = charge(1, &levels, 10, at: last)
        #expect(refused.dayWaitNanoseconds == 1 && !refused.isTaken && refused.dayRemaining == 0)
        #expect(charge(10, &levels, 10, at: moment(0)).isTaken)
        #expect(charge(1, &levels, 10, at: moment(0)).dayWaitNanoseconds == DailyQuotaTests.day)
    }

    @Test(arguments: [-720, -180, 0, 330, 345, 840] as [Int64])
    func `every offset's days are 24 hours and begin at its midnight`(_ minutes: Int64) {
        let days = DayClock(offsetMinutes: minutes)
        let midnight = WallTime(nanoseconds: 20_000 * DailyQuotaTests.day - minutes * 60_000_000_000)
        #expect(days.day(of: midnight) == 20_000 && days.day(of: WallTime(nanoseconds: midnight.nanoseconds - 1)) == 19_999)
        #expect(days.nanoseconds(from: midnight, toEndOf: 20_000) == DailyQuotaTests.day)
        #expect(days.day(of: WallTime(nanoseconds: -1 - minutes * 60_000_000_000)) == -1)
    }

    @Test func `a clock that goes back over midnight credits nothing and counts the later day on`() {
        var levels = Levels()
        #expect(charge(10, &levels, 10, at: moment(-DailyQuotaTests.hour)).isTaken)
        #expect(charge(7, &levels, 10, at: moment(0)).isTaken)
        let back = charge(4, &levels, 10, at: moment(-DailyQuotaTests.hour))
        #expect(back.dayWaitNanoseconds == DailyQuotaTests.day + DailyQuotaTests.hour && back.dayRemaining == 3)
        #expect(charge(3, &levels, 10, at: moment(-DailyQuotaTests.hour)).isTaken)
        #expect(!charge(1, &levels, 10, at: moment(DailyQuotaTests.hour)).isTaken, "the same day is not given twice")
        #expect(charge(1, &levels, 10, at: moment(DailyQuotaTests.day)).isTaken)
    }

    @Test func `a clock that was a year ahead is believed no longer, and what was used stays used`() {
        var levels = Levels()
        #expect(charge(10, &levels, 10, at: moment(366 * DailyQuotaTests.day)).isTaken)
        let back = charge(1, &levels, 10, at: moment(0))
        #expect(back.dayWaitNanoseconds == DailyQuotaTests.day, "refused to the end of today, not of next year")
        #expect(charge(1, &levels, 10, at: moment(DailyQuotaTests.day)).isTaken)
    }

    @Test func `an edited quota scales nothing: what was used stays used`() {
        var levels = Levels()
        #expect(charge(60, &levels, 100, at: moment(0)).dayRemaining == 40)
        #expect(charge(1, &levels, 50, at: moment(1)).dayWaitNanoseconds == DailyQuotaTests.day - 1)
        #expect(charge(1, &levels, 50, at: moment(1)).dayRemaining == 0)
        #expect(charge(1, &levels, 61, at: moment(1)).dayRemaining == 0)
        #expect(charge(9, &levels, 1_000, at: moment(1)).dayRemaining == 930)
        #expect(charge(1, &levels, 0, at: moment(1)).dayRemaining == -1, "no quota, no count")
    }

    @Test func `words that cannot be are believed no further than a day that is used up`() {
        let words: [Int64] = [.min, -1, 0, 5, 11, .max - 1, .max]
        for day in words {
            for used in words {
                var levels = Levels()
                levels.day = day
                levels.dayUsed[Int(Scope.search.rawValue)] = used
                let first = charge(4, &levels, 10, at: moment(0))
                #expect((0...2 * DailyQuotaTests.day).contains(first.dayWaitNanoseconds) && (0...10).contains(first.dayRemaining))
                #expect(charge(10, &levels, 10, at: moment(2 * DailyQuotaTests.day)).isTaken, "day \(day), used \(used)")
            }
        }
    }

    @Test func `bucket and quota are taken together or not at all, and the longer wait is named`() throws {
        let bucket = BucketRule(tokens: 1, periodNanoseconds: 3_600_000_000_000, burst: 3)
        let world = try World(plan: [.search: bucket], dayTokens: 5)
        let late = moment(-DailyQuotaTests.hour / 2)
        for _ in 0..<3 { _ = try world.ask(in: .live, at: late) }
        // The bucket has a token in an hour; the day has two left: the bucket's wait is the only one.
        #expect(world.verdict { () throws(Refusal) in try world.ask(in: .live, at: late) } == "rate-limited")
        let next = late.later(nanoseconds: 24 * DailyQuotaTests.hour)
        #expect(try world.ask(in: .live, at: next).level?.dayRemaining == 4, "a refusal charged neither")
        let tight = try World(plan: [.search: bucket], dayTokens: 3)
        for _ in 0..<3 { _ = try tight.ask(in: .live, at: moment(0)) }
        #expect(tight.verdict { () throws(Refusal) in try tight.ask(in: .live, at: moment(0)) } == "daily-quota")
        let end = moment(DailyQuotaTests.day - DailyQuotaTests.hour / 2)
        #expect(tight.verdict { () throws(Refusal) in try tight.ask(in: .live, at: end) } == "rate-limited", "an hour against half of one")
    }

    @Test func `each scope has its own count`() {
        var levels = Levels()
        let allowance = Allowance(bucket: bucket, dayTokens: 5)
        for scope in Scope.allCases {
            #expect(levels.charge(5, for: scope, under: allowance, counting: counts, by: days, at: moment(0)).isTaken)
        }
        for scope in Scope.allCases {
            #expect(!levels.charge(1, for: scope, under: allowance, counting: counts, by: days, at: moment(0)).isTaken)
        }
    }
}
