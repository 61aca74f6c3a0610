import Synchronization

/// Where an address table's entries are kept: in this process's memory, or where another process finds them too.
package protocol AddressLevelStore: Sendable {
    /// How many sets there are; a power of two.
    var setCount: Int { get }
    /// Runs `body` on one set, from 0 to `setCount` − 1, under its lock.
    func withSet(_ index: Int, _ body: (inout AddressSet) -> Void)
}

/// A table's entries in this process's memory; they end with it.
package final class MemoryAddressLevels: AddressLevelStore {
    private static let shardCount = 64
    private let shards: InlineArray<64, Mutex<[AddressSet]>>
    private let setsPerShard: Int

    /// Room for so many entries, rounded up to a power of two, at least one set a shard.
    package init(entries: Int) {
        var sets = 1
        while sets * AdmissionLimits.bucketsPerSet * MemoryAddressLevels.shardCount < entries { sets *= 2 }
        setsPerShard = sets
        shards = InlineArray { _ in Mutex([AddressSet](repeating: AddressSet(repeating: AddressEntry()), count: sets)) }
    }

    /// How many sets there are.
    package var setCount: Int { setsPerShard * MemoryAddressLevels.shardCount }

    /// Runs `body` on one set under its shard's lock.
    package func withSet(_ index: Int, _ body: (inout AddressSet) -> Void) {
        shards[index & (MemoryAddressLevels.shardCount - 1)].withLock { sets in
            body(&sets[index / MemoryAddressLevels.shardCount])
        }
    }
}
