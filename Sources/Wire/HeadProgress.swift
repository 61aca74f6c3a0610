/// What looking at more of an incomplete head came to.
package enum HeadScan: Equatable {
    /// Neither an end nor a fault yet.
    case incomplete
    /// Parse now: the head is whole, or there is a fault in it that parsing names; it will not say `incomplete`.
    case ended
    /// Refused without parsing, as parsing would: the message does not even begin like one.
    case refused(WireFault)
}

/// How far a head was looked through whose first parse said `incomplete`: each byte is looked at once, so that a head fed byte by byte costs no
/// more than twice one fed whole. Good for requests and responses; one for each head.
package struct HeadProgress: Sendable {
    private enum Place {
        case front, frontLineFeed, afterEmptyLine, firstWord, startLine, startLineFeed, lineStart, name, value, lineFeed, lastLineFeed
    }

    private var place = Place.front
    private var scanned = 0
    private var wordBytes = 0
    private var fields = 0

    /// At the front of a head.
    package init() {}

    /// Looks at what was added; `bytes` begin where the head begins, each time.
    package mutating func scan(_ bytes: Span<UInt8>) -> HeadScan {
        let bytes = bytes.extracting(first: Limits.headBytes)
        while scanned < bytes.count {
            if place == .value || place == .startLine {
                scanned = Word.endOfText(bytes, from: scanned)
                if scanned == bytes.count { break }
            }
            let verdict = step(bytes[scanned])
            guard verdict == .incomplete else { return verdict }
            scanned += 1
        }
        return scanned == Limits.headBytes ? .ended : .incomplete
    }

    private mutating func step(_ byte: UInt8) -> HeadScan {
        switch place {
        case .front where byte == Byte.carriageReturn: return move(to: .frontLineFeed)
        case .frontLineFeed: return byte == Byte.lineFeed ? move(to: .afterEmptyLine) : .refused(.malformed("bare CR"))
        case .front, .afterEmptyLine, .firstWord: return stepInFirstWord(byte)
        case .startLine: return byte == Byte.carriageReturn ? move(to: .startLineFeed) : .ended
        case .startLineFeed, .lineFeed: return byte == Byte.lineFeed ? move(to: .lineStart) : .ended
        case .lineStart where byte == Byte.carriageReturn: return move(to: .lastLineFeed)
        case .lineStart:
            fields += 1
            return fields <= Limits.fields && Byte.kind(byte) & Byte.token != 0 ? move(to: .name) : .ended
        case .name where byte == Byte.colon: return move(to: .value)
        case .name: return Byte.kind(byte) & Byte.token != 0 ? .incomplete : .ended
        case .value: return byte == Byte.carriageReturn ? move(to: .lineFeed) : .ended
        case .lastLineFeed: return .ended
        }
    }

    /// A method, or the version of a response: nothing before it could have been refused for another reason.
    private mutating func stepInFirstWord(_ byte: UInt8) -> HeadScan {
        if byte == Byte.space, wordBytes > 0 { return move(to: .startLine) }
        wordBytes += 1
        guard Byte.kind(byte) & Byte.token != 0 || byte == Byte.slash, wordBytes <= Limits.methodBytes else {
            return .refused(.malformed("neither a method nor a version"))
        }
        return move(to: .firstWord)
    }

    private mutating func move(to next: Place) -> HeadScan {
        place = next
        return .incomplete
    }
}
