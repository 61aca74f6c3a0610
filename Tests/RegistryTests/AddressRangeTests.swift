import Registry
import Support
import Testing

@Suite struct AddressRangeTests {
    @Test func `a range holds what shares its first bits, as a slow oracle counts them`() {
        var generator = SplitMix64(seed: 31)
        func bits(_ address: Address) -> [Bool] {
            [address.high, address.low].flatMap { half in (0..<64).map { half >> UInt64(63 - $0) & 1 == 1 } }
        }
        for _ in 0..<Soak.count(20_000) {
            let base = Address(high: generator.next(), low: generator.next())
            let prefix = Int.random(in: 0...128, using: &generator)
            let flipped = Int.random(in: 0..<128, using: &generator)
            var other = base
            if flipped < 64 { other.high ^= 1 << UInt64(63 - flipped) } else { other.low ^= 1 << UInt64(127 - flipped) }
            let range = AddressRange(base: base, prefixLength: prefix)
            #expect(range.contains(base))
            #expect(range.contains(other) == (bits(base).prefix(prefix) == bits(other).prefix(prefix)))
        }
    }

    @Test func `IPv4 is told from IPv6, and ranges of one hold none of the other`() {
        let four = Address(ipv4: 0xC000_0201)
        #expect(four.ipv4 == 0xC000_0201)
        #expect(Address(high: 1, low: four.low).ipv4 == nil)
        #expect(Address(high: 0, low: 1).ipv4 == nil)
        let everyFour = AddressRange(base: Address(ipv4: 0), prefixLength: 96)
        #expect(everyFour.contains(four))
        #expect(!everyFour.contains(Address(high: 0x2001_0DB8_0000_0000, low: 1)))
    }

    @Test func `anonymous callers are told apart by IPv4 address and by IPv6 network of 64 bits`() {
        let four = Address(ipv4: 0xC000_0201)
        #expect(four.household == four)
        let (left, right) = (Address(high: 7, low: 1), Address(high: 7, low: 2))
        #expect(left.household == right.household)
        #expect(left.household != Address(high: 8, low: 1).household)
    }

    @Test func `wall seconds are rounded down, before 1970 too`() {
        #expect(WallTime(nanoseconds: 1_999_999_999).seconds == 1)
        #expect(WallTime(nanoseconds: -1).seconds == -1)
        #expect(WallTime(nanoseconds: -1_000_000_000).seconds == -1)
    }
}
