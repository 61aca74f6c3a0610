import Registry
import Synchronization

/// How many clients' connections are open, in all and from each address, over all loops. Exact; its memory is bounded by the total, because an
/// address is forgotten with its last connection.
package final class ConnectionCounts: Sendable {
    private final class Stripe: Sendable {
        let counts = Mutex<[Address: Int32]>([:])
    }

    /// Connections at most, in all.
    package let maximum: Int
    /// Connections at most from one address, or one IPv6 /64; trusted proxies are exempt.
    package let maximumPerAddress: Int
    private let total = Atomic<Int>(0)
    private let refusals = Atomic<Int>(0)
    /// By the address's hash, so that loops seldom wait for each other.
    private let stripes: [Stripe]

    /// Counts that allow so many.
    package init(
        maximum: Int = Limits.clientConnectionsInAll, maximumPerAddress: Int = Limits.clientConnectionsPerAddress
    ) {
        self.maximum = maximum
        self.maximumPerAddress = maximumPerAddress
        stripes = (0..<Limits.connectionCountStripes).map { _ in Stripe() }
    }

    /// Connections open now.
    package var current: Int { total.load(ordering: .relaxed) }

    /// Connections that were closed for want of room since the start.
    package var refused: Int { refusals.load(ordering: .relaxed) }

    /// Whether there is room for one more, whatever its address.
    package var isFull: Bool { current >= maximum }

    /// Addresses that have a connection.
    package var addressCount: Int { stripes.reduce(0) { $0 + $1.counts.withLock { $0.count } } }

    /// One more in all; false, and nothing taken, where that is too many.
    func take() -> Bool {
        guard total.add(1, ordering: .relaxed).newValue <= maximum else {
            total.subtract(1, ordering: .relaxed)
            return false
        }
        return true
    }

    /// One less in all.
    func giveBack() { total.subtract(1, ordering: .relaxed) }

    /// One more from this address; false, and nothing taken, where that is too many.
    func take(from address: Address) -> Bool {
        let household = address.household
        return stripe(of: household).counts.withLock { counts in
            let count = counts[household, default: 0]
            guard count < maximumPerAddress else { return false }
            counts[household] = count + 1
            return true
        }
    }

    /// One less from this address.
    func giveBack(from address: Address) {
        let household = address.household
        stripe(of: household).counts.withLock { counts in
            guard let count = counts[household] else { return }
            counts[household] = count > 1 ? count - 1 : nil
        }
    }

    /// A connection was closed for want of room.
    func noteRefusal() { refusals.add(1, ordering: .relaxed) }

    private func stripe(of household: Address) -> Stripe {
        let mixed = (household.high ^ household.low &* 0x9E37_79B9_7F4A_7C15) &* 0xBF58_476D_1CE4_E5B9
        return stripes[Int(mixed >> 40) % stripes.count]
    }
}
