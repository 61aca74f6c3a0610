/// A list of numbers in a block, each as its distance from a base in so many bits; the few that need more keep their upper bits apart.
///
/// One word of description, one of the base, the lower bits, and where there are exceptions their places and their upper bits, each part padded to
/// whole words. Lowest bits first.
struct PackedNumbers {
    /// Bits of each number's lower part.
    let width: Int
    /// Numbers.
    let count: Int
    /// What each is the distance from, in arithmetic that wraps.
    let base: UInt64
    /// The first word behind the base.
    let start: Int
    private let exceptions: Int
    private let exceptionWidth: Int
    private let hasBitmap: Bool

    /// Bits of a place in a list of exceptions: a block has at most 8,192 records.
    static let placeBits = 13

    /// What is described at `place`, or nil where that cannot be or goes beyond the words; of the words, the last is never any list's.
    init?(_ words: Span<UInt64>, at place: Int) {
        guard place >= 0, place + 2 < words.count else { return nil }
        let description = words[place]
        width = Int(description & 0x7F)
        exceptionWidth = Int(description >> 7 & 0x7F)
        hasBitmap = description >> 14 & 1 == 1
        exceptions = Int(description >> 16 & 0x3FFF)
        count = Int(description >> 32 & 0x3FFF)
        base = words[place + 1]
        start = place + 2
        guard description >> 46 == 0, description >> 15 & 1 == 0, description >> 30 & 3 == 0, count <= DecisionLimits.blockRecords,
            exceptions <= count, width + exceptionWidth <= 64, end < words.count
        else { return nil }
    }

    /// The first word behind all of it.
    var end: Int { upperStart + PackedNumbers.wordCount(exceptions, exceptionWidth) }

    private var placesStart: Int { start + PackedNumbers.wordCount(count, width) }
    private var upperStart: Int {
        guard exceptions > 0 else { return placesStart }
        return placesStart + (hasBitmap ? PackedNumbers.wordCount(count, 1) : PackedNumbers.wordCount(exceptions, PackedNumbers.placeBits))
    }

    static func wordCount(_ count: Int, _ width: Int) -> Int { (count &* width &+ 63) / 64 }

    /// Writes all numbers over the first of `numbers`, which has room for them; false where an exception stands nowhere.
    func unpack(_ words: Span<UInt64>, into numbers: inout [UInt64]) -> Bool {
        var space = numbers.mutableSpan
        PackedNumbers.unpackLower(words, self, &space)
        guard exceptions > 0 else { return true }
        var reader = BitReader(place: upperStart * 64, width: exceptionWidth)
        let shift = UInt64(truncatingIfNeeded: width)
        if hasBitmap { return addMarked(words, &reader, to: &space) }
        var places = BitReader(place: placesStart * 64, width: PackedNumbers.placeBits)
        for _ in 0..<exceptions {
            let index = Int(truncatingIfNeeded: places.next(words))
            guard index < count else { return false }
            space[index] = space[index] &+ reader.next(words) << shift
        }
        return true
    }

    /// Adds the upper bits of the exceptions that a bitmap marks, a word of it at a time.
    private func addMarked(_ words: Span<UInt64>, _ reader: inout BitReader, to space: inout MutableSpan<UInt64>) -> Bool {
        let shift = UInt64(truncatingIfNeeded: width)
        var found = 0
        for place in 0..<PackedNumbers.wordCount(count, 1) {
            var marks = words[placesStart &+ place]
            while marks != 0 {
                let index = place &* 64 &+ marks.trailingZeroBitCount
                guard index < count, found < exceptions else { return false }
                space[index] = space[index] &+ reader.next(words) << shift
                found &+= 1
                marks &= marks &- 1
            }
        }
        return found == exceptions
    }

    /// The inner loop of all reading: without a branch, since the word behind the last one is there.
    private static func unpackLower(_ words: Span<UInt64>, _ form: PackedNumbers, _ space: inout MutableSpan<UInt64>) {
        let (base, width) = (form.base, form.width)
        guard width > 0 else {
            for index in 0..<form.count { space[index] = base }
            return
        }
        let mask = UInt64.max &>> UInt64(truncatingIfNeeded: 64 &- width)
        var bit = form.start &* 64
        for index in 0..<form.count {
            let shift = UInt64(truncatingIfNeeded: bit & 63)
            let low = words[bit &>> 6] &>> shift
            let high = (words[bit &>> 6 &+ 1] &<< 1) &<< (63 &- shift)
            space[index] = base &+ ((low | high) & mask)
            bit &+= width
        }
    }
}

/// Reads numbers of a width one after the other, from a bit on; there is a word behind the last of them.
private struct BitReader {
    var place: Int
    let width: Int

    mutating func next(_ words: Span<UInt64>) -> UInt64 {
        guard width > 0 else { return 0 }
        let shift = UInt64(truncatingIfNeeded: place & 63)
        let bits = words[place &>> 6] &>> shift | (words[place &>> 6 &+ 1] &<< 1) &<< (63 &- shift)
        place &+= width
        return bits & UInt64.max &>> UInt64(truncatingIfNeeded: 64 &- width)
    }
}

extension UInt64 {
    /// A signed distance as a number that is small where the distance is, whichever way it goes.
    static func folded(_ distance: UInt64) -> UInt64 { distance &<< 1 ^ (0 &- distance &>> 63) }

    /// The distance that `folded` made this of.
    var unfolded: UInt64 { self &>> 1 ^ (0 &- (self & 1)) }
}
