/// Which end of the gateway a connection is on.
package enum Side: UInt8, Sendable {
    /// A partner's application, calling.
    case client
    /// A core store, called.
    case upstream
}

/// Names one connection of a loop for as long as it lives: a slot, and how often the slot has been used before, so that an event
/// about a connection just closed cannot be taken for one about its successor.
package struct ConnectionHandle: Hashable, Sendable {
    /// Slot within its side.
    package let index: Int
    /// Uses of the slot so far, 31 bits.
    package let generation: UInt32
    /// Client or upstream.
    package let side: Side

    /// A handle from its parts.
    package init(index: Int, generation: UInt32, side: Side) {
        self.index = index
        self.generation = generation
        self.side = side
    }

    /// The handle in 64 bits, as an event queue carries it.
    package var packed: UInt64 {
        UInt64(side.rawValue) << 63 | UInt64(generation & 0x7FFF_FFFF) << 32 | UInt64(UInt32(truncatingIfNeeded: index))
    }

    /// The handle those bits name.
    package init(packed: UInt64) {
        index = Int(UInt32(truncatingIfNeeded: packed))
        generation = UInt32(truncatingIfNeeded: packed >> 32) & 0x7FFF_FFFF
        side = packed >> 63 == 0 ? .client : .upstream
    }
}
