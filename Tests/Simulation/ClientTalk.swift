/// What a client asked on one connection and what it was answered, in order.
final class ClientTalk {
    enum Item {
        case call(Call)
        /// Bytes that are no request, and the statuses they may be refused with; where they begin in what the client sends.
        case garbage(start: Int, end: Int, statuses: [Int])

        var start: Int {
            switch self {
            case .call(let call): call.start
            case .garbage(let start, _, _): start
            }
        }
    }

    /// An answer whose head was read.
    struct Answer {
        var status: Int
        /// Of the core store's, passed on.
        var isRelayed: Bool
        /// Its connection ends after it.
        var closes: Bool
        /// Codes of the contract it may have; empty where it has none.
        var codes: [String] = []
        var wait: Int64?
        /// What its body must be, where the schedule said so.
        var explanation: [UInt8]?
        var bodyStart = 0
    }

    var items: [Item] = []
    var next = 0
    var answer: Answer?
    /// An answer said that it is the last.
    var isOver = false
    /// Monotonic nanoseconds of the end of the last answer, or of the connection's beginning.
    var restsSince: Int64 = 0
    var hasInterim = false
    private var body = BodyReader(.none)
    private var position = 0

    var isMidBody: Bool { answer != nil }
    var endsAtClose: Bool { body.endsAtClose }

    /// The call whose turn it is.
    var call: Call? {
        guard next < items.count, case .call(let call) = items[next] else { return nil }
        return call
    }

    /// Takes what the gateway wrote, as far as it is whole.
    func advance(_ end: End, _ simulator: Simulator) {
        while position < end.produced.count, simulator.failure == nil {
            if answer == nil {
                guard let lines = HeadLines(end.produced, from: position) else {
                    return simulator.fail("an answer's head is not well formed")
                }
                position = lines.end
                guard let found = simulator.judgeHead(lines, for: end, self) else { continue }
                answer = found
                answer?.bodyStart = position
                body = BodyReader(framing(lines, found, end))
            } else if let current = answer {
                let offset = body.payload
                let run = body.next(end.produced, &position)
                if body.isBroken { return simulator.fail("an answer's body is not framed well") }
                if current.isRelayed { simulator.judgeBody(end.produced.span.extracting(run), from: offset, call) }
            }
            if let current = answer, body.isDone { finish(current, end, simulator) }
        }
    }

    private func framing(_ lines: HeadLines, _ answer: Answer, _ end: End) -> BodyReader.Framing {
        // The method is known as soon as its word is whole.
        let isToHead = call.map { $0.form.isHead && end.taken >= $0.start + "HEAD ".utf8.count } ?? false
        if answer.status == 204 || answer.status == 304 || isToHead { return .none }
        if lines.has(Name.chunked) { return .chunked }
        return lines.value(Name.contentLength).flatMap { lines.number($0) }.map { .length($0) } ?? .untilClose
    }

    private func finish(_ found: Answer, _ end: End, _ simulator: Simulator) {
        simulator.judgeEnd(found, payload: body.payload, bodyEnd: position, for: end, self)
        answer = nil
        hasInterim = false
        next += 1
        if found.closes { isOver = true }
    }

    /// The connection ends: an answer that lasts as long as it does is over.
    func endAtClose(_ end: End, _ simulator: Simulator) {
        guard let answer, body.endsAtClose else { return }
        finish(answer, end, simulator)
    }

    var payload: Int { body.payload }
}
