/// Everything in a chunked body that is not payload (RFC 9112 §7.1), byte by byte: sizes, extensions, line ends, trailers.
struct ChunkLines: Sendable {
    enum Event {
        case none
        /// A chunk of this many bytes follows, never 0.
        case chunk(size: UInt64)
        /// The body is over.
        case end
    }

    private enum Place {
        case size, sizeLineFeed
        case extensionName, extensionValue, extensionToken, extensionQuoted, extensionEscape, extensionQuoteEnd
        case dataReturn, dataLineFeed
        case trailerStart, trailerName, trailerValue, trailerLineFeed, lastLineFeed
    }

    private var place = Place.size
    private var size: UInt64 = 0
    private var digits = 0
    /// Bytes of the extensions of this chunk, then of the trailer section.
    private var bytes = 0
    /// Whether the name of an extension has a byte yet.
    private var isNamed = false
    private var fields = 0

    /// Takes the next byte; bytes of payload are never shown to it.
    mutating func step(_ byte: UInt8) throws(WireFault) -> Event {
        switch place {
        case .size:
            try stepInSize(byte)
        case .extensionName, .extensionValue, .extensionToken, .extensionQuoted, .extensionEscape, .extensionQuoteEnd:
            bytes += 1
            guard bytes <= Limits.chunkExtensionBytes || byte == Byte.carriageReturn else { throw .malformed("chunk extensions too long") }
            try stepInExtension(byte)
        case .sizeLineFeed:
            try expect(Byte.lineFeed, byte)
            return endSizeLine()
        case .dataReturn:
            try expect(Byte.carriageReturn, byte)
            place = .dataLineFeed
        case .dataLineFeed:
            try expect(Byte.lineFeed, byte)
            place = .size
        case .lastLineFeed:
            try expect(Byte.lineFeed, byte)
            return .end
        case .trailerStart, .trailerName, .trailerValue, .trailerLineFeed:
            try stepInTrailer(byte)
        }
        return .none
    }

    private func expect(_ wanted: UInt8, _ byte: UInt8) throws(WireFault) {
        guard byte == wanted else { throw .malformed("line end in a chunked body") }
    }

    private mutating func stepInSize(_ byte: UInt8) throws(WireFault) {
        if let digit = Byte.hexadecimalValue(byte) {
            digits += 1
            guard digits <= Limits.chunkSizeDigits else { throw .malformed("chunk size too long") }
            size = size << 4 | UInt64(digit)
            return
        }
        guard digits > 0 else { throw .malformed("chunk without a size") }
        switch byte {
        case Byte.carriageReturn: place = .sizeLineFeed
        case Byte.semicolon: beginExtension()
        default: throw .malformed("chunk size")
        }
    }

    private mutating func beginExtension() {
        if place == .size { bytes = 1 }
        place = .extensionName
        isNamed = false
    }

    private mutating func stepInExtension(_ byte: UInt8) throws(WireFault) {
        let isToken = Byte.kind(byte) & Byte.token != 0
        switch (place, byte) {
        case (.extensionName, _) where isToken: isNamed = true
        case (.extensionName, Byte.equals) where isNamed: place = .extensionValue
        case (.extensionName, Byte.semicolon) where isNamed: beginExtension()
        case (.extensionName, Byte.carriageReturn) where isNamed: place = .sizeLineFeed
        case (.extensionValue, Byte.quote): place = .extensionQuoted
        case (.extensionValue, _) where isToken: place = .extensionToken
        case (.extensionToken, _) where isToken: break
        case (.extensionQuoted, Byte.quote): place = .extensionQuoteEnd
        case (.extensionQuoted, Byte.backslash): place = .extensionEscape
        case (.extensionQuoted, _) where Byte.isText(byte): break
        case (.extensionEscape, _) where Byte.isText(byte): place = .extensionQuoted
        case (.extensionToken, Byte.semicolon), (.extensionQuoteEnd, Byte.semicolon): beginExtension()
        case (.extensionToken, Byte.carriageReturn), (.extensionQuoteEnd, Byte.carriageReturn): place = .sizeLineFeed
        default: throw .malformed("chunk extension")
        }
    }

    private mutating func endSizeLine() -> Event {
        digits = 0
        bytes = 0
        guard size > 0 else {
            place = .trailerStart
            return .none
        }
        place = .dataReturn
        defer { size = 0 }
        return .chunk(size: size)
    }

    private mutating func stepInTrailer(_ byte: UInt8) throws(WireFault) {
        if place == .trailerStart, byte == Byte.carriageReturn {
            place = .lastLineFeed
            return
        }
        bytes += 1
        guard bytes <= Limits.trailerBytes else { throw .headTooLarge }
        let isToken = Byte.kind(byte) & Byte.token != 0
        switch (place, byte) {
        case (.trailerStart, _) where isToken:
            fields += 1
            guard fields <= Limits.trailerFields else { throw .tooManyFields }
            place = .trailerName
        case (.trailerName, _) where isToken: break
        case (.trailerName, Byte.colon): place = .trailerValue
        case (.trailerValue, Byte.carriageReturn): place = .trailerLineFeed
        case (.trailerValue, _) where Byte.isText(byte): break
        case (.trailerLineFeed, Byte.lineFeed): place = .trailerStart
        default: throw .malformed("trailer")
        }
    }
}
