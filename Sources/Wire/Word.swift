/// Eight bytes at a time, the first byte lowest: the compiler makes one load of each `load`, bounds checks and all.
enum Word {
    /// Every byte 0x20: or-ed onto a token it folds the case of letters and leaves `-` and digits as they are; no two tokens that differ
    /// in more than case become one, save for `^ _ @` and their like, which no name we know holds.
    static let lowerCase: UInt64 = 0x2020_2020_2020_2020

    /// The eight bytes from `index` on; the caller knows that they exist, else this traps.
    @inline(__always)
    static func load(_ bytes: Span<UInt8>, at index: Int) -> UInt64 {
        let eight = bytes.extracting(index...).extracting(..<8)
        return UInt64(eight[0]) | UInt64(eight[1]) << 8 | UInt64(eight[2]) << 16 | UInt64(eight[3]) << 24
            | UInt64(eight[4]) << 32 | UInt64(eight[5]) << 40 | UInt64(eight[6]) << 48 | UInt64(eight[7]) << 56
    }

    /// At most eight bytes from `index` on, zeros above them.
    @inline(__always)
    static func load(_ bytes: Span<UInt8>, at index: Int, count: Int) -> UInt64 {
        if index &+ 8 <= bytes.count {
            return load(bytes, at: index) & (UInt64.max >> UInt64(64 - 8 * count))
        }
        var word: UInt64 = 0
        var shift: UInt64 = 0
        for position in index..<(index + count) {
            word |= UInt64(bytes[position]) &<< shift
            shift += 8
        }
        return word
    }

    /// The high bit of each byte of `word` that is `byte`.
    @inline(__always)
    static func places(of byte: UInt8, in word: UInt64) -> UInt64 {
        let difference = word ^ (0x0101_0101_0101_0101 &* UInt64(byte))
        return ~(((difference & 0x7f7f_7f7f_7f7f_7f7f) &+ 0x7f7f_7f7f_7f7f_7f7f) | difference | 0x7f7f_7f7f_7f7f_7f7f)
    }

    /// The first byte from `index` on that is a control other than HTAB, or DEL: where a field value ends. `bytes.count` where there is none.
    @inline(__always)
    static func endOfText(_ bytes: Span<UInt8>, from index: Int) -> Int {
        var index = index
        while index &+ 8 <= bytes.count {
            let word = load(bytes, at: index)
            let belowSpace = (word &- 0x2020_2020_2020_2020) & ~word
            let delete = word ^ 0x7f7f_7f7f_7f7f_7f7f
            let hits = (belowSpace | ((delete &- 0x0101_0101_0101_0101) & ~delete)) & 0x8080_8080_8080_8080
            if hits == 0 {
                index &+= 8
                continue
            }
            // The lowest hit is exact; a borrow can only raise false ones above it.
            index &+= hits.trailingZeroBitCount &>> 3
            if bytes[index] != Byte.tab { return index }
            index &+= 1
        }
        while index < bytes.count {
            let byte = bytes[index]
            if (byte < Byte.space && byte != Byte.tab) || byte == Byte.delete { return index }
            index &+= 1
        }
        return index
    }
}
