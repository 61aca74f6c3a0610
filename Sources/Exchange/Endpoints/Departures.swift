import Admission
import Decisions
import Registry
import Wire

/// What is remembered of a request whose client left while its core store works on it.
struct Departed {
    var report: FaultReport
    var method: Method
    var isSafe: Bool
    /// Monotonic nanoseconds: the request's own.
    var deadline: Int64
    /// Monotonic nanoseconds: when the answer's first byte was due, which may be after the request's own time.
    var firstByteDeadline: Int64
    /// The answer's head has come.
    var hasHead: Bool
    /// It is in flight until the core store is done with it, whoever waits.
    var slot: HeldSlot?
}

// A client leaves while its request is with a core store. Nothing sent yet: it is cancelled. All of it on its way: the answer is read and
// dropped, so that neither the core store's work nor the connection is lost, and what became of a booking is in the log. Else there is a part
// of a request that will never be whole, and only the connection's end says so.
extension Exchange {
    /// The client is gone.
    mutating func leave(client: Int, at now: Moment) {
        let upstream = clients[client].request.upstream
        if clients[client].phase == .exchanging, upstream >= 0, clients[client].request.isRead, upstreams[upstream].hasSent {
            beginDraining(upstream, of: client, at: now)
        }
        abandon(client: client, at: now, ending: .clientLeft)
    }

    private mutating func beginDraining(_ upstream: Int, of client: Int, at now: Moment) {
        let request = clients[client].request
        let hasHead = upstreams[upstream].phase != .waiting
        var report = makeReport(upstream, "the client left before its answer", status: request.answerStatus)
        if let fault = upstreams[upstream].report { report.status = fault.status }
        report.isOutcome = !request.isSafe
        if hasHead, !request.isSafe { reports.append(report) }
        departed[upstream] = Departed(
            report: report, method: request.method, isSafe: request.isSafe, deadline: request.deadline,
            firstByteDeadline: upstreamDeadlines[upstream], hasHead: hasHead, slot: takeSlot(of: client))
        upstreams[upstream].phase = .draining
        upstreams[upstream].client = -1
        clients[client].request.upstream = -1
        upstreamDeadlines[upstream] = hasHead ? request.deadline : min(request.deadline, upstreamDeadlines[upstream])
        // It may have been held back for a client that did not read, and its bytes wait with no edge to come.
        perform(.read(handle(upstream: upstream)))
    }

    /// Bytes of an answer nobody waits for.
    mutating func drainingReceived(_ upstream: Int, _ bytes: Span<UInt8>, at now: Moment) {
        upstreams[upstream].isSilent = false
        guard departed[upstream]?.hasHead == false else { return drop(bytes, from: 0, of: upstream, at: now) }
        var held = ByteQueue()
        swap(&held, &upstreams[upstream].input)
        if held.capacity == 0 { held = buffer() }
        held.append(bytes)
        let taken = held.withReadable { takeHead(of: upstream, $0, at: now) }
        held.consume(taken)
        if upstreams[upstream].phase == .draining, !held.isEmpty { upstreams[upstream].input = held } else { recycle(held) }
    }

    private mutating func takeHead(of upstream: Int, _ bytes: Span<UInt8>, at now: Moment) -> Int {
        guard let method = departed[upstream]?.method else { return bytes.count }
        var start = 0
        while true {
            let rest = bytes.extracting(start...)
            switch answerHead.parse(rest, answering: method) {
            case .incomplete:
                if rest.count > Limits.absorbedBodyBytes { loseDeparted(upstream, at: now) }
                return start
            case .refused:
                loseDeparted(upstream, at: now)
                return bytes.count
            case .complete(let headBytes) where answerHead.isInterim:
                upstreams[upstream].interimAnswers += 1
                guard upstreams[upstream].interimAnswers <= Limits.interimAnswers else {
                    loseDeparted(upstream, at: now)
                    return bytes.count
                }
                start += headBytes
            case .complete(let headBytes):
                noteStatus(answerHead.status, on: upstream, at: now)
                noteOutcome(of: upstream)
                upstreams[upstream].keepsAlive = answerHead.keepAlive
                upstreams[upstream].body = BodyDecoder(answerHead.framing, limit: .max)
                drop(rest, from: headBytes, of: upstream, at: now)
                return bytes.count
            }
        }
    }

    /// The answer's head says what became of the request: for one that changes something, the log is the only one left to be told.
    private mutating func noteOutcome(of upstream: Int) {
        guard var left = departed[upstream] else { return }
        left.hasHead = true
        left.report.status = answerHead.status
        upstreamDeadlines[upstream] = left.deadline
        if !left.isSafe { reports.append(left.report) }
        departed[upstream] = left
    }

    /// The core store is done with a request whose client left.
    mutating func endDeparture(of upstream: Int) {
        departed[upstream]?.slot?.giveBack()
        departed[upstream] = nil
    }

    private mutating func drop(_ bytes: Span<UInt8>, from start: Int, of upstream: Int, at now: Moment) {
        var offset = start
        while true {
            switch upstreams[upstream].body.next(bytes, from: offset) {
            case .payload(let range):
                offset = range.upperBound
                upstreams[upstream].absorbed += range.count
                guard upstreams[upstream].absorbed <= Limits.absorbedBodyBytes else { return close(upstream: upstream) }
            case .needMore: return
            case .end(let consumed):
                if consumed < bytes.count { upstreams[upstream].keepsAlive = false }
                endDeparture(of: upstream)
                return release(upstream, isRequestRead: true, at: now)
            case .refused: return close(upstream: upstream)
            }
        }
    }

    /// No answer, or not the whole of one: what the core store did with the request is not known. One that got it late, and whose time for the
    /// first byte is not over, is not to blame where the request's is.
    mutating func loseDeparted(_ upstream: Int, isLate: Bool = false, at now: Moment) {
        if let left = departed[upstream], !left.hasHead {
            if !isLate {
                noteLoss(of: upstream, at: now)
            } else if left.firstByteDeadline <= now.monotonic.nanoseconds {
                noteFault(on: upstream, at: now)
            }
            noteUnknownOutcome(of: upstream)
        }
        close(upstream: upstream)
    }

    /// Tells of a request that changes something and has no answer, if this is one.
    mutating func noteUnknownOutcome(of upstream: Int) {
        guard let left = departed[upstream], !left.hasHead, !left.isSafe else { return }
        var report = left.report
        report.what = "the client left, and the core store gave no answer: the outcome is unknown"
        reports.append(report)
    }

    /// A client whose answer is ready goes before it has all of it.
    mutating func noteUnsentAnswer(of client: Int) {
        let request = clients[client].request
        guard clients[client].phase == .answering, !request.isSafe, request.answerStatus > 0, !clients[client].output.isEmpty else {
            return
        }
        reports.append(
            FaultReport(
                requestID: request.id, route: request.routeID, environment: request.environment, endpoint: nil,
                what: "the client left before its answer", status: request.answerStatus, body: [], isOutcome: true))
    }
}
