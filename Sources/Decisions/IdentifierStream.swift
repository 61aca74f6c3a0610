/// The ids that one loop gives out, as a function of its two random words: the log keeps an id's number instead of the id, and finds it again.
/// Ids need to be unique, not secret: whoever knows one still needs the application's key to ask about it.
package struct IdentifierStream: Hashable, Sendable {
    /// Gives the id's first 16 random bits.
    package let first: UInt64
    /// Gives the other 64.
    package let second: UInt64

    /// A stream from two words of the system's randomness.
    package init(_ first: UInt64, _ second: UInt64) {
        self.first = first
        self.second = second
    }

    /// The id's halves: 48 bits of wall milliseconds and 16 of randomness; 64 of randomness, never zero, so that they also serve as a trace's
    /// span id. SplitMix64 in counter mode (Steele, Lea and Flood, 2014): within a stream at most two ids share the second half, since its
    /// lowest bit is always set, and such two have other first halves but for once in 65,536.
    package func words(sequence: UInt64, wallMilliseconds: UInt64) -> (high: UInt64, low: UInt64) {
        let step = sequence &* 0x9E37_79B9_7F4A_7C15
        return (
            wallMilliseconds &<< 16 | IdentifierStream.mixed(first &+ step) &>> 48, IdentifierStream.mixed(second &+ step) | 1
        )
    }

    /// SplitMix64's finaliser: one word from one word, and no other gives the same.
    static func mixed(_ word: UInt64) -> UInt64 {
        var value = word
        value = (value ^ (value &>> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value &>> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value &>> 31)
    }
}
