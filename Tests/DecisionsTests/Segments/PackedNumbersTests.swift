import Support
import Testing

@testable import Decisions

struct PackedNumbersTests {
    /// Lists as they come in blocks, and as they never should.
    private static func list(_ kind: Int, _ count: Int, _ random: inout SplitMix64) -> [UInt64] {
        let shift = UInt64.random(in: 0...63, using: &random)
        return (0..<count).map { index in
            let word = random.next()
            switch kind {
            case 0: return 7
            case 1: return word >> shift
            case 2: return word
            case 3: return index % 97 == 0 ? word : word >> 58
            case 4: return 1_700_000_000_000_000_000 &+ word >> 50 &- (index % 50 == 3 ? 1 << 40 : 0)
            case 5: return index % 2 == 0 ? 0 : word
            case 6: return UInt64(index)
            default: return UInt64.max &- word >> 40
            }
        }
    }

    @Test(arguments: 0..<8) func `a list is the same after it was packed`(_ kind: Int) {
        var random = SplitMix64(seed: 81 + UInt64(kind))
        for count in [0, 1, 2, 63, 64, 65, 500, 8_192] + (0..<20).map({ _ in Int.random(in: 0...300, using: &random) }) {
            let numbers = Self.list(kind, count, &random)
            for base in [NumberPacking.Base.zero, .near] {
                var words: [UInt64] = [0xFEED]
                NumberPacking.pack(numbers.span, from: base, into: &words)
                #expect(words.count - 1 == NumberPacking.cost(numbers.span, from: base))
                words.append(.max)
                var read = [UInt64](repeating: 0xBAD, count: count + 1)
                let packed = PackedNumbers(words.span, at: 1)
                let isRead = packed?.unpack(words.span, into: &read) ?? false
                #expect(packed?.count == count && packed?.end == words.count - 1 && isRead)
                #expect(Array(read[..<count]) == numbers && read[count] == 0xBAD)
            }
        }
    }

    @Test func `numbers near each other take the bits of their distance, and a few strays take none of the others'`() {
        var random = SplitMix64(seed: 90)
        let near = (0..<8_192).map { _ in 1 << 60 + random.next() >> 56 }
        #expect(NumberPacking.cost(near.span, from: .near) == 8_192 * 8 / 64 + 2)
        let strays = near.indices.map { $0 % 1_000 == 500 ? random.next() : near[$0] }
        #expect(NumberPacking.cost(strays.span, from: .near) < 8_192 * 10 / 64)
    }

    @Test func `distances are small numbers either way`() {
        for distance in [0, 1, -1, 2, 1_000, -1_000, Int64.max, .min] {
            #expect(UInt64.folded(UInt64(bitPattern: distance)).unfolded == UInt64(bitPattern: distance))
        }
        #expect([0, 1, -1, 2, -2].map { UInt64.folded(UInt64(bitPattern: Int64($0))) } == [0, 2, 1, 4, 3])
    }

    @Test func `an exception behind the last number is refused`() {
        // Ten numbers of no bits, one exception of eight: marked, or named by its place.
        for (hasBitmap, marks) in [(true, [1 << 9, 1 << 10]), (false, [9, 10])] as [(Bool, [UInt64])] {
            for (place, mark) in zip([9, 10], marks) {
                let words = [10 << 32 | 1 << 16 | (hasBitmap ? 1 : 0) << 14 | 8 << 7, 5, mark, 0xFF, 0] as [UInt64]
                var read = [UInt64](repeating: 0, count: 12)
                let isRead = PackedNumbers(words.span, at: 0)?.unpack(words.span, into: &read)
                #expect(isRead == (place == 9), "place \(place)")
                #expect(read[9] == (place == 9 ? 260 : 5) && read[10] == 0)
            }
        }
    }

    @Test func `words that were never packed are refused or read, and nothing traps`() {
        var random = SplitMix64(seed: 91)
        var read = [UInt64](repeating: 0, count: DecisionLimits.blockRecords)
        for round in 0..<Soak.count(40_000) {
            var words: [UInt64] = []
            let list = Self.list(round % 8, Int.random(in: 0...70, using: &random), &random)
            NumberPacking.pack(list.span, from: .near, into: &words)
            words.append(0)
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                words[Int.random(in: 0..<min(3, words.count), using: &random)] ^= 1 << UInt64.random(in: 0...63, using: &random)
            }
            if let packed = PackedNumbers(words.span, at: Int.random(in: 0...2, using: &random)) {
                _ = packed.unpack(words.span, into: &read)
            }
        }
    }
}
