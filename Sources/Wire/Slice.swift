/// Half-open byte range in the bytes that were parsed; 32 bits a side, because a head ends at 16 KiB and a table of fields should stay small.
package struct Slice: BitwiseCopyable, Sendable, Equatable {
    /// Offset of the first byte.
    package var start: Int32
    /// Offset after the last byte.
    package var end: Int32

    /// From `start` up to `end`.
    package init(start: Int32, end: Int32) {
        self.start = start
        self.end = end
    }

    /// Nothing, at the very front.
    package init() {
        self.init(start: 0, end: 0)
    }

    /// The parsers count in `Int`; a head's offsets always fit.
    @inline(__always)
    init(_ start: Int, _ end: Int) {
        self.init(start: Int32(truncatingIfNeeded: start), end: Int32(truncatingIfNeeded: end))
    }

    /// Whether it holds no byte.
    package var isEmpty: Bool { start == end }

    /// Bytes in it.
    package var count: Int { Int(end) - Int(start) }

    /// As offsets for `Span.extracting`.
    package var range: Range<Int> { Int(start)..<Int(end) }
}
