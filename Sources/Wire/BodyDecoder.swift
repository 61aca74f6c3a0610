/// One step of taking a body apart; offsets are in the bytes given to that call.
package enum BodyStep: Equatable {
    /// Payload stands here; the next call begins at its upper bound.
    case payload(Range<Int>)
    /// Everything up to here is used up; call again when there is more.
    case needMore(consumed: Int)
    /// The body is over; what follows belongs to the next message.
    case end(consumed: Int)
    /// The body is against its framing or over its limit.
    case refused(WireFault)
}

/// Finds the payload of one body, in whatever pieces it comes. It holds no bytes: where a piece ends inside a chunk's size or a trailer, it
/// remembers the place only. Chunk extensions and trailers are checked and dropped.
package struct BodyDecoder: Sendable {
    private enum Framing {
        case counted, untilClose, chunked, ended
        case failed(WireFault)
    }

    private var framing: Framing
    private var lines = ChunkLines()
    /// Payload bytes left of the body or the chunk.
    private var remaining: UInt64 = 0
    /// Payload bytes the limit still allows.
    private var allowance: UInt64

    /// For a body framed so, of at most `limit` payload bytes.
    package init(_ framing: BodyFraming, limit: UInt64) {
        allowance = limit
        switch framing {
        case .none: self.framing = .ended
        case .length(let length):
            self.framing = length == 0 ? .ended : length > limit ? .failed(.bodyTooLarge) : .counted
            remaining = length
        case .chunked: self.framing = .chunked
        case .untilClose: self.framing = .untilClose
        }
    }

    /// Whether the body's end was seen.
    package var isComplete: Bool {
        if case .ended = framing { true } else { false }
    }

    /// Whether the body is whole if the connection ends now: complete, or one that ends with the connection.
    package var isCompleteAtClose: Bool {
        switch framing {
        case .ended, .untilClose: true
        case .counted, .chunked, .failed: false
        }
    }

    /// The next piece of payload, or the end, in `bytes` from `offset` on.
    package mutating func next(_ bytes: Span<UInt8>, from offset: Int) -> BodyStep {
        switch framing {
        case .ended: return .end(consumed: offset)
        case .failed(let fault): return .refused(fault)
        case .counted:
            guard offset < bytes.count else { return .needMore(consumed: offset) }
            let payload = take(from: offset, of: bytes.count)
            if remaining == 0 { framing = .ended }
            return .payload(payload)
        case .untilClose:
            guard offset < bytes.count else { return .needMore(consumed: offset) }
            guard allowance > 0 else { return fail(.bodyTooLarge) }
            remaining = allowance
            let payload = take(from: offset, of: bytes.count)
            allowance = remaining
            return .payload(payload)
        case .chunked: return nextOfChunks(bytes, from: offset)
        }
    }

    private mutating func nextOfChunks(_ bytes: Span<UInt8>, from offset: Int) -> BodyStep {
        var index = offset
        while index < bytes.count {
            if remaining > 0 { return .payload(take(from: index, of: bytes.count)) }
            do throws(WireFault) {
                let event = try lines.step(bytes[index])
                index += 1
                switch event {
                case .none: continue
                case .chunk(let size):
                    guard size <= allowance else { throw .bodyTooLarge }
                    allowance -= size
                    remaining = size
                case .end:
                    framing = .ended
                    return .end(consumed: index)
                }
            } catch {
                return fail(error)
            }
        }
        return .needMore(consumed: index)
    }

    private mutating func take(from offset: Int, of count: Int) -> Range<Int> {
        let size = Int(min(UInt64(count - offset), remaining))
        remaining -= UInt64(size)
        return offset..<(offset + size)
    }

    private mutating func fail(_ fault: WireFault) -> BodyStep {
        framing = .failed(fault)
        return .refused(fault)
    }
}
