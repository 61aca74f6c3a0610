/// The field lines of a head: one array for its life, filled anew for each head without being cleared. An array, not an inline one: reading
/// one line of 2 KB kept inline costs a copy of all of it wherever the compiler passes the head by value.
struct FieldTable {
    private var storage = [Field](repeating: Field(name: Slice(), value: Slice(), known: .other), count: Limits.fields)
    private(set) var count = 0

    subscript(index: Int) -> Field {
        precondition(index < count, "a field beyond those of this head")
        return storage[index]
    }

    @inline(__always)
    mutating func removeAll() {
        count = 0
    }

    /// Reads the line at `index` and moves `index` behind it; nil at the empty line that ends the head.
    @inline(__always)
    mutating func readLine(_ bytes: Span<UInt8>, at index: inout Int) throws(Halt) -> Field? {
        let start = index
        guard start < bytes.count else { throw .incomplete }
        if bytes[start] == Byte.carriageReturn {
            try FieldTable.expectLineFeed(bytes, at: start &+ 1)
            index = start &+ 2
            return nil
        }
        guard count < Limits.fields else { throw .refused(.tooManyFields) }
        var marks: UInt8 = 0
        var colon = start
        while colon < bytes.count {
            let kind = Byte.kind(bytes[colon])
            guard kind & Byte.token != 0 else { break }
            marks |= kind
            colon &+= 1
        }
        guard colon < bytes.count else { throw .incomplete }
        guard bytes[colon] == Byte.colon, colon > start else { throw FieldTable.badName(bytes[colon], atFront: colon == start) }

        let value = try FieldTable.readValue(bytes, at: colon &+ 1, next: &index)
        let isIrregular = marks & Byte.punctuationMark != 0
        let known = isIrregular ? KnownField.irregular : KnownField.recognise(bytes, from: start, count: colon &- start)
        let field = Field(name: Slice(start, colon), value: value, known: known)
        storage[count] = field
        count &+= 1
        return field
    }

    /// The value that begins at `start`, without the blanks around it, and where the next line begins.
    @inline(__always)
    private static func readValue(_ bytes: Span<UInt8>, at start: Int, next: inout Int) throws(Halt) -> Slice {
        var start = start
        while start < bytes.count, Byte.isBlank(bytes[start]) { start &+= 1 }
        let stop = Word.endOfText(bytes, from: start)
        guard stop < bytes.count else { throw .incomplete }
        guard bytes[stop] == Byte.carriageReturn else { throw .malformed("control byte in a field value") }
        try expectLineFeed(bytes, at: stop &+ 1)
        next = stop &+ 2
        var end = stop
        while end > start, Byte.isBlank(bytes[end &- 1]) { end &-= 1 }
        return Slice(start, end)
    }

    @inline(__always)
    static func expectLineFeed(_ bytes: Span<UInt8>, at index: Int) throws(Halt) {
        guard index < bytes.count else { throw .incomplete }
        guard bytes[index] == Byte.lineFeed else { throw .malformed("bare CR") }
    }

    @inline(never)
    private static func badName(_ byte: UInt8, atFront: Bool) -> Halt {
        switch byte {
        case Byte.space, Byte.tab: .malformed(atFront ? "folded line" : "blank before the colon")
        case Byte.colon: .malformed("empty field name")
        case Byte.carriageReturn: .malformed("line without a colon")
        case Byte.lineFeed: .malformed("bare LF")
        default: .malformed("field name is not a token")
        }
    }
}
