/// A request target (RFC 9112 §3.2), checked and taken apart; only origin-form, absolute-form with http or https, and `*` are known.
struct RequestTarget {
    /// Begins with `/`, or is `*`.
    var path: Slice
    /// Without the question mark.
    var query: Slice
    var hasQuery: Bool
    /// Host and port of the absolute form; nil in the others.
    var authority: Slice?

    /// Reads the target at `index` and leaves `index` on the space behind it.
    @inline(__always)
    static func read(_ bytes: Span<UInt8>, at index: inout Int, for method: Method) throws(Halt) -> RequestTarget {
        let start = index
        let window = min(bytes.count, start &+ Limits.targetBytes &+ 1)
        let (end, marks) = Byte.run(of: Byte.target, bytes, from: start, to: window)
        guard end < window else {
            throw end < bytes.count || end &- start > Limits.targetBytes ? .refused(.targetTooLong) : .incomplete
        }
        guard bytes[end] == Byte.space, end > start else { throw .malformed("byte not allowed in a target") }
        index = end
        let needsCare = marks & (Byte.dotMark | Byte.percentMark) != 0
        let whole = Slice(start, end)
        guard bytes[start] == Byte.slash, method != .connect else {
            return try readOtherForm(bytes, whole, for: method)
        }
        return try split(bytes, pathFrom: start, to: end, needsCare: needsCare)
    }

    /// Path and query from `start`, which holds a slash, to `end`.
    @inline(__always)
    private static func split(_ bytes: Span<UInt8>, pathFrom start: Int, to end: Int, needsCare: Bool) throws(Halt) -> RequestTarget {
        let (mark, hasEmptySegment) = TargetPath.end(bytes, from: start, to: end)
        guard !hasEmptySegment else { throw .malformed("empty segment in the path") }
        let path = Slice(start, mark)
        let query = mark < end ? Slice(mark &+ 1, end) : Slice(end, end)
        if needsCare {
            try TargetPath.check(bytes, path)
            try TargetPath.checkEncodings(bytes, query)
        }
        return RequestTarget(path: path, query: query, hasQuery: mark < end, authority: nil)
    }

    @inline(never)
    private static func readOtherForm(_ bytes: Span<UInt8>, _ whole: Slice, for method: Method) throws(Halt) -> RequestTarget {
        guard method != .connect else { throw .malformed("CONNECT") }
        if whole.count == 1, bytes[Int(whole.start)] == Byte.asterisk {
            guard method == .options else { throw .malformed("* for a method other than OPTIONS") }
            return RequestTarget(path: whole, query: Slice(Int(whole.end), Int(whole.end)), hasQuery: false, authority: nil)
        }
        return try readAbsolute(bytes, whole)
    }

    private static func readAbsolute(_ bytes: Span<UInt8>, _ whole: Slice) throws(Halt) -> RequestTarget {
        let start = Int(whole.start)
        let end = Int(whole.end)
        let scheme: Int
        if end - start > 7, Slice(start, start + 7).isToken(bytes, 0x2f_2f3a_7074_7468) {
            scheme = 7
        } else if end - start > 8, Slice(start, start + 8).isToken(bytes, 0x2f2f_3a73_7074_7468) {
            scheme = 8
        } else {
            throw .malformed("form of the target")
        }
        let front = start + scheme
        var stop = front
        while stop < end, bytes[stop] != Byte.slash, bytes[stop] != Byte.questionMark { stop += 1 }
        let authority = Slice(front, stop)
        try Authority.check(bytes, authority)
        var target: RequestTarget
        if stop < end, bytes[stop] == Byte.slash {
            target = try split(bytes, pathFrom: stop, to: end, needsCare: true)
        } else {
            // No path is the path `/` (RFC 9110 §4.2.3): the slash in front of the authority stands for it.
            let query = stop < end ? Slice(stop + 1, end) : Slice(end, end)
            try TargetPath.checkEncodings(bytes, query)
            target = RequestTarget(path: Slice(front - 1, front), query: query, hasQuery: stop < end, authority: nil)
        }
        target.authority = authority
        return target
    }
}
