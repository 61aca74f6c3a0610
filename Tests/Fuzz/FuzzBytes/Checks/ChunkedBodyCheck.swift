import Wire

/// What must hold for any bytes taken for a chunked body.
enum ChunkedBodyCheck {
    private struct Outcome: Equatable {
        var payload: [UInt8] = []
        var consumed = 0
        var fault: WireFault?
        var isComplete = false
    }

    /// Whole, in pieces and byte by byte come to the same, and no more payload than the limit.
    static func chunked(_ bytes: Span<UInt8>) {
        let limit: UInt64 = bytes.count % 2 == 0 ? 40 : 1 << 20
        var cuts = Cuts(of: bytes)
        let whole = decode(bytes, limit) { _ in bytes.count }
        hold(whole.payload.count <= Int(limit) && whole.consumed <= bytes.count)
        hold(whole == decode(bytes, limit) { cuts.next(after: $0, count: bytes.count) })
        hold(whole == decode(bytes, limit) { min($0 + 1, bytes.count) })
    }

    /// Each piece is shown alone, as a connection that keeps nothing would.
    private static func decode(_ bytes: Span<UInt8>, _ limit: UInt64, cut: (Int) -> Int) -> Outcome {
        var decoder = BodyDecoder(.chunked, limit: limit)
        var outcome = Outcome()
        var start = 0
        while start < bytes.count {
            let end = cut(start)
            let piece = bytes.extracting(start..<end)
            var offset = 0
            while true {
                let step = decoder.next(piece, from: offset)
                if case .payload(let range) = step {
                    hold(range.lowerBound >= offset && !range.isEmpty && range.upperBound <= piece.count)
                    for index in range { outcome.payload.append(piece[index]) }
                    offset = range.upperBound
                    continue
                }
                switch step {
                case .end(let consumed):
                    outcome.consumed = start + consumed
                    outcome.isComplete = decoder.isComplete
                    return outcome
                case .refused(let fault):
                    outcome.fault = fault
                    return outcome
                case .needMore(let consumed): hold(consumed == piece.count)
                case .payload: break
                }
                break
            }
            start = end
        }
        outcome.consumed = start
        return outcome
    }
}
