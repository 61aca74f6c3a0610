import Admission
import Foundation
import Registry
import Support
import Synchronization
import Testing

/// The bounded table of strangers' buckets.
struct AddressLevelsTests {
    private let now = MonotonicTime(nanoseconds: 1_000_000_000_000)
    private let rule = BucketRule(tokens: 1, periodNanoseconds: 1_000_000_000, burst: 3)

    @Test func `a household and scope has one bucket of its own`() {
        let table = AddressLevels(entries: 1_024, seed: 7)
        let (one, other) = (Address(ipv4: 1), Address(ipv4: 2))
        for _ in 0..<3 { #expect(table.take(cost: 1, of: one, for: .search, under: rule, at: now).waitNanoseconds == 0) }
        #expect(table.take(cost: 1, of: one, for: .search, under: rule, at: now).waitNanoseconds == 1_000_000_000)
        #expect(table.take(cost: 1, of: one, for: .metadata, under: rule, at: now).waitNanoseconds == 0)
        #expect(table.take(cost: 1, of: other, for: .search, under: rule, at: now).waitNanoseconds == 0)
    }

    @Test func `an IPv4 address and an IPv6 household of the same bits are two`() {
        let table = AddressLevels(entries: 1_024, seed: 7)
        let four = Address(ipv4: 0x0102_0304)
        let six = Address(high: four.low, low: 0)
        for _ in 0..<3 { #expect(table.take(cost: 1, of: four, for: .search, under: rule, at: now).waitNanoseconds == 0) }
        #expect(table.take(cost: 1, of: six, for: .search, under: rule, at: now).waitNanoseconds == 0)
        #expect(table.take(cost: 1, of: four, for: .search, under: rule, at: now).waitNanoseconds > 0)
    }

    @Test(arguments: 0..<UInt64(10))
    func `as many strangers as half the table are all remembered but for a few`(_ seed: UInt64) {
        let table = AddressLevels(entries: 4_096, seed: seed)
        let refused = emptied(2_048, in: table)
        #expect(refused >= 2_000, "of 2,048 empty buckets \(refused) were remembered")
    }

    @Test func `more strangers than the table holds forget only the oldest debts`() {
        let table = AddressLevels(entries: 1_024, seed: 3)
        let day = BucketRule(tokens: 1, periodNanoseconds: 86_400_000_000_000, burst: 1)
        for address in 0..<UInt32(100_000) {
            _ = table.take(cost: 1, of: Address(ipv4: address), for: .search, under: day, at: now.later(Int64(address)))
        }
        let later = now.later(100_000)
        var remembered = 0
        for address in (UInt32(99_000)..<100_000).reversed() {
            if table.take(cost: 0, of: Address(ipv4: address), for: .search, under: day, at: later).level.arrival > later.nanoseconds {
                remembered += 1
            }
        }
        #expect(remembered > 500, "of the last 1,000, \(remembered)")
    }

    @Test func `the entry soonest full gives way, never the one that owes most`() {
        let table = AddressLevels(entries: 1, seed: 5)
        let long = BucketRule(tokens: 1, periodNanoseconds: 86_400_000_000_000, burst: 1)
        let debtor = Address(ipv4: 0xDEAD_BEEF)
        #expect(table.take(cost: 1, of: debtor, for: .search, under: long, at: now).waitNanoseconds == 0)
        for address in 0..<UInt32(10_000) {
            _ = table.take(cost: 1, of: Address(ipv4: address), for: .search, under: rule, at: now)
        }
        #expect(table.take(cost: 1, of: debtor, for: .search, under: long, at: now).waitNanoseconds == long.intervalNanoseconds)
    }

    @Test func `eight threads at the same addresses admit no more than one would`() {
        let operations = Soak.count(1_000_000) / 8
        let table = AddressLevels(entries: 4_096, seed: 11)
        let rule = BucketRule(tokens: 1, periodNanoseconds: 100_000, burst: 20)
        let clock = Atomic<Int64>(now.nanoseconds)
        let accounts = Mutex<[UInt32: BucketOracle]>([:])
        inThreads(8) { thread in
            var random = SplitMix64(seed: UInt64(thread) + 100)
            var mine: [UInt32: BucketOracle] = [:]
            for _ in 0..<operations {
                let time = MonotonicTime(nanoseconds: clock.add(Int64.random(in: 0...1_000, using: &random), ordering: .relaxed).oldValue)
                let address = UInt32.random(in: 0..<50, using: &random)
                if table.take(cost: 1, of: Address(ipv4: address), for: .search, under: rule, at: time).waitNanoseconds == 0 {
                    mine[address, default: BucketOracle()].record(cost: 1, at: time)
                }
            }
            accounts.withLock { $0.merge(mine) { $0.joined(with: $1) } }
        }
        for (address, account) in accounts.withLock({ $0 }) {
            #expect(!account.hasBrokenWindow(under: rule), "address \(address)")
        }
    }

    /// Empties the buckets of so many strangers, then says how many are still empty.
    private func emptied(_ count: UInt32, in table: AddressLevels) -> Int {
        let long = BucketRule(tokens: 1, periodNanoseconds: 86_400_000_000_000, burst: 1)
        for address in 0..<count { _ = table.take(cost: 1, of: Address(ipv4: address), for: .search, under: long, at: now) }
        return (0..<count).count {
            table.take(cost: 0, of: Address(ipv4: $0), for: .search, under: long, at: now).level.arrival > now.nanoseconds
        }
    }
}
