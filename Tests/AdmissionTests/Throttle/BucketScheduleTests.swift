import Admission
import Foundation
import Registry
import Support
import Synchronization
import Testing

/// Seeded random schedules against the oracle: in every window, admitted cost ≤ burst + rate × T.
struct BucketScheduleTests {
    @Test(arguments: 0..<UInt64(Soak.count(1_000)))
    func `no window of a random schedule admits more than burst and rate allow`(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let rule = BucketRule.random(using: &random)
        var (level, oracle) = (Level(), BucketOracle())
        var time = MonotonicTime(nanoseconds: 1_000_000_000_000)
        for _ in 0..<400 {
            let cost = min(rule.burst, Int64.random(in: 1...20, using: &random))
            if take(cost: cost, from: &level, under: rule, at: time) == 0 { oracle.record(cost: cost, at: time) }
            let pause = Bool.random(using: &random) ? rule.intervalNanoseconds * cost : rule.capacityNanoseconds / 50
            time = time.later(Int64.random(in: 0...max(1, pause), using: &random))
        }
        let broken = oracle.brokenWindow(under: rule)
        #expect(broken == nil, "\(rule): too much from \(broken?.from ?? 0) to \(broken?.to ?? 0)")
        #expect(oracle.hasBrokenWindow(under: rule) == (broken != nil))
    }

    /// Where the period divides by the tokens, nothing is rounded: then the bucket must also admit all that it may.
    @Test(arguments: 0..<UInt64(Soak.count(1_000)))
    func `a bucket admits exactly what the oracle would`(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let tokens = Int64.random(in: 1...1_000, using: &random)
        let interval = Int64.random(in: 1...1_000_000, using: &random)
        let rule = BucketRule(
            tokens: tokens, periodNanoseconds: tokens * interval, burst: Int64.random(in: 1...50, using: &random))
        var (level, oracle) = (Level(), BucketOracle())
        var time = MonotonicTime(nanoseconds: 1_000_000_000)
        for step in 0..<300 {
            let cost = Int64.random(in: 1...min(5, rule.burst), using: &random)
            let expected = oracle.mayAdmit(cost: cost, at: time, under: rule)
            let admitted = take(cost: cost, from: &level, under: rule, at: time) == 0
            #expect(admitted == expected, "seed \(seed), step \(step), \(rule), cost \(cost)")
            if admitted { oracle.record(cost: cost, at: time) }
            time = time.later(Int64.random(in: 0...(interval * 4), using: &random))
        }
    }

    @Test func `eight threads at one application's buckets admit no more than one would`() throws {
        let operations = Soak.count(1_000_000) / 8
        let rule = BucketRule(tokens: 3, periodNanoseconds: 20_000, burst: 200)
        let world = try World(plan: [.search: rule, .booking: BucketRule(tokens: 1, periodNanoseconds: 10_000, burst: 50)])
        let clock = Atomic<Int64>(World.start.monotonic.nanoseconds)
        let accounts = Mutex<[World.RouteKind: BucketOracle]>([:])
        inThreads(8) { thread in
            var random = SplitMix64(seed: UInt64(thread))
            var mine: [World.RouteKind: BucketOracle] = [:]
            for _ in 0..<operations {
                let time = clock.add(Int64.random(in: 0...2_000, using: &random), ordering: .relaxed).oldValue
                let route: World.RouteKind = Int.random(in: 0..<4, using: &random) == 0 ? .book : .search
                let now = Moment(wall: World.start.wall, monotonic: MonotonicTime(nanoseconds: time))
                if (try? world.ask(in: .live, .production, route, citizen: .opaque, at: now)) != nil {
                    mine[route, default: BucketOracle()].record(cost: route == .book ? 5 : 1, at: now.monotonic)
                }
            }
            accounts.withLock { $0.merge(mine) { $0.joined(with: $1) } }
        }
        let totals = accounts.withLock { $0 }
        for (route, account) in totals {
            let scope = world.snapshot.policy.routes[route.rawValue].scope
            let rule = try #require(
                world.snapshot.allowance(ofApplication: Int(ApplicationState.live.rawValue), for: scope, at: World.start.wall)
            ).bucket
            #expect(!account.hasBrokenWindow(under: rule), "\(route)")
            let elapsed = clock.load(ordering: .relaxed) - World.start.monotonic.nanoseconds
            let most = rule.burst + elapsed / rule.intervalNanoseconds
            let spent = account.admissions.reduce(0) { $0 + $1.cost }
            #expect(spent <= most)
            #expect(spent > most * 8 / 10, "the bucket should have been spent nearly dry: \(spent) of \(most)")
        }
        #expect(totals.count == 2)
    }
}

extension BucketOracle {
    /// Both accounts in one.
    func joined(with other: BucketOracle) -> BucketOracle {
        var both = self
        for admission in other.admissions { both.record(cost: admission.cost, at: MonotonicTime(nanoseconds: admission.time)) }
        return both
    }
}

/// Runs the body in so many real threads at once and waits for all of them.
func inThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let group = DispatchGroup()
    for index in 0..<count {
        group.enter()
        Thread {
            body(index)
            group.leave()
        }.start()
    }
    group.wait()
}
