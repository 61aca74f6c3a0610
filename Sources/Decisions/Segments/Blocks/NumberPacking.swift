/// Writes lists of numbers in the form that `PackedNumbers` reads, in the number of bits that makes the whole list shortest.
enum NumberPacking {
    /// Where a list's base comes from.
    enum Base {
        /// Numbers that are small already.
        case zero
        /// Numbers that are near each other: the least of them, or where few lie far below the others, somewhat below what most of them are.
        case near
    }

    /// How a list is packed.
    private struct Plan {
        var base: UInt64
        var width = 0
        var exceptions = 0
        var exceptionWidth = 0
        var hasBitmap = false
        /// All words behind the base.
        var words = Int.max
    }

    /// Appends the list.
    static func pack(_ numbers: Span<UInt64>, from base: Base, into words: inout [UInt64]) {
        let plan = plan(numbers, from: base)
        words.append(
            UInt64(plan.width) | UInt64(plan.exceptionWidth) << 7 | (plan.hasBitmap ? 1 : 0) << 14 | UInt64(plan.exceptions) << 16
                | UInt64(numbers.count) << 32)
        words.append(plan.base)
        let width = UInt64(plan.width)
        let mask: UInt64 = width == 0 ? 0 : UInt64.max >> (64 - width)
        NumberPacking.append(numbers, minus: plan.base, mask, plan.width, to: &words)
        guard plan.exceptions > 0 else { return }
        var (places, upper): ([UInt64], [UInt64]) = ([], [])
        for index in 0..<numbers.count where (numbers[index] &- plan.base) & ~mask != 0 {
            places.append(UInt64(index))
            upper.append((numbers[index] &- plan.base) >> width)
        }
        if plan.hasBitmap {
            var bits = [UInt64](repeating: 0, count: (numbers.count + 63) / 64)
            for place in places { bits[Int(place / 64)] |= 1 << (place % 64) }
            words += bits
        } else {
            NumberPacking.append(places.span, minus: 0, .max, PackedNumbers.placeBits, to: &words)
        }
        NumberPacking.append(upper.span, minus: 0, .max, plan.exceptionWidth, to: &words)
    }

    /// Words that the list would take, its two of description and base among them.
    static func cost(_ numbers: Span<UInt64>, from base: Base) -> Int { plan(numbers, from: base).words + 2 }

    private static func plan(_ numbers: Span<UInt64>, from base: Base) -> Plan {
        guard case .near = base, numbers.count > 0 else { return plan(numbers, minus: 0) }
        var least = UInt64.max
        for index in 0..<numbers.count { least = min(least, numbers[index]) }
        let first = plan(numbers, minus: least)
        // A few samples: half of what is typical lies between the least of them and the middle one.
        let sample = stride(from: 0, to: numbers.count, by: numbers.count / 32 + 1).map { numbers[$0] }.sorted()
        let typical = sample[0] &- (sample[sample.count / 2] &- sample[0])
        guard typical > least, typical <= sample[0] else { return first }
        let second = plan(numbers, minus: typical)
        return second.words < first.words ? second : first
    }

    private static func plan(_ numbers: Span<UInt64>, minus base: UInt64) -> Plan {
        // How many of the numbers have so many bits, from none to 64.
        var counts = InlineArray<65, Int>(repeating: 0)
        for index in 0..<numbers.count { counts[64 &- (numbers[index] &- base).leadingZeroBitCount] &+= 1 }
        var most = 64
        while most > 0, counts[most] == 0 { most -= 1 }
        var best = Plan(base: base)
        var above = 0
        for width in stride(from: most, through: 0, by: -1) {
            var plan = Plan(base: base, width: width, exceptions: above, words: PackedNumbers.wordCount(numbers.count, width))
            if above > 0 {
                let (bitmap, list) = (
                    PackedNumbers.wordCount(numbers.count, 1), PackedNumbers.wordCount(above, PackedNumbers.placeBits)
                )
                (plan.hasBitmap, plan.exceptionWidth) = (bitmap < list, most - width)
                plan.words += min(bitmap, list) + PackedNumbers.wordCount(above, most - width)
            }
            if plan.words < best.words { best = plan }
            above += counts[width]
        }
        return best
    }

    private static func append(_ numbers: Span<UInt64>, minus base: UInt64, _ mask: UInt64, _ width: Int, to words: inout [UInt64]) {
        guard width > 0, numbers.count > 0 else { return }
        let start = words.count
        words.append(contentsOf: repeatElement(0, count: PackedNumbers.wordCount(numbers.count, width)))
        var space = words.mutableSpan
        var (word, filled, place): (UInt64, Int, Int) = (0, 0, start)
        for index in 0..<numbers.count {
            let number = (numbers[index] &- base) & mask
            word |= number &<< UInt64(truncatingIfNeeded: filled)
            filled &+= width
            guard filled >= 64 else { continue }
            space[place] = word
            place &+= 1
            filled &-= 64
            word = filled == 0 ? 0 : number &>> UInt64(truncatingIfNeeded: width &- filled)
        }
        if filled > 0 { space[place] = word }
    }
}
