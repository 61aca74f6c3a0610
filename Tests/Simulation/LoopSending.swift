import Exchange
import Registry

// Sends as a socket takes them: all, a part, or nothing for now.
extension LoopModel {
    func send(_ end: End, through range: Range<Int>? = nil) {
        guard exchange.isCurrent(end.handle) else { return }
        guard !end.isBroken else { return fail(end) }
        let headBytes = exchange.withOutput(of: end.handle) { $0.count }
        let available = headBytes + (range?.count ?? 0)
        guard available > 0 else {
            exchange.passedThrough(end.handle, at: now)
            return observe()
        }
        let count = end.isWritable && end.window > 0 && !end.isConnecting ? min(end.window, simulator.cut(available)) : 0
        take(count, headBytes, range, from: end)
        end.behindSince = count < available ? end.behindSince ?? now.monotonic.nanoseconds : nil
        if count < available {
            end.isWritable = false
            if end.window > 0 { touch(end) }
        }
        if let range, count < available {
            let kept = range.lowerBound + max(0, count - headBytes)
            exchange.keep(piece[piece.startIndex + kept..<piece.startIndex + range.upperBound].span, for: end.handle)
        }
        if headBytes > 0 || count < available {
            exchange.sent(min(count, headBytes), on: end.handle, at: now)
        } else {
            exchange.passedThrough(end.handle, at: now)
        }
        observe()
    }

    /// Moves bytes to the end, and holds them against what the exchange showed when it wrote them.
    private func take(_ count: Int, _ headBytes: Int, _ range: Range<Int>?, from end: End) {
        guard count > 0 else { return }
        let start = end.sent
        guard start + count <= end.produced.count else { return simulator.fail("bytes are sent that were never seen in the output") }
        let produced = end.produced
        let isSame = exchange.withOutput(of: end.handle) { bytes in
            let head = min(count, headBytes)
            return Pattern.isSame(bytes.extracting(0..<head), produced.span.extracting(start..<start + head))
        }
        var isTailSame = true
        if let range, count > headBytes {
            let first = piece.startIndex + range.lowerBound
            let tail = piece[first..<first + count - headBytes]
            isTailSame = Pattern.isSame(tail.span, produced.span.extracting(start + headBytes..<start + count))
        }
        if !isSame || !isTailSame { simulator.fail("output changed or was overtaken before it was sent") }
        end.sent += count
        end.window -= count
        end.movedAt = now.monotonic.nanoseconds
        simulator.didSend(end, from: start, at: now)
    }
}
