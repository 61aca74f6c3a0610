/// The elements of a comma-separated list of tokens (RFC 9110 §5.6.1), one after the other; empty elements are skipped.
struct ListElements {
    private var index: Int
    private let end: Int

    init(of value: Slice) {
        index = Int(value.start)
        end = Int(value.end)
    }

    /// The next token; nil at the end. Anything that is not a token is refused.
    mutating func next(_ bytes: Span<UInt8>) throws(Halt) -> Slice? {
        while index < end, bytes[index] == Byte.comma || Byte.isBlank(bytes[index]) { index &+= 1 }
        guard index < end else { return nil }
        let start = index
        while index < end, Byte.kind(bytes[index]) & Byte.token != 0 { index &+= 1 }
        let element = Slice(start, index)
        while index < end, Byte.isBlank(bytes[index]) { index &+= 1 }
        guard !element.isEmpty, index == end || bytes[index] == Byte.comma else { throw .malformed("list of tokens") }
        return element
    }
}

extension Slice {
    /// Whether these at most eight bytes are `word`, which is in lower case, in any case.
    @inline(__always)
    func isToken(_ bytes: Span<UInt8>, _ word: UInt64) -> Bool {
        guard !isEmpty, count <= 8 else { return false }
        return (Word.load(bytes, at: Int(start), count: count) | Word.lowerCase) & (UInt64.max >> UInt64(64 - 8 * count)) == word
    }

    /// Whether these bytes are the 9 to 16 of which `first` and `last` are the first and last eight in lower case, in any case.
    @inline(__always)
    func isToken(_ bytes: Span<UInt8>, count expected: Int, _ first: UInt64, _ last: UInt64) -> Bool {
        guard count == expected else { return false }
        return Word.load(bytes, at: Int(start)) | Word.lowerCase == first && Word.load(bytes, at: Int(end) &- 8) | Word.lowerCase == last
    }

    /// Whether the bytes here and there are the same token, in any case.
    func isSameToken(_ bytes: Span<UInt8>, as other: Slice) -> Bool {
        guard count == other.count else { return false }
        for offset in 0..<count {
            let left = bytes[Int(start) &+ offset]
            let right = bytes[Int(other.start) &+ offset]
            guard left == right || (left ^ right == 0x20 && (0x61...0x7a).contains(left | 0x20)) else { return false }
        }
        return true
    }
}
