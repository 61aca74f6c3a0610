/// A request's id: 48 bits of milliseconds since 1970, then 80 random bits; 32 lower-case hex digits in fields and records, sortable by time.
package struct RequestID: Hashable, Sendable {
    /// Milliseconds and the first 16 random bits.
    package var high: UInt64
    /// The other 64 random bits; never zero, so that it also serves as a trace's span id.
    package var low: UInt64

    /// An id from its halves.
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}

/// Makes request ids without a system call: one generator a loop, seeded by the driver (xoshiro256**, Blackman and Vigna 2018).
/// Ids need to be unique, not secret: whoever knows one still needs the application's key to ask about it.
package struct RequestIDGenerator: Sendable {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    /// A generator from 256 bits of seed; not all zero.
    package init(seed: (UInt64, UInt64, UInt64, UInt64)) {
        state = seed
        if seed.0 | seed.1 | seed.2 | seed.3 == 0 { state.0 = 0x9E37_79B9_7F4A_7C15 }
    }

    /// 64 random bits.
    mutating func nextWord() -> UInt64 {
        let product = state.1 &* 5
        let result = ((product << 7) | (product >> 57)) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = (state.3 << 45) | (state.3 >> 19)
        return result
    }

    /// An id for a request read at this wall time, in nanoseconds since 1970.
    mutating func next(wallNanoseconds: Int64) -> RequestID {
        let milliseconds = UInt64(bitPattern: wallNanoseconds / 1_000_000)
        let random = nextWord()
        return RequestID(high: milliseconds << 16 | random >> 48, low: nextWord() | 1)
    }
}

extension RequestID {
    /// The 32 digits.
    var text: InlineArray<32, UInt8> {
        var text: InlineArray<32, UInt8> = InlineArray(repeating: 0)
        let words = (
            RequestID.digits(UInt32(truncatingIfNeeded: high &>> 32)), RequestID.digits(UInt32(truncatingIfNeeded: high)),
            RequestID.digits(UInt32(truncatingIfNeeded: low &>> 32)), RequestID.digits(UInt32(truncatingIfNeeded: low))
        )
        for index in 0..<8 {
            let shift = UInt64(56 &- 8 &* index)
            text[index] = UInt8(truncatingIfNeeded: words.0 &>> shift)
            text[index &+ 8] = UInt8(truncatingIfNeeded: words.1 &>> shift)
            text[index &+ 16] = UInt8(truncatingIfNeeded: words.2 &>> shift)
            text[index &+ 24] = UInt8(truncatingIfNeeded: words.3 &>> shift)
        }
        return text
    }

    /// Eight hexadecimal digits in one word, the first one highest: nibbles spread to bytes, those above 9 lifted to the letters.
    private static func digits(_ number: UInt32) -> UInt64 {
        var spread = UInt64(number)
        spread = (spread | spread &<< 16) & 0x0000_FFFF_0000_FFFF
        spread = (spread | spread &<< 8) & 0x00FF_00FF_00FF_00FF
        spread = (spread | spread &<< 4) & 0x0F0F_0F0F_0F0F_0F0F
        let letters = ((spread &+ 0x0606_0606_0606_0606) &>> 4) & 0x0101_0101_0101_0101
        return spread &+ 0x3030_3030_3030_3030 &+ letters &* 0x27
    }
}
