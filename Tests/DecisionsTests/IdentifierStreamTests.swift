import Decisions
import Support
import Testing

struct IdentifierStreamTests {
    @Test(arguments: [(0, 0), (1, 2), (0x9E37_79B9_7F4A_7C15, 0x9E37_79B9_7F4A_7C15)] as [(UInt64, UInt64)])
    func `a stream's ids differ, even within one millisecond`(_ first: UInt64, _ second: UInt64) {
        let stream = IdentifierStream(first, second)
        var seen: Set<[UInt64]> = []
        let count = UInt64(Soak.count(1_000_000))
        for sequence in 0..<count {
            let words = stream.words(sequence: sequence, wallMilliseconds: 1_700_000_000_000)
            seen.insert([words.high, words.low])
        }
        #expect(seen.count == Int(count))
    }

    @Test func `ids of a thousand streams differ`() {
        var random = SplitMix64(seed: 31)
        var seen: Set<[UInt64]> = []
        for _ in 0..<1_000 {
            let stream = IdentifierStream(random.next(), random.next())
            for sequence in 0..<UInt64(100) {
                let words = stream.words(sequence: sequence, wallMilliseconds: 1)
                seen.insert([words.high, words.low])
            }
        }
        #expect(seen.count == 100_000)
    }

    @Test func `every random bit is set in half of the ids, whatever its neighbour is`() {
        let stream = IdentifierStream(7, 8)
        let count = 40_000
        var set = [Int](repeating: 0, count: 80)
        var changed = set
        var before: (high: UInt64, low: UInt64) = (0, 0)
        for sequence in 0..<UInt64(count) {
            let words = stream.words(sequence: sequence, wallMilliseconds: 0)
            for bit in 0..<80 {
                let (now, then) = bit < 64 ? (words.low, before.low) : (words.high, before.high)
                let place = UInt64(bit % 64)
                set[bit] += Int(now >> place & 1)
                changed[bit] += Int((now ^ then) >> place & 1)
            }
            before = words
        }
        // Seven standard deviations of a fair coin.
        let fair = count / 2 - 700...count / 2 + 700
        for bit in 1..<80 { #expect(fair.contains(set[bit]) && fair.contains(changed[bit]), "bit \(bit)") }
        #expect(set[0] == count, "the second half is never zero")
    }

    @Test func `an id begins with its milliseconds`() {
        let words = IdentifierStream(3, 4).words(sequence: 5, wallMilliseconds: 0x0123_4567_89AB)
        #expect(words.high >> 16 == 0x0123_4567_89AB)
        #expect(words.low & 1 == 1)
    }
}
