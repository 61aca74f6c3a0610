/// A SHA-256 digest as four words: what the registry keeps of a key, and what a request's key is looked up by.
package struct Digest: Hashable, Sendable {
    /// Bytes 0 to 7, least significant first; uniformly spread, so it serves as the hash.
    package var first: UInt64
    /// Bytes 8 to 15.
    package var second: UInt64
    /// Bytes 16 to 23.
    package var third: UInt64
    /// Bytes 24 to 31.
    package var fourth: UInt64

    /// A digest from its four words.
    package init(_ first: UInt64, _ second: UInt64, _ third: UInt64, _ fourth: UInt64) {
        self.first = first
        self.second = second
        self.third = third
        self.fourth = fourth
    }

    /// A digest from exactly 32 bytes, or nil.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        func word(_ start: Int) -> UInt64 {
            (0..<8).reduce(0) { $0 | UInt64(bytes[start + $1]) << UInt64($1 * 8) }
        }
        self.init(word(0), word(8), word(16), word(24))
    }

    /// The 32 bytes.
    package var bytes: [UInt8] {
        [first, second, third, fourth].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64($0 * 8)) } }
    }
}

/// SHA-256 handed in by the driver, so that the pure targets need no library: digest of all the bytes.
package typealias DigestFunction = @Sendable (Span<UInt8>) -> Digest
