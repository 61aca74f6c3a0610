import Admission
import Registry
import Support
import Testing

/// One bucket's arithmetic.
struct LevelTests {
    private let now = MonotonicTime(nanoseconds: 5_000_000_000_000)

    @Test(arguments: 0..<UInt64(Soak.count(2_000)))
    func `the wait is exact to the nanosecond, and a refusal costs nothing`(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let rule = BucketRule.random(using: &random)
        var level = Level()
        var time = now
        for _ in 0..<100 {
            let cost = Int64.random(in: 1...rule.burst, using: &random)
            let wait = take(cost: cost, from: &level, under: rule, at: time)
            #expect(wait >= 0)
            if wait > 0 {
                let refused = level
                var tooEarly = level
                #expect(take(cost: cost, from: &tooEarly, under: rule, at: time.later(wait - 1)) == 1)
                #expect(tooEarly == refused, "a refusal must leave the bucket as it was")
                #expect(take(cost: cost, from: &level, under: rule, at: time.later(wait)) == 0)
                time = time.later(wait)
            }
            time = time.later(Int64.random(in: 0...(rule.intervalNanoseconds * 2), using: &random))
        }
    }

    @Test func `a new bucket holds its burst and no more`() {
        let rule = BucketRule(tokens: 100, periodNanoseconds: 300_000_000_000, burst: 7)
        var level = Level()
        for _ in 0..<7 { #expect(take(cost: 1, from: &level, under: rule, at: now) == 0) }
        #expect(take(cost: 1, from: &level, under: rule, at: now) == 3_000_000_000)
        let nextYear = now.later(365 * 86_400_000_000_000)
        for _ in 0..<7 { #expect(take(cost: 1, from: &level, under: rule, at: nextYear) == 0) }
        #expect(take(cost: 1, from: &level, under: rule, at: nextYear) == 3_000_000_000)
    }

    @Test func `a cost above the burst takes the whole bucket`() {
        let rule = BucketRule(tokens: 1, periodNanoseconds: 1_000_000_000, burst: 3)
        var level = Level()
        #expect(take(cost: .max, from: &level, under: rule, at: now) == 0)
        #expect(take(cost: 1, from: &level, under: rule, at: now) == 1_000_000_000)
    }

    @Test(arguments: 0..<UInt64(Soak.count(2_000)))
    func `an edited limit keeps the debt's share of the bucket and never refills`(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let (old, new) = (BucketRule.random(using: &random), BucketRule.random(using: &random))
        var level = Level()
        _ = take(cost: Int64.random(in: 1...old.burst, using: &random), from: &level, under: old, at: now)
        let time = now.later(Int64.random(in: 0...old.intervalNanoseconds, using: &random))
        let debt = max(0, level.arrival - time.nanoseconds)
        _ = take(cost: 0, from: &level, under: new, at: time)
        let newDebt = max(0, level.arrival - time.nanoseconds)
        let exact = Int128(debt) * Int128(new.capacityNanoseconds)
        let old128 = Int128(old.capacityNanoseconds)
        #expect(Int128(newDebt) == (exact + old128 - 1) / old128)
        #expect(level.capacity == new.capacityNanoseconds)
    }

    @Test func `an empty bucket stays empty under any edit, even of the largest capacities`() {
        let small = BucketRule(tokens: 1_000, periodNanoseconds: 1_000, burst: 1)
        let large = BucketRule(tokens: 1, periodNanoseconds: .max / 8, burst: 2)
        var level = Level()
        #expect(take(cost: 2, from: &level, under: large, at: now) == 0)
        #expect(take(cost: 1, from: &level, under: small, at: now) == 1)
        #expect(take(cost: 2, from: &level, under: large, at: now) == large.capacityNanoseconds)
        #expect(take(cost: 1, from: &level, under: large, at: now) == large.intervalNanoseconds)
    }

    @Test func `back and forth between two rules gains nothing`() {
        let (one, other) = (
            BucketRule(tokens: 3, periodNanoseconds: 1_000_000_000, burst: 7),
            BucketRule(tokens: 7, periodNanoseconds: 1_000_000_001, burst: 11)
        )
        var level = Level()
        #expect(take(cost: 7, from: &level, under: one, at: now) == 0)
        for _ in 0..<1_000 {
            #expect(take(cost: 1, from: &level, under: other, at: now) > 0)
            #expect(take(cost: 1, from: &level, under: one, at: now) > 0)
        }
    }

    @Test func `a clock that went back credits nothing and blocks no longer than an empty bucket`() {
        let rule = BucketRule(tokens: 1, periodNanoseconds: 1_000_000_000, burst: 5)
        for back in [1, 999_999_999, 30_000_000_000, 3_600_000_000_000, 4_999_999_999_999] as [Int64] {
            var level = Level()
            for _ in 0..<3 { #expect(take(cost: 1, from: &level, under: rule, at: now) == 0) }
            let earlier = now.later(-back)
            let before = level
            let wait = take(cost: 3, from: &level, under: rule, at: earlier)
            #expect(wait > 0, "two tokens were left, and going back \(back) ns made no third")
            #expect(wait <= 3_000_000_000 + AdmissionLimits.clockSkewNanoseconds)
            #expect(level.arrival <= before.arrival)
            #expect(take(cost: 3, from: &level, under: rule, at: earlier.later(wait - 1)) == 1)
            #expect(take(cost: 3, from: &level, under: rule, at: earlier.later(wait)) == 0)
        }
    }

    @Test func `a thread with an older reading of the clock hands back nothing`() {
        let rule = BucketRule(tokens: 1_000, periodNanoseconds: 1_000_000_000, burst: 5)
        var level = Level()
        #expect(take(cost: 5, from: &level, under: rule, at: now) == 0)
        for _ in 0..<100 {
            #expect(take(cost: 1, from: &level, under: rule, at: now.later(-10_000_000)) == 11_000_000)
            #expect(take(cost: 1, from: &level, under: rule, at: now) == 1_000_000)
        }
    }

    @Test func `words that cannot be are believed no further than an empty bucket`() {
        let rule = BucketRule(tokens: 1, periodNanoseconds: 1_000_000_000, burst: 5)
        let words: [Int64] = [.min, -1, 0, 1, now.nanoseconds, .max - 1, .max]
        for arrival in words {
            for capacity in words {
                var level = Level(arrival: arrival, capacity: capacity)
                let wait = take(cost: 5, from: &level, under: rule, at: now)
                #expect((0...rule.capacityNanoseconds + AdmissionLimits.clockSkewNanoseconds).contains(wait))
                #expect(take(cost: 5, from: &level, under: rule, at: now.later(max(wait, rule.capacityNanoseconds))) == 0)
            }
        }
    }

    static let windows: [(rule: BucketRule, seconds: Int64)] = [
        (BucketRule(tokens: 100, periodNanoseconds: 300_000_000_000, burst: 100), 300),
        (BucketRule(tokens: 3, periodNanoseconds: 1_000_000_000, burst: 3), 1),
        (BucketRule(tokens: 3, periodNanoseconds: 1_000_000_000, burst: 4), 2),
        (BucketRule(tokens: 1_000_000, periodNanoseconds: 1_000_000_000, burst: 1), 1),
        (BucketRule(tokens: 1, periodNanoseconds: 86_400_000_000_000, burst: 50), 4_320_000),
        (BucketRule(tokens: 1, periodNanoseconds: 46_000_000_000_000_001, burst: 100), 4_600_000_001),
    ]

    @Test(arguments: LevelTests.windows)
    func `the window is the burst over the rate in whole seconds, rounded up`(_ rule: BucketRule, _ seconds: Int64) {
        #expect(rule.windowSeconds == seconds)
    }
}

extension MonotonicTime {
    /// This time, so many nanoseconds later.
    func later(_ nanoseconds: Int64) -> MonotonicTime { MonotonicTime(nanoseconds: self.nanoseconds + nanoseconds) }
}

extension BucketRule {
    /// A rule from a microsecond a token to hours a token, burst 1 to 5,000.
    static func random(using random: inout SplitMix64) -> BucketRule {
        func oneOf(_ numbers: [Int64]) -> Int64 { numbers[Int.random(in: 0..<numbers.count, using: &random)] }
        let tokens = Int64.random(in: 1...oneOf([1, 10, 1_000, 100_000]), using: &random)
        let microseconds = Int64.random(in: 1...oneOf([1_000, 1_000_000, 3_600_000_000]), using: &random)
        let period = microseconds * 1_000 * tokens
        return BucketRule(
            tokens: tokens, periodNanoseconds: period + Int64.random(in: 0...999, using: &random),
            burst: Int64.random(in: 1...5_000, using: &random))
    }
}
