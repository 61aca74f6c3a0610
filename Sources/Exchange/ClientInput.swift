import Admission
import Decisions
import Registry
import Wire

// What a client sends: held until it can be used, and a request's body on its way to the core store.
extension Exchange {
    mutating func wantsClientBytes(_ client: Int) -> Bool {
        switch clients[client].phase {
        case .free, .opening: return false
        case .idle, .head, .lingering: return true
        case .asking, .answering: return false
        case .exchanging:
            guard !clients[client].request.isRead, clients[client].input.isEmpty else { return false }
            let upstream = clients[client].request.upstream
            return upstream < 0 || upstreams[upstream].output.count - upstreams[upstream].sent < Limits.upstreamOutputBytes
        }
    }

    /// Keeps bytes for later, unless nobody will ever want them.
    mutating func hold(_ bytes: Span<UInt8>, for client: Int) {
        guard !bytes.isEmpty else { return }
        switch clients[client].phase {
        case .free, .opening, .lingering: return
        case .answering where !clients[client].request.keepsAlive: return
        case .idle, .head, .exchanging, .asking, .answering:
            if clients[client].input.capacity == 0 { clients[client].input = buffer() }
            clients[client].input.append(bytes)
        }
    }

    /// Goes on with bytes held: a head whose rest may have come, or a request that waited behind another.
    mutating func continueInput(of client: Int, at now: Moment) {
        var held = ByteQueue()
        swap(&held, &clients[client].input)
        let taken = held.withReadable { bytes in
            switch clients[client].progress.scan(bytes) {
            case .incomplete: return 0
            case .ended: return takeRequest(of: client, from: bytes, at: now)
            case .refused(let fault):
                refuseHead(client, bytes, fault, at: now)
                return bytes.count
            }
        }
        held.consume(taken)
        if held.isEmpty || clients[client].phase == .free || clients[client].phase == .lingering {
            recycle(held)
        } else {
            clients[client].input = held
        }
    }

    mutating func beginHead(of client: Int, at now: Moment) {
        clients[client].phase = .head
        clients[client].progress = HeadProgress()
        clientDeadlines[client] = LeastRate.head.begin(at: now.monotonic)
    }

    /// Sets up what is known of a request once its head is read.
    mutating func beginRequest(of client: Int, at now: Moment) {
        clients[client].phase = .exchanging
        beginRecord(of: client, at: now)
        clients[client].request.method = head.method
        clients[client].request.isHTTP10 = head.minorVersion == 0
        clients[client].request.keepsAlive = head.keepAlive && !isDraining
        clients[client].request.expectsContinue = head.expectsContinue
        clients[client].request.framing = head.framing
        if case .none = head.framing { clients[client].request.isRead = true }
        clients[client].request.body = BodyDecoder(head.framing, limit: 0)
    }

    /// Passes on what is there of the body; gives the offset up to which the bytes are done with.
    mutating func takeBody(of client: Int, from bytes: Span<UInt8>, at start: Int, now: Moment) -> Int {
        let upstream = clients[client].request.upstream
        var offset = start
        body: while !clients[client].request.isRead {
            switch clients[client].request.body.next(bytes, from: offset) {
            case .payload(let range):
                pass(bytes.extracting(range), to: upstream, isChunked: clients[client].request.framing.isChunked)
                offset = range.upperBound
            case .needMore(let consumed):
                offset = consumed
                awaitBody(of: client, moved: bytes.count - start, at: now)
                break body
            case .end(let consumed):
                offset = consumed
                clients[client].request.isRead = true
                clients[client].request.noteUpload(end: now.monotonic)
                if clients[client].behindSince == .max { clientDeadlines[client] = clients[client].request.deadline }
                if clients[client].request.framing.isChunked { upstreams[upstream].output.append("0\r\n\r\n") }
            case .refused(let fault):
                clients[client].request.decision.bytesIn &+= UInt64(bytes.count - start)
                refuseBody(of: client, fault, at: now)
                return bytes.count
            }
        }
        clients[client].request.decision.bytesIn &+= UInt64(offset - start)
        // A core store may answer while it reads: it gets the rest all the same.
        if upstreams[upstream].phase != .connecting {
            if clients[client].request.isRead, upstreams[upstream].phase == .waiting { awaitAnswer(on: upstream, at: now) }
            perform(.send(handle(upstream: upstream)))
        }
        return offset
    }

    /// A body against its framing: refused, unless an early answer has begun; a second one would be read as part of it.
    private mutating func refuseBody(of client: Int, _ fault: WireFault, at now: Moment) {
        guard !clients[client].request.hasAnswerBegun else { return abandon(client: client, at: now) }
        abandonUpstream(of: client)
        refuseUnread(client, fault, at: now)
    }

    private mutating func pass(_ payload: Span<UInt8>, to upstream: Int, isChunked: Bool) {
        if isChunked { upstreams[upstream].output.append(chunkSize: payload.count) }
        upstreams[upstream].output.append(payload)
        if isChunked { upstreams[upstream].output.append("\r\n") }
    }

    /// More of the body is due, by its least rate, unless it is the core store that keeps the client waiting. A client that asked first gets
    /// its 100 (RFC 9110 §10.1.1).
    private mutating func awaitBody(of client: Int, moved: Int, at now: Moment) {
        let due = clients[client].request.bodyDeadline
        if !wantsClientBytes(client) {
            clients[client].request.bodyDeadline = .max
            clients[client].request.wasHeldBack = true
        } else if due == .max {
            clients[client].request.bodyDeadline = LeastRate.body.begin(at: now.monotonic)
        } else {
            clients[client].request.bodyDeadline = LeastRate.body.deadline(due, movedBy: moved, at: now.monotonic)
        }
        if clients[client].behindSince == .max { clientDeadlines[client] = min(bodyEnd(of: client), clients[client].request.bodyDeadline) }
        guard clients[client].request.expectsContinue else { return }
        clients[client].request.expectsContinue = false
        openOutput(client: client)
        clients[client].output.append("HTTP/1.1 100 Continue\r\n\r\n")
        perform(.send(handle(client: client)))
    }

    /// When the body has to be whole: the core store is to have its time for the first byte in what is left of the request's, or half of that
    /// whole time. Who is later than this learns that nothing was done, where one let in would wait for an answer that had no time to come;
    /// a core store that kept the client from sending has only itself to thank, and the body gets the whole time.
    private func bodyEnd(of client: Int) -> Int64 {
        let deadline = clients[client].request.deadline
        guard !clients[client].request.wasHeldBack, let route = clients[client].request.compiledRoute else { return deadline }
        return deadline - min(route.firstByteNanoseconds, route.requestNanoseconds / 2)
    }

    /// The core store takes more: from now on the client's time counts again.
    mutating func resumeBody(of client: Int, at now: Moment) {
        guard clients[client].request.bodyDeadline == .max, !clients[client].request.hasAnswerBegun, wantsClientBytes(client) else {
            return
        }
        clients[client].request.bodyDeadline = LeastRate.body.begin(at: now.monotonic)
        clientDeadlines[client] = min(clients[client].request.deadline, clients[client].request.bodyDeadline)
    }

    /// Reads past the body of a request that is answered without it, if all of it is here. Else the connection ends after the answer:
    /// what follows could not be told from the body.
    mutating func skipBody(of client: Int, from bytes: Span<UInt8>, at start: Int) -> Int {
        var body = BodyDecoder(clients[client].request.framing, limit: UInt64(bytes.count))
        var offset = start
        while true {
            switch body.next(bytes, from: offset) {
            case .payload(let range): offset = range.upperBound
            case .end(let consumed):
                clients[client].request.isRead = true
                clients[client].request.decision.bytesIn &+= UInt64(consumed - start)
                return consumed
            case .needMore, .refused:
                clients[client].request.decision.bytesIn &+= UInt64(bytes.count - start)
                return bytes.count
            }
        }
    }
}
