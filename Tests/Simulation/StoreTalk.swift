import Exchange
import Registry

/// What a core store makes of one connection: requests, read strictly, one at a time, each held against the call it must be.
final class StoreTalk {
    /// The call being received or answered.
    var current: Call?
    /// Calls before it on this connection.
    var served = 0
    /// What it answers the call with, once it does.
    var answer: StoreAnswer?
    /// Where the request begins in what the gateway wrote, where its head ends, and where it ends once that is known.
    var start = 0
    var headEnd = 0
    var end: Int?
    /// Bytes of this connection that the gateway had taken when the request was written.
    var takenBefore = 0
    var isDelivered = false
    /// It sent what nobody had asked for while a request was on its way, so that nobody can tell which answer is whose.
    var isPoisoned = false
    /// It carries a check of the endpoint's health.
    var isCheck = false
    var isCheckAnswered = false
    private var body = BodyReader(.none)
    private var position = 0

    /// Whether the call before is over on both sides, so that another may follow.
    func isFree(_ end: End) -> Bool {
        guard current != nil, !isPoisoned else { return true }
        guard let answer, let requestEnd = self.end else { return false }
        return answer.hasEnd && answer.keepsAlive && end.taken == answer.end && end.sent >= requestEnd
    }

    /// Takes what the gateway wrote; `identify` finds the call by its mark.
    func advance(_ end: End, identify: (Int) -> Call?, _ begin: (Call) -> Void) -> String? {
        while position < end.produced.count {
            if current == nil || body.isDone {
                if let flaw = readHead(end, identify: identify, begin) { return flaw }
            }
            guard let call = current else { return nil }
            let offset = body.payload
            let run = body.next(end.produced, &position)
            if body.isBroken { return "a request's body is not framed well" }
            if !Pattern.matches(end.produced.span.extracting(run), call.mark, false, from: offset) {
                return "a request's body has foreign bytes"
            }
            if body.isDone { self.end = position }
            if body.payload > call.bodyBytes { return "a request's body is too long" }
            if body.isDone, body.payload != call.bodyBytes { return "a request's body is too short" }
        }
        return nil
    }

    /// A check of the endpoint's health: alone on its connection, for nobody.
    private func readCheck(_ lines: HeadLines, _ end: End) -> String? {
        if current != nil || isCheck { return "a check on a connection that has carried a request" }
        isCheck = true
        position = lines.end
        headEnd = lines.end
        let hasRest = lines.has(Name.close) && lines.has(Name.host) && !lines.has(Name.contentLength) && !lines.has(Name.chunked)
        return hasRest && lines.ranges.count == 4 ? nil : "a check has other lines than it should"
    }

    private func readHead(_ end: End, identify: (Int) -> Call?, _ begin: (Call) -> Void) -> String? {
        guard let lines = HeadLines(end.produced, from: position) else { return "a request's head is not well formed" }
        if lines.equals(lines.ranges.first ?? 0..<0, Name.check) { return readCheck(lines, end) }
        guard let value = lines.value(Name.mark), let mark = Pattern.mark(end.produced.span.extracting(value)), let call = identify(mark)
        else {
            return "a request of nobody's: \(lines.text(position..<lines.end))"
        }
        if !isFree(end) { return "a request is sent before the one before it is over" }
        if current != nil { served += 1 }
        current = call
        answer = nil
        start = position
        headEnd = lines.end
        position = lines.end
        takenBefore = end.taken
        isDelivered = false
        begin(call)
        guard case .admitted(let admitted) = call.verdict else { return "a request that is not to pass reaches the core store" }
        if let flaw = RequestRules.flaw(lines, call, admitted, end) { return flaw }
        if lines.has(Name.chunked) {
            body = BodyReader(.chunked)
        } else {
            body = BodyReader(.length(lines.value(Name.contentLength).flatMap { lines.number($0) } ?? 0))
        }
        self.end = body.isDone ? position : nil
        return nil
    }
}

/// What the head of a request must be, line by line: nothing missing, nothing twice, nothing else.
enum RequestRules {
    static let authorities = ["sandbox.store", "production.store"]
    static func flaw(_ lines: HeadLines, _ call: Call, _ admitted: Verdict.Admitted, _ end: End) -> String? {
        if end.endpoint?.environment != admitted.environment { return "a request reaches the other core store" }
        let form = call.form
        var expected = ["\(form.method) \(form.canonical) HTTP/1.1", "Host: \(authorities[Int(admitted.environment.rawValue)])"]
        expected += form.passingLines
        expected.append("X-Forwarded-For: \(Scenery.addresses[call.client.address].1)")
        expected.append("X-Environment: \(admitted.environment.name)")
        if let who = admitted.who { expected += ["X-Partner-Id: \(who.partner)", "X-Application-Id: \(who.name)"] }
        switch form.body {
        case .none: if !form.isSafe { expected.append("Content-Length: 0") }
        case .length: expected.append("Content-Length: \(call.bodyBytes)")
        case .chunked, .brokenChunks, .excess: expected.append("Transfer-Encoding: chunked")
        }
        expected.append("Via: 1.\(form.isHTTP10 ? 0 : 1) partner-gateway")
        var left = expected.map { Array($0.utf8) } + [Name.mark + Pattern.spelt(call.mark)]
        if !lines.equals(lines.ranges[0], left.removeFirst()) { return "a request's first line is \(lines.text(lines.ranges[0]))" }
        var identifier: Range<Int>?
        var trace: Range<Int>?
        for line in lines.ranges.dropFirst() {
            if let place = left.firstIndex(where: { lines.equals(line, $0) }) {
                left.swapAt(place, left.count - 1)
                left.removeLast()
            } else if identifier == nil, lines.begins(line, Name.requestID) {
                identifier = line.lowerBound + Name.requestID.count..<line.upperBound
            } else if trace == nil, lines.begins(line, Name.trace) {
                trace = line.lowerBound + Name.trace.count..<line.upperBound
            } else {
                return "a request has the line \(lines.text(line))"
            }
        }
        if let missing = left.first { return "a request lacks the line \(String(decoding: missing, as: UTF8.self))" }
        guard let identifier, identifier.count == 32, lines.isHexadecimal(identifier) else { return "a request's id is no id" }
        guard let trace, trace.count == 52 else { return "a request's trace is no trace" }
        return nil
    }
}
