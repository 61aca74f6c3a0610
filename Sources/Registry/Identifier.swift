/// An id of a partner, application, plan or route: `[a-z0-9-]{3,40}`, packed into five words so that comparing two is five comparisons.
package struct Identifier: Hashable, Sendable {
    private var words: InlineWords

    private struct InlineWords: Hashable, Sendable {
        var first: UInt64 = 0
        var second: UInt64 = 0
        var third: UInt64 = 0
        var fourth: UInt64 = 0
        var fifth: UInt64 = 0
    }

    /// Bytes an id may have.
    package static let lengths = 3...40

    /// The id spelt by these bytes, or nil if they are out of form.
    package init?(_ bytes: Span<UInt8>) {
        guard Identifier.lengths.contains(bytes.count) else { return nil }
        var words = InlineWords()
        for index in 0..<bytes.count {
            let byte = bytes[index]
            guard Identifier.allows(byte) else { return nil }
            let shifted = UInt64(byte) << UInt64((index & 7) * 8)
            switch index >> 3 {
            case 0: words.first |= shifted
            case 1: words.second |= shifted
            case 2: words.third |= shifted
            case 3: words.fourth |= shifted
            default: words.fifth |= shifted
            }
        }
        self.words = words
    }

    /// The id of that spelling, or nil if it is out of form.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard let identifier = Identifier(bytes.span) else { return nil }
        self = identifier
    }

    /// The five words, least significant byte first: the form in the levels file.
    package var packedWords: [UInt64] { [words.first, words.second, words.third, words.fourth, words.fifth] }

    /// The id from its packed words, or nil if they are not a valid id's.
    package init?(packedWords: [UInt64]) {
        guard packedWords.count == 5 else { return nil }
        var bytes: [UInt8] = []
        for word in packedWords {
            for shift in stride(from: UInt64(0), to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
        }
        while bytes.last == 0 { bytes.removeLast() }
        guard let identifier = Identifier(bytes.span) else { return nil }
        self = identifier
    }

    /// The spelling.
    package var text: String {
        var bytes: [UInt8] = []
        for word in packedWords {
            for shift in stride(from: UInt64(0), to: 64, by: 8) {
                let byte = UInt8(truncatingIfNeeded: word >> shift)
                if byte != 0 { bytes.append(byte) }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func allows(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x61...0x7A, 0x30...0x39, 0x2D: true
        default: false
        }
    }
}
