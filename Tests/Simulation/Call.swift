import Exchange

/// Bytes that tell whose they are: every body is a pattern of its call's mark.
enum Pattern {
    /// Marks are spelt with six digits.
    static let digits = 6

    /// The longest pattern begins well before the table's end.
    private static let longest = 400_000
    private static let table: [UInt8] = {
        var noise = Noise(seed: 11)
        var bytes: [UInt8] = []
        for _ in 0..<(1 << 17) {
            let word = noise.next()
            for place in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(place * 8))) }
        }
        return bytes
    }()

    /// Where in the table a mark's pattern begins.
    private static func start(_ mark: Int, _ isAnswer: Bool) -> Int {
        let hash = UInt32(truncatingIfNeeded: mark &* 2 &+ (isAnswer ? 1 : 0)) &* 0x9E37_79B1
        return Int(hash) % (table.count - longest)
    }

    static func append(_ mark: Int, _ isAnswer: Bool, _ range: Range<Int>, to bytes: inout [UInt8]) {
        let start = start(mark, isAnswer)
        bytes += table[start + range.lowerBound..<start + range.upperBound]
    }

    /// Whether the bytes are the pattern from `offset` on.
    static func matches(_ bytes: Span<UInt8>, _ mark: Int, _ isAnswer: Bool, from offset: Int) -> Bool {
        guard offset + bytes.count <= longest else { return false }
        let start = start(mark, isAnswer) + offset
        return isSame(bytes, table.span.extracting(start..<start + bytes.count))
    }

    /// Whether two runs of bytes of one length are the same: without an early end, so that many are compared at once.
    static func isSame(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        var difference: UInt8 = 0
        for index in 0..<min(left.count, right.count) { difference |= left[index] ^ right[index] }
        return difference == 0
    }

    /// A mark as its six digits.
    static func spelt(_ mark: Int) -> [UInt8] {
        var digits = [UInt8](repeating: 0x30, count: Pattern.digits)
        var rest = mark
        for place in (0..<Pattern.digits).reversed() {
            digits[place] += UInt8(rest % 10)
            rest /= 10
        }
        return digits
    }

    /// The mark spelt at the front, or nil.
    static func mark(_ bytes: Span<UInt8>) -> Int? {
        guard bytes.count >= Pattern.digits else { return nil }
        var mark = 0
        for index in 0..<Pattern.digits {
            guard (0x30...0x39).contains(bytes[index]) else { return nil }
            mark = mark * 10 + Int(bytes[index] - 0x30)
        }
        return mark
    }
}

/// One request of one client, and everything that became of it.
final class Call {
    let mark: Int
    let form: Form
    let formIndex: Int
    /// Payload of its body.
    let bodyBytes: Int
    let client: End
    /// Where it lies in what its client sends.
    var start = 0
    var headEnd = 0
    var end = 0

    var verdict: Verdict?
    /// Monotonic nanoseconds.
    var judgedAt: Int64 = 0
    /// When its first byte was taken by the gateway.
    var begunAt = Int64.max
    /// Core store connections it was sent on or was to be.
    var attempts: [End] = []
    /// Attempts of which a byte went out.
    var deliveries = 0
    /// What its core store did to it.
    var faults: Fault = []
    var interims = 0
    /// What its look-up came to.
    var found: DecisionAnswer?

    struct Fault: OptionSet {
        let rawValue: Int
        /// Refused, or not open in time.
        static let unreachable = Fault(rawValue: 1)
        /// Closed or broken before the answer was whole.
        static let broken = Fault(rawValue: 2)
        /// Not an answer by the rules, or more than one.
        static let nonsense = Fault(rawValue: 4)
        static let serverError = Fault(rawValue: 8)
        static let unavailable = Fault(rawValue: 16)
        /// Bytes that nobody had asked for lay on its connection before it was sent, so whose answer came is not known.
        static let raced = Fault(rawValue: 32)
    }

    init(mark: Int, form: Form, formIndex: Int, bodyBytes: Int, client: End) {
        self.mark = mark
        self.form = form
        self.formIndex = formIndex
        self.bodyBytes = bodyBytes
        self.client = client
    }

    /// Whether the gateway has taken all of it.
    var isTaken: Bool { client.taken >= end }

    /// Its body turns out to be against the rules.
    var isFlawed: Bool { form.body == .brokenChunks || isTooLong }

    /// Its body is longer than its route takes.
    var isTooLong: Bool { bodyBytes > form.place.maximumBodyBytes }
}

/// What a core store answers one call with.
struct StoreAnswer {
    var status: Int
    /// Payload bytes its framing announces; nil where it does not say.
    var announced: Int?
    /// Payload bytes in it.
    var payload: Int
    /// It is an answer by the rules, all of it, and the gateway is to pass it on.
    var isSound: Bool
    /// It has an end behind which another may follow, sound or not.
    var hasEnd: Bool
    /// It ends with the connection.
    var endsAtClose = false
    /// Where in what the store sends its last byte is.
    var end = 0
    /// The connection may be used again.
    var keepsAlive = true
}
