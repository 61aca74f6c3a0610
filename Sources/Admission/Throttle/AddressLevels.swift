package import Registry

/// One bucket an address household and scope, in a table of fixed size: strangers cannot make it grow, and every look-up costs the same.
/// Set-associative: a household can sit in any entry of its set; where all are taken, the one soonest full again gives way, as it forgets
/// least.
package final class AddressLevels: Sendable {
    private let store: any AddressLevelStore
    private let mask: UInt64
    private let seed: UInt64

    /// A table kept in this store; a random `seed` keeps strangers from choosing their neighbours. Tables that share a store share the seed.
    package init(in store: some AddressLevelStore, seed: UInt64) {
        precondition(store.setCount > 0 && store.setCount & (store.setCount - 1) == 0, "a table has a power of two of sets")
        self.store = store
        mask = UInt64(store.setCount - 1)
        self.seed = seed
    }

    /// A table in this process's memory, of so many entries (rounded up).
    package convenience init(entries: Int = AdmissionLimits.anonymousBuckets, seed: UInt64) {
        self.init(in: MemoryAddressLevels(entries: entries), seed: seed)
    }

    /// Takes from the bucket of the address's household, check and spend under one lock.
    package func take(
        cost: Int64, of address: Address, for scope: Scope, under rule: BucketRule, at now: MonotonicTime
    ) -> Spending {
        let name = AddressEntry.Name(address.household, scope)
        var spending = Spending(waitNanoseconds: 0, level: Level())
        store.withSet(Int(truncatingIfNeeded: name.hash(seed: seed) & mask)) { entries in
            let place = AddressLevels.place(of: name, in: entries)
            if entries[place].name != name { entries[place] = AddressEntry(name: name) }
            spending.waitNanoseconds = Admission.take(cost: cost, from: &entries[place].level, under: rule, at: now)
            spending.level = entries[place].level
        }
        return spending
    }

    /// The household's own entry, or else the one soonest full; an unused one is full since the beginning.
    private static func place(of name: AddressEntry.Name, in entries: AddressSet) -> Int {
        var soonest = 0
        for index in entries.indices {
            if entries[index].name == name { return index }
            if entries[index].level.arrival < entries[soonest].level.arrival { soonest = index }
        }
        return soonest
    }
}

/// The entries that a household can sit in: 256 bytes that may lie in a mapped file as they are.
package typealias AddressSet = InlineArray<8, AddressEntry>

/// One bucket of the table: 32 bytes, four words.
package struct AddressEntry: BitwiseCopyable, Sendable {
    /// Whose bucket it is.
    package var name = Name()
    /// How full it is.
    package var level = Level()

    /// Which household and scope; a household is one word, since of IPv4 only the low half differs and of an IPv6 /64 only the high one.
    package struct Name: BitwiseCopyable, Equatable, Sendable {
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

    /// An entry of nobody's.
    package init() {}
    init(name: Name) { self.name = name }
}
