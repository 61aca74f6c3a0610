import Admission
import Decisions
import Registry
import Wire

// The head of a core store's answer as the client gets it.
extension Exchange {
    mutating func writeAnswerHead(for client: Int, from bytes: Span<UInt8>, at now: Moment) {
        openOutput(client: client)
        // What came before the request was whole may end before it is: then nothing could be told apart on the connection.
        if !clients[client].request.isRead { clients[client].request.keepsAlive = false }
        var output = ByteQueue()
        swap(&output, &clients[client].output)
        output.appendStatusLine(answerHead.status)
        var hasDate = false
        var lines = LineRun()
        for index in 0..<answerHead.fieldCount {
            let field = answerHead.field(index)
            guard field.known.passesToClient, !answerHead.isNamedByConnection(index, bytes) else { continue }
            if case .date = field.known { hasDate = true }
            lines.add(field, to: &output, from: bytes)
        }
        lines.end(in: &output, from: bytes)
        if !hasDate { writeDate(to: &output, at: now) }
        frameAnswer(of: client, in: &output)
        writeOwnFields(for: client, receivedAs: answerHead.minorVersion, to: &output)
        output.append("\r\n")
        clients[client].output = output
        clients[client].request.hasAnswerBegun = true
        clients[client].request.answerStatus = answerHead.status
        clients[client].request.decision.status = UInt16(truncatingIfNeeded: answerHead.status)
    }

    /// Says how the answer's body ends (RFC 9112 §6.3); HTTP/1.0 callers get one that ends with the connection.
    private mutating func frameAnswer(of client: Int, in output: inout ByteQueue) {
        switch answerHead.framing {
        case .none:
            if let length = answerHead.declaredLength, clients[client].request.method == .head || answerHead.status == 304 {
                output.append("Content-Length: ")
                output.append(decimal: length)
                output.append("\r\n")
            }
        case .length(let length):
            output.append("Content-Length: ")
            output.append(decimal: length)
            output.append("\r\n")
        case .chunked, .untilClose:
            if clients[client].request.isHTTP10 {
                clients[client].request.keepsAlive = false
                clients[client].request.endsWithConnection = true
            } else {
                clients[client].request.isChunked = true
                output.append("Transfer-Encoding: chunked\r\n")
            }
        }
    }

    /// The fields every answer carries: the request's id, the limits where a bucket is known, Via with the minor version in which the answer
    /// came (RFC 9110 §7.6.3), and whether the connection goes on.
    mutating func writeOwnFields(for client: Int, receivedAs minorVersion: UInt8 = 1, to output: inout ByteQueue) {
        let application = clients[client].request.application
        let level = clients[client].request.level
        if let level, let rules = clients[client].request.rules {
            let scope = level.scope
            // As of when it was judged: what the level was read under.
            let judged = WallTime(nanoseconds: clients[client].request.decision.wallNanoseconds)
            output.append(rules.policyLine(application: application < 0 ? nil : application, scope: scope, at: judged))
            output.append(decimal: level.remaining)
            output.append(";t=")
            output.append(decimal: level.secondsToFull)
            if level.dayRemaining >= 0 {
                output.append(rules.dayItems[Int(scope.rawValue)])
                output.append(decimal: level.dayRemaining)
                output.append(";t=")
                output.append(decimal: level.secondsToDayEnd)
            }
            output.append("\r\nX-Request-Id: ")
        } else {
            output.append("X-Request-Id: ")
        }
        let id = clients[client].request.idText
        output.append(id.span)
        output.append(minorVersion == 1 ? "\r\nVia: 1.1 partner-gateway\r\n" : "\r\nVia: 1.0 partner-gateway\r\n")
        if clients[client].isSecure { output.append(secureLine) }
        if !clients[client].request.keepsAlive { output.append("Connection: close\r\n") }
    }
}

extension Exchange {
    /// The `Date` field (RFC 9110 §6.6.1), spelt once a second.
    mutating func writeDate(to output: inout ByteQueue, at now: Moment) {
        let second = now.wall.seconds
        if second != dateSecond {
            dateSecond = second
            dateLine.removeAll(keepingCapacity: true)
            dateLine.append("Date: ")
            dateLine.append(httpDate: second)
            dateLine.append("\r\n")
        }
        output.append(dateLine)
    }
}

/// Field lines that pass as they are, gathered while they lie one behind the other with one blank after the colon, so that a head of
/// many lines is a few copies.
struct LineRun {
    private var start: Int32 = 0
    private var end: Int32 = 0

    mutating func add(_ field: Field, to output: inout ByteQueue, from bytes: Span<UInt8>) {
        let isPlain = field.value.start == field.name.end + 2 && bytes[Int(field.name.end) + 1] == 0x20
        if isPlain, field.name.start == end + 2, end > 0 {
            end = field.value.end
            return
        }
        self.end(in: &output, from: bytes)
        if isPlain {
            (start, end) = (field.name.start, field.value.end)
            return
        }
        output.append(bytes, field.name)
        output.append(": ")
        output.append(bytes, field.value)
        output.append("\r\n")
    }

    /// Writes what was gathered.
    mutating func end(in output: inout ByteQueue, from bytes: Span<UInt8>) {
        guard end > 0 else { return }
        output.append(bytes, Slice(start: start, end: end))
        output.append("\r\n")
        (start, end) = (0, 0)
    }
}

extension ResponseHead {
    /// The Retry-After field as seconds: a plain number, or the time left until a date, at least a second (RFC 9110 §10.2.3).
    func retryAfterSeconds(_ bytes: Span<UInt8>, at now: WallTime) -> Int64? {
        for index in 0..<fieldCount where field(index).known == .retryAfter {
            let value = bytes.extracting(field(index).value.range)
            if let date = HTTPDate.epochSeconds(value) { return max(1, date - now.seconds) }
            guard (1...9).contains(value.count), ParameterCheck.isDigits(value) else { return nil }
            var seconds: Int64 = 0
            for position in 0..<value.count { seconds = seconds * 10 + Int64(value[position] - 0x30) }
            return seconds
        }
        return nil
    }
}
