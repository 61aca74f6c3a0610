package import Registry
import Synchronization

/// One bucket an address household and scope, in a table of fixed size: strangers cannot make it grow, and every look-up costs the same.
/// Set-associative: a household can sit in `bucketsPerSet` entries; where
/// all are taken, the one soonest full again gives way, as it forgets least.
package final class AddressLevels: Sendable {
    private static let shardCount = 64

    private let shards: InlineArray<64, Mutex<[AddressEntry]>>
    private let setsPerShard: Int
    private let seed: UInt64

    /// A table of so many entries (rounded up to a power of two, at least one set a shard); a random `seed` keeps
    /// strangers from choosing their neighbours.
    package init(entries: Int = AdmissionLimits.anonymousBuckets, seed: UInt64) {
        var sets = 1
        while sets * AdmissionLimits.bucketsPerSet * AddressLevels.shardCount < entries { sets *= 2 }
        setsPerShard = sets
        self.seed = seed
        shards = InlineArray { _ in Mutex([AddressEntry](repeating: AddressEntry(), count: sets * AdmissionLimits.bucketsPerSet)) }
    }

    /// Takes from the bucket of the address's household, check and spend under one lock.
    package func take(
        cost: Int64, of address: Address, for scope: Scope, under rule: BucketRule, at now: MonotonicTime
    ) -> Spending {
        let name = AddressEntry.Name(address.household, scope)
        let hash = name.hash(seed: seed)
        let shard = Int(truncatingIfNeeded: hash & UInt64(AddressLevels.shardCount - 1))
        let start = Int(truncatingIfNeeded: hash >> 32) & (setsPerShard - 1)
        return shards[shard].withLock { entries in
            let place = AddressLevels.place(of: name, in: entries, from: start * AdmissionLimits.bucketsPerSet)
            if entries[place].name != name { entries[place] = AddressEntry(name: name) }
            let wait = Admission.take(cost: cost, from: &entries[place].level, under: rule, at: now)
            return Spending(waitNanoseconds: wait, level: entries[place].level)
        }
    }

    /// The household's own entry, or else the one soonest full; an unused one is full since the beginning.
    private static func place(of name: AddressEntry.Name, in entries: [AddressEntry], from start: Int) -> Int {
        var soonest = start
        for index in start..<start + AdmissionLimits.bucketsPerSet {
            if entries[index].name == name { return index }
            if entries[index].level.arrival < entries[soonest].level.arrival { soonest = index }
        }
        return soonest
    }
}

/// One bucket of the table: 32 bytes.
private struct AddressEntry: BitwiseCopyable {
    var name = Name()
    var level = Level()

    /// Which household and scope; a household is one word, since of IPv4 only the low half differs and of an IPv6 /64 only the high one.
    struct Name: BitwiseCopyable, Equatable {
        var household: UInt64 = 0
        /// 0 = nobody's; else scope × 2 + 2, odd for IPv4.
        var tag: UInt64 = 0

        init() {}

        init(_ household: Address, _ scope: Scope) {
            let isIPv4 = household.ipv4 != nil
            self.household = isIPv4 ? household.low : household.high
            tag = UInt64(scope.rawValue) * 2 + 2 + (isIPv4 ? 1 : 0)
        }

        /// SplitMix64's finaliser over both words and the seed.
        func hash(seed: UInt64) -> UInt64 {
            var value = household ^ seed
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &+ tag &* 0x9E37_79B9_7F4A_7C15
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }

    init() {}
    init(name: Name) { self.name = name }
}
