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
