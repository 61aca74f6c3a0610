import Wire

@testable import Exchange

/// What must hold for any bytes of a `traceparent` field.
enum TraceParentCheck {
    /// Good is what W3C Trace Context's grammar says, and the places of its parts lie in it.
    static func field(_ bytes: Span<UInt8>) {
        let isGood = TraceParent.isGood(bytes)
        hold(isGood == isGrammatical(bytes.array), "another reading of traceparent")
        guard isGood else { return }
        let place = Slice(start: 0, end: Int32(bytes.count))
        hold(TraceParent.traceID(place) == 3..<35 && TraceParent.flags(place) == 53..<55, "the parts are where they are")
    }

    private static func isGrammatical(_ bytes: [UInt8]) -> Bool {
        let parts = bytes.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        let lengths = [2, 32, 16, 2]
        let digits = Set("0123456789abcdef".utf8)
        guard parts.map(\.count) == lengths, parts.allSatisfy({ $0.allSatisfy(digits.contains) }) else { return false }
        return parts[0].elementsEqual("00".utf8) && parts[1...2].allSatisfy { part in part.contains { $0 != UInt8(ascii: "0") } }
    }
}
