/// A request's id as somebody asks for it: what its answer carried as `X-Request-Id`, and its record has as two words.
package struct RequestIdentifier: Hashable, Sendable {
    /// 48 bits of wall milliseconds and 16 of randomness.
    package let high: UInt64
    /// 64 bits of randomness.
    package let low: UInt64

    /// Of 32 hexadecimal digits, or nil.
    package init?(_ text: String) {
        let digits = Array(text.utf8)
        guard digits.count == 32, digits.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0 | 0x20) }),
            let high = UInt64(text.prefix(16), radix: 16), let low = UInt64(text.suffix(16), radix: 16)
        else { return nil }
        (self.high, self.low) = (high, low)
    }

    /// The millisecond in which the request was judged: an id begins with it. Of no request where no clock of ours can show it.
    package var wall: TimeSpan {
        let milliseconds = Int64(high >> 16)
        guard milliseconds < .max / 1_000_000 else { return TimeSpan() }
        return TimeSpan(first: milliseconds * 1_000_000, last: milliseconds * 1_000_000 + 999_999)
    }
}
