/// Where codes, ids and reference numbers come from; tests hand in a seeded source.
package struct Chance: RandomNumberGenerator, Sendable {
    private let word: @Sendable () -> UInt64

    /// Chance from a source of 64-bit words.
    package init(word: @escaping @Sendable () -> UInt64) { self.word = word }

    /// The operating system's generator: what one-time codes need.
    package static let system = Chance {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }

    /// The source's next word.
    package func next() -> UInt64 { word() }
}

/// SplitMix64 (Steele, Lea, Flood 2014): small, and the same on every machine, so seeded data is reproducible.
package struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// The same seed gives the same words.
    package init(seed: UInt64) { state = seed }

    /// A stream of its own for each combination of keys, whatever order they are asked in.
    package init(seed: UInt64, _ keys: Int...) {
        var mixer = SplitMix64(seed: seed)
        for key in keys { mixer = SplitMix64(seed: mixer.next() ^ UInt64(truncatingIfNeeded: key)) }
        state = mixer.next()
    }

    /// Adds the golden ratio's odd part, then mixes.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension RandomNumberGenerator {
    /// A version 4 UUID in lower case (RFC 9562 §5.4).
    mutating func identifier() -> String {
        let high = (next() & ~0xF000) | 0x4000
        let low = (next() & ~(0b11 << 62)) | (0b10 << 62)
        let digits = Array(hexadecimal(high) + hexadecimal(low))
        let parts = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(decoding: digits[$0], as: UTF8.self) }
        return parts.joined(separator: "-")
    }

    /// Six decimal digits, leading zeros kept.
    mutating func sixDigits() -> String { padded(Int.random(in: 0..<1_000_000, using: &self), to: 6) }

    /// Fourteen digits that do not begin with a zero, as citizens wrote them down.
    mutating func referenceNumber() -> String { String(Int.random(in: 10_000_000_000_000..<100_000_000_000_000, using: &self)) }
}

private func hexadecimal(_ word: UInt64) -> [UInt8] {
    (0..<16).map { index in
        let nibble = UInt8(truncatingIfNeeded: word >> (60 - 4 * index)) & 0xF
        return nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
    }
}
