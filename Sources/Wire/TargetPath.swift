/// Rules for a path that must mean the same to us and to whoever reads it behind us: nothing in it may ask to be normalised.
enum TargetPath {
    /// Where the path that begins at `start` ends, at a question mark or at `limit`, and whether two slashes follow one another in it.
    @inline(__always)
    static func end(_ bytes: Span<UInt8>, from start: Int, to limit: Int) -> (end: Int, hasEmptySegment: Bool) {
        var index = start
        var previous: UInt64 = 0
        while index < limit, index &+ 8 <= bytes.count {
            let word = Word.load(bytes, at: index)
            let within = limit &- index < 8 ? (1 &<< UInt64(8 &* (limit &- index))) &- 1 : UInt64.max
            let questionMarks = Word.places(of: Byte.questionMark, in: word) & within
            // Everything below the first question mark; everything where there is none.
            let path = (questionMarks & (0 &- questionMarks)) &- 1 & within
            let slashes = Word.places(of: Byte.slash, in: word) & path
            guard slashes & (slashes &<< 8 | previous) == 0 else { return (index, true) }
            guard questionMarks == 0 else { return (index &+ questionMarks.trailingZeroBitCount &>> 3, false) }
            previous = slashes &>> 56
            index &+= 8
        }
        var followsSlash = previous != 0
        while index < limit, bytes[index] != Byte.questionMark {
            let isSlash = bytes[index] == Byte.slash
            if isSlash, followsSlash { return (index, true) }
            followsSlash = isSlash
            index &+= 1
        }
        return (min(index, limit), false)
    }

    /// No segment `.` or `..` (plain or encoded), no encoded `/`, `\`, NUL or other control.
    static func check(_ bytes: Span<UInt8>, _ path: Slice) throws(Halt) {
        let end = Int(path.end)
        var index = Int(path.start)
        while index < end {
            // `index` stands on a slash.
            index += 1
            let segment = index
            var dots = 0
            var others = 0
            while index < end, bytes[index] != Byte.slash {
                let byte = try decode(bytes, at: &index, end: end)
                switch byte {
                case Byte.dot: dots += 1
                case Byte.slash, Byte.backslash: throw .malformed("encoded slash in the path")
                case 0..<Byte.space, Byte.delete: throw .malformed("encoded control in the path")
                default: others += 1
                }
            }
            guard index > segment || index == end else { throw .malformed("empty segment in the path") }
            guard others > 0 || dots == 0 || dots > 2 else { throw .malformed("dot segment in the path") }
        }
    }

    /// Every `%` is followed by two hexadecimal digits.
    static func checkEncodings(_ bytes: Span<UInt8>, _ slice: Slice) throws(Halt) {
        var index = Int(slice.start)
        while index < Int(slice.end) {
            _ = try decode(bytes, at: &index, end: Int(slice.end))
        }
    }

    /// The byte at `index`, decoded if it is percent-encoded; moves behind it.
    private static func decode(_ bytes: Span<UInt8>, at index: inout Int, end: Int) throws(Halt) -> UInt8 {
        let byte = bytes[index]
        guard byte == Byte.percent else {
            index += 1
            return byte
        }
        guard index + 2 < end, let high = Byte.hexadecimalValue(bytes[index + 1]), let low = Byte.hexadecimalValue(bytes[index + 2]) else {
            throw .malformed("percent-encoding")
        }
        index += 3
        return high << 4 | low
    }
}
