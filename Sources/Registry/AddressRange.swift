/// A client's address as 128 bits; IPv4 is held as ::ffff:a.b.c.d, so one form serves both.
package struct Address: Hashable, Sendable {
    /// The first eight bytes, network order, as a number.
    package var high: UInt64
    /// The last eight bytes.
    package var low: UInt64

    /// An address from its two halves.
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// An IPv4 address from its four bytes as a number, most significant first.
    package init(ipv4: UInt32) { self.init(high: 0, low: 0xFFFF_0000_0000 | UInt64(ipv4)) }

    /// The IPv4 address within, or nil if it is an IPv6 one.
    package var ipv4: UInt32? {
        high == 0 && low >> 32 == 0xFFFF ? UInt32(truncatingIfNeeded: low) : nil
    }

    /// What anonymous callers are told apart by: the address, or an IPv6 address's /64 (one household, RFC 6177).
    package var household: Address { ipv4 != nil ? self : Address(high: high, low: 0) }
}

/// A CIDR block (RFC 4632, RFC 4291 §2.3): an application's allow-list is a list of these.
package struct AddressRange: Hashable, Sendable {
    /// The block's first address.
    package var base: Address
    /// Bits of `base` that count, 0 to 128 (an IPv4 /n is 96 + n).
    package var prefixLength: Int

    /// A block from its base and prefix; bits beyond the prefix are cleared.
    package init(base: Address, prefixLength: Int) {
        precondition((0...128).contains(prefixLength), "a prefix has 0 to 128 bits")
        let mask = AddressRange.mask(prefixLength)
        self.base = Address(high: base.high & mask.high, low: base.low & mask.low)
        self.prefixLength = prefixLength
    }

    /// Whether the address lies in the block.
    package func contains(_ address: Address) -> Bool {
        let mask = AddressRange.mask(prefixLength)
        return address.high & mask.high == base.high && address.low & mask.low == base.low
    }

    private static func mask(_ bits: Int) -> Address {
        func half(_ count: Int) -> UInt64 { count <= 0 ? 0 : count >= 64 ? .max : ~(.max >> UInt64(count)) }
        return Address(high: half(bits), low: half(bits - 64))
    }
}
