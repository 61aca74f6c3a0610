import Admission
import Decisions
import Registry
import Wire

// The answer of a core store on its way to the client.
extension Exchange {
    /// Bytes of a core store: a head, or the rest of a body.
    mutating func upstreamReceived(_ upstream: Int, _ bytes: Span<UInt8>, at now: Moment) {
        switch upstreams[upstream].phase {
        case .free, .connecting: return
        case .pooled: close(upstream: upstream)
        case .waiting:
            upstreams[upstream].isSilent = false
            if upstreams[upstream].input.isEmpty {
                let taken = takeAnswer(on: upstream, from: bytes, isPiece: true, at: now)
                holdAnswer(bytes.extracting(taken...), on: upstream)
            } else {
                upstreams[upstream].input.append(bytes)
                continueAnswer(on: upstream, at: now)
            }
        case .answering: relayBody(of: upstream, from: bytes, at: 0, inPiece: 0, now: now)
        case .absorbing: absorb(upstream, from: bytes, at: 0, now: now)
        case .draining: drainingReceived(upstream, bytes, at: now)
        case .probing: checkReceived(upstream, bytes, at: now)
        }
    }

    private mutating func holdAnswer(_ rest: Span<UInt8>, on upstream: Int) {
        guard !rest.isEmpty, upstreams[upstream].phase == .waiting else { return }
        if upstreams[upstream].input.capacity == 0 { upstreams[upstream].input = buffer() }
        upstreams[upstream].input.append(rest)
    }

    private mutating func continueAnswer(on upstream: Int, at now: Moment) {
        var held = ByteQueue()
        swap(&held, &upstreams[upstream].input)
        let taken = held.withReadable { bytes in
            switch upstreams[upstream].progress.scan(bytes) {
            case .incomplete: return 0
            case .ended: return takeAnswer(on: upstream, from: bytes, isPiece: false, at: now)
            case .refused:
                failAnswer(on: upstream, "the core store's answer is not HTTP", at: now)
                return bytes.count
            }
        }
        held.consume(taken)
        if upstreams[upstream].phase == .waiting, !held.isEmpty {
            upstreams[upstream].input = held
        } else {
            recycle(held)
        }
    }

    /// Respond: takes the answer's head, and what is there of its body, from the front of the bytes; gives how many are done with.
    /// `isPiece` says that these bytes are the piece just received, all of it.
    private mutating func takeAnswer(on upstream: Int, from bytes: Span<UInt8>, isPiece: Bool, at now: Moment) -> Int {
        let client = upstreams[upstream].client
        var start = 0
        while true {
            let rest = bytes.extracting(start...)
            switch answerHead.parse(rest, answering: clients[client].request.method) {
            case .incomplete:
                upstreams[upstream].progress = HeadProgress()
                _ = upstreams[upstream].progress.scan(rest)
                return start
            case .refused:
                failAnswer(on: upstream, "the core store's answer is not HTTP", at: now)
                return bytes.count
            case .complete(let headBytes) where answerHead.isInterim:
                upstreams[upstream].interimAnswers += 1
                guard upstreams[upstream].interimAnswers <= Limits.interimAnswers else {
                    failAnswer(on: upstream, "the core store sends interim answers only", at: now)
                    return bytes.count
                }
                start += headBytes
            case .complete(let headBytes):
                beginAnswer(on: upstream, rest, bodyAt: headBytes, inPiece: isPiece ? start : nil, at: now)
                return bytes.count
            }
        }
    }

    private mutating func beginAnswer(on upstream: Int, _ bytes: Span<UInt8>, bodyAt start: Int, inPiece place: Int?, at now: Moment) {
        let client = upstreams[upstream].client
        upstreams[upstream].keepsAlive = answerHead.keepAlive
        upstreams[upstream].body = BodyDecoder(answerHead.framing, limit: .max)
        upstreamDeadlines[upstream] = now.monotonic.after(milliseconds: Limits.answerPieceMilliseconds)
        noteStatus(answerHead.status, on: upstream, at: now)
        guard answerHead.status < 500 else {
            beginAbsorbing(upstream, status: answerHead.status, bytes, at: now)
            return absorb(upstream, from: bytes, at: start, now: now)
        }
        upstreams[upstream].phase = .answering
        writeAnswerHead(for: client, from: bytes, at: now)
        relayBody(of: upstream, from: bytes, at: start, inPiece: place, now: now)
    }

    /// Passes payload on: small pieces behind what is already to be sent, large ones from where they were read: the bytes begin at `place` in
    /// the piece just received; nil where they were held meanwhile and lie elsewhere.
    private mutating func relayBody(of upstream: Int, from bytes: Span<UInt8>, at start: Int, inPiece place: Int?, now: Moment) {
        let client = upstreams[upstream].client
        var offset = start
        var through = 0..<0
        while true {
            switch upstreams[upstream].body.next(bytes, from: offset) {
            case .payload(let range):
                offset = range.upperBound
                if let place, range.count > Limits.copiedBodyBytes, !clients[client].request.isChunked, isLast(range, of: bytes) {
                    through = place + range.lowerBound..<place + range.upperBound
                } else {
                    deliver(bytes.extracting(range), to: client)
                }
            case .needMore:
                upstreamDeadlines[upstream] = now.monotonic.after(milliseconds: Limits.answerPieceMilliseconds)
                return send(client, through)
            case .end(let consumed):
                if consumed < bytes.count { upstreams[upstream].keepsAlive = false }
                send(client, through)
                return finishAnswer(on: upstream, at: now)
            case .refused:
                return breakOff(upstream, "the core store's body is not framed as announced", at: now)
            }
        }
    }

    /// Only a piece with nothing behind it can be sent from where it lies: the rest of the connection's bytes would overtake it.
    private func isLast(_ range: Range<Int>, of bytes: Span<UInt8>) -> Bool { range.upperBound == bytes.count }

    private mutating func send(_ client: Int, _ through: Range<Int>) {
        clients[client].request.decision.bytesOut &+= UInt64(through.count)
        perform(through.isEmpty ? .send(handle(client: client)) : .sendThrough(handle(client: client), through))
    }

    private mutating func deliver(_ payload: Span<UInt8>, to client: Int) {
        openOutput(client: client)
        if clients[client].request.isChunked { clients[client].output.append(chunkSize: payload.count) }
        clients[client].output.append(payload)
        if clients[client].request.isChunked { clients[client].output.append("\r\n") }
    }

    /// The whole answer is in: the connection goes back to the pool, the client's request ends once all is sent.
    mutating func finishAnswer(on upstream: Int, at now: Moment) {
        let client = upstreams[upstream].client
        if clients[client].request.isChunked {
            openOutput(client: client)
            clients[client].output.append("0\r\n\r\n")
            perform(.send(handle(client: client)))
        }
        endAnswer(of: client, at: now)
        release(upstream, isRequestRead: clients[client].request.isRead, at: now)
    }

    mutating func endAnswer(of client: Int, at now: Moment) {
        clients[client].request.storeEndedAt = now.monotonic.nanoseconds
        giveBackSlot(of: client)
        clients[client].request.isAnswered = true
        clients[client].request.upstream = -1
        if !clients[client].request.isRead { clients[client].request.keepsAlive = false }
        clients[client].phase = .answering
        if clients[client].behindSince == .max { clientDeadlines[client] = LeastRate.answer.begin(at: now.monotonic) }
    }

    /// Back to the pool, if both sides are done with this request and the core store keeps the connection.
    mutating func release(_ upstream: Int, isRequestRead: Bool, at now: Moment) {
        let isSent = upstreams[upstream].output.count == upstreams[upstream].sent
        guard upstreams[upstream].keepsAlive, isRequestRead, isSent, !isDraining, isWanted(upstream) else {
            return close(upstream: upstream)
        }
        clearRequest(upstream: upstream)
        recycleInput(upstream: upstream)
        park(upstream, at: now)
    }

    /// All of a client's output is out.
    mutating func clientDrained(_ client: Int, at now: Moment) {
        recycleOutput(client: client)
        if clients[client].behindSince < .max { catchUp(client, at: now) }
        if clients[client].phase == .answering {
            finishRequest(of: client, at: now)
        } else if clients[client].request.upstream >= 0, clients[client].phase == .exchanging {
            perform(.read(handle(upstream: clients[client].request.upstream)))
        }
    }

    /// So much of a request is out; one that may have to be sent again is kept until the answer begins.
    mutating func upstreamSent(_ count: Int, on upstream: Int, at now: Moment) {
        if count > 0 { upstreams[upstream].hasSent = true }
        guard !upstreams[upstream].mayRetry else {
            upstreams[upstream].sent += count
            return
        }
        upstreams[upstream].output.consume(count)
        let client = upstreams[upstream].client
        guard client >= 0, !clients[client].request.isRead else { return }
        resumeBody(of: client, at: now)
        perform(.read(handle(client: client)))
    }
}
