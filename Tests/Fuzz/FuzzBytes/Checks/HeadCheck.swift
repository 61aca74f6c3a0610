import Wire

/// What must hold for any bytes taken for a head.
enum HeadCheck {
    /// A request's head.
    static func request(_ bytes: Span<UInt8>) {
        var head = RequestHead()
        let verdict = head.parse(bytes)
        var other = RequestHead()
        checkPieces(bytes, verdict) { other.parse($0) }
        guard case .complete(let byteCount) = verdict else { return }
        hold(bytes[Int(head.path.start)] == 0x2f || (head.method == .options && head.path.count == 1))
        hold(head.minorVersion == 0 || !head.host.isEmpty)
        hold(head.framing != .untilClose)
        for slice in [head.methodSlice, head.path, head.query, head.authority, head.host] { check(slice, bytes, byteCount) }
        if let key = head.apiKey { check(key, bytes, byteCount) }
        if let authorization = head.authorization { check(authorization, bytes, byteCount) }
        for index in 0..<head.fieldCount {
            check(head.field(index), bytes, byteCount)
            _ = head.isNamedByConnection(index, bytes)
        }
    }

    /// A response's head, in answer to GET and to HEAD.
    static func response(_ bytes: Span<UInt8>) {
        for method in [Method.get, .head] {
            var head = ResponseHead()
            let verdict = head.parse(bytes, answering: method)
            var other = ResponseHead()
            checkPieces(bytes, verdict) { other.parse($0, answering: method) }
            guard case .complete(let byteCount) = verdict else { continue }
            hold((100...599).contains(head.status) && head.status != 101)
            hold(head.framing != .untilClose || !head.keepAlive)
            for index in 0..<head.fieldCount {
                check(head.field(index), bytes, byteCount)
                _ = head.isNamedByConnection(index, bytes)
            }
        }
    }

    /// Whatever the pieces, the verdict is the same, a scan ends where parsing has a verdict, and what is refused stays refused.
    private static func checkPieces(_ bytes: Span<UInt8>, _ whole: HeadParse, _ parse: (Span<UInt8>) -> HeadParse) {
        var cuts = Cuts(of: bytes)
        var progress: HeadProgress?
        var place = 0
        repeat {
            place = cuts.next(after: place, count: bytes.count)
            let piece = bytes.extracting(..<place)
            switch progress?.scan(piece) {
            case nil:
                let verdict = parse(piece)
                guard verdict == .incomplete else { return hold(verdict == whole) }
                progress = HeadProgress()
                hold(progress?.scan(piece) == .incomplete)
            case .incomplete: break
            case .ended: return hold(parse(piece) == whole && whole != .incomplete)
            case .refused(let fault): return hold(whole == .refused(fault) && parse(piece) == whole)
            }
        } while place < bytes.count
        // A scan knows bytes, not meanings: a fault of meaning may wait for the head's end, but no end may be missed.
        if case .complete = whole { fatalError("a scan missed the end") }
    }

    private static func check(_ field: Field, _ bytes: Span<UInt8>, _ byteCount: Int) {
        hold(!field.name.isEmpty)
        check(field.name, bytes, byteCount)
        check(field.value, bytes, byteCount)
    }

    /// Inside the head, and free of what could end a line.
    private static func check(_ slice: Slice, _ bytes: Span<UInt8>, _ byteCount: Int) {
        hold(slice.start >= 0 && slice.start <= slice.end && slice.end <= byteCount)
        for index in slice.range {
            hold((bytes[index] >= 0x20 && bytes[index] != 0x7f) || bytes[index] == 0x09)
        }
    }
}
