package import Registry

/// What citizens are hashed by in records. It lives in a process's memory alone, so that nobody, with all records and all tokens in hand, can say
/// who a subject was once the process has ended; and each day has a key of its own, so that nobody is followed from day to day.
package struct SubjectSecret: Sendable {
    private let words: InlineArray<4, UInt64>

    /// A secret of 256 random bits.
    package init(_ words: (UInt64, UInt64, UInt64, UInt64)) { self.words = [words.0, words.1, words.2, words.3] }

    /// The key of a day, counted from 1970: halves of SHA-256 of the secret and the day.
    package func key(ofDay day: Int64, by digest: DigestFunction) -> SubjectKey {
        var bytes: [UInt8] = []
        for index in 0..<5 {
            let word = index < 4 ? words[index] : UInt64(bitPattern: day)
            for shift in stride(from: UInt64(0), to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
        }
        let found = digest(bytes.span)
        return SubjectKey(day: day, found.first, found.second)
    }
}

/// Hashes citizens' names on one day: SipHash-2-4 (Aumasson and Bernstein 2012), of which nobody without the key can tell what was hashed.
package struct SubjectKey: Sendable {
    /// The day it is for, counted from 1970 in the policy's offset.
    package let day: Int64
    private let first: UInt64
    private let second: UInt64

    /// A key from its two words.
    package init(day: Int64, _ first: UInt64, _ second: UInt64) { (self.day, self.first, self.second) = (day, first, second) }

    /// The subject; never 0, which stands for nobody.
    package func subject(_ name: Span<UInt8>) -> UInt64 {
        var state = SipState(first, second)
        var start = 0
        while start + 8 <= name.count {
            state.absorb(SubjectKey.word(name, from: start, count: 8))
            start += 8
        }
        state.absorb(SubjectKey.word(name, from: start, count: name.count - start) | UInt64(name.count & 0xFF) << 56)
        let hash = state.finish()
        return hash == 0 ? 1 : hash
    }

    private static func word(_ bytes: Span<UInt8>, from start: Int, count: Int) -> UInt64 {
        var word: UInt64 = 0
        for index in 0..<count { word |= UInt64(bytes[start + index]) << UInt64(8 * index) }
        return word
    }
}

/// The four words that SipHash turns.
private struct SipState {
    private var (zero, one, two, three): (UInt64, UInt64, UInt64, UInt64)

    init(_ first: UInt64, _ second: UInt64) {
        (zero, one) = (first ^ 0x736F_6D65_7073_6575, second ^ 0x646F_7261_6E64_6F6D)
        (two, three) = (first ^ 0x6C79_6765_6E65_7261, second ^ 0x7465_6462_7974_6573)
    }

    mutating func absorb(_ word: UInt64) {
        three ^= word
        turn()
        turn()
        zero ^= word
    }

    mutating func finish() -> UInt64 {
        two ^= 0xFF
        for _ in 0..<4 { turn() }
        return zero ^ one ^ two ^ three
    }

    private mutating func turn() {
        zero &+= one
        one = one << 13 | one >> 51
        one ^= zero
        zero = zero << 32 | zero >> 32
        two &+= three
        three = three << 16 | three >> 48
        three ^= two
        zero &+= three
        three = three << 21 | three >> 43
        three ^= zero
        two &+= one
        one = one << 17 | one >> 47
        one ^= two
        two = two << 32 | two >> 32
    }
}
