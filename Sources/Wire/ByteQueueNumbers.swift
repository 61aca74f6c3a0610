import Registry

/// Appending numbers and dates as messages spell them.
extension ByteQueue {
    /// In decimal digits, with a minus sign if below zero.
    package mutating func append(decimal number: Int) {
        if number < 0 { append(Byte.minus) }
        append(digitsOf: UInt64(number.magnitude))
    }

    /// In decimal digits, with a minus sign if below zero.
    package mutating func append(decimal number: Int64) {
        if number < 0 { append(Byte.minus) }
        append(digitsOf: number.magnitude)
    }

    /// In decimal digits.
    package mutating func append(decimal number: UInt64) {
        append(digitsOf: number)
    }

    /// Any other width; a number of more than 64 bits traps.
    package mutating func append(decimal number: some FixedWidthInteger) {
        if number < 0 { append(Byte.minus) }
        append(digitsOf: UInt64(number.magnitude))
    }

    private mutating func append(digitsOf number: UInt64) {
        guard number >= 10 else { return append(Byte.zero &+ UInt8(truncatingIfNeeded: number)) }
        var count = 2
        var bound: UInt64 = 100
        while number >= bound, count < 19 {
            count &+= 1
            bound = bound &* 10
        }
        if count == 19, number >= bound { count = 20 }
        append(room: count) { target in
            var rest = number
            for index in (0..<count).reversed() {
                target[index] = Byte.zero &+ UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            }
            return count
        }
    }

    /// The lowest `digits` hexadecimal digits of `number`, in lower case.
    package mutating func append(hex number: UInt64, digits: Int) {
        precondition((1...16).contains(digits), "a 64-bit number has 1 to 16 hexadecimal digits")
        var text: InlineArray<16, UInt8> = InlineArray(repeating: Byte.zero)
        let first = Self.hexadecimal(UInt32(truncatingIfNeeded: number &>> 32))
        let last = Self.hexadecimal(UInt32(truncatingIfNeeded: number))
        for index in 0..<8 {
            text[index] = UInt8(truncatingIfNeeded: first &>> UInt64(56 &- 8 &* index))
            text[index &+ 8] = UInt8(truncatingIfNeeded: last &>> UInt64(56 &- 8 &* index))
        }
        append(text.span.extracting((16 - digits)...))
    }

    /// Eight digits in one word, the first one highest: the nibbles are spread to bytes, then those above 9 are lifted to the letters.
    @inline(__always)
    private static func hexadecimal(_ number: UInt32) -> UInt64 {
        var spread = UInt64(number)
        spread = (spread | spread &<< 16) & 0x0000_ffff_0000_ffff
        spread = (spread | spread &<< 8) & 0x00ff_00ff_00ff_00ff
        spread = (spread | spread &<< 4) & 0x0f0f_0f0f_0f0f_0f0f
        let letters = ((spread &+ 0x0606_0606_0606_0606) &>> 4) & 0x0101_0101_0101_0101
        return spread &+ 0x3030_3030_3030_3030 &+ letters &* 0x27
    }

    /// The line in front of a chunk of `count` bytes, which must not be 0: that would be the last one.
    package mutating func append(chunkSize count: Int) {
        precondition(count > 0, "a chunk of size zero ends the body")
        append(hex: UInt64(count), digits: (64 - UInt64(count).leadingZeroBitCount + 3) / 4)
        append("\r\n")
    }

    /// Such as `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7), for the years 0 to 9999.
    package mutating func append(httpDate epochSeconds: Int64) {
        let date = CivilDate(epochSeconds: epochSeconds)
        append(Self.weekdays[date.weekday])
        append(twoDigits: date.day)
        append(Self.months[date.month - 1])
        append(twoDigits: date.year / 100)
        append(twoDigits: date.year % 100)
        append(Byte.space)
        append(twoDigits: date.secondOfDay / 3_600)
        append(Byte.colon)
        append(twoDigits: date.secondOfDay / 60 % 60)
        append(Byte.colon)
        append(twoDigits: date.secondOfDay % 60)
        append(" GMT")
    }

    private mutating func append(twoDigits number: Int) {
        append(Byte.zero + UInt8(number / 10 % 10))
        append(Byte.zero + UInt8(number % 10))
    }

    private static let weekdays: InlineArray<7, String> = ["Sun, ", "Mon, ", "Tue, ", "Wed, ", "Thu, ", "Fri, ", "Sat, "]
    private static let months: InlineArray<12, String> = [
        " Jan ", " Feb ", " Mar ", " Apr ", " May ", " Jun ", " Jul ", " Aug ", " Sep ", " Oct ", " Nov ", " Dec ",
    ]
}
