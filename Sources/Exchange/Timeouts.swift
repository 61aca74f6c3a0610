import Admission
import Decisions
package import Registry
import Wire

// Time running out, looked at once a tick: one compact array of deadlines a side, so that thousands of idle connections cost microseconds.
extension Exchange {
    /// Ends what has waited too long; called every `Limits.tickMilliseconds`.
    package mutating func tick(at now: Moment) {
        let time = now.monotonic.nanoseconds
        for client in clientDeadlines.indices where clientDeadlines[client] <= time { clientOverdue(client, at: now) }
        for upstream in upstreamDeadlines.indices where upstreamDeadlines[upstream] <= time { upstreamOverdue(upstream, at: now) }
        let endpoints = setting.endpoints
        endpoints.expire(at: now) { news.append($0) }
        leaveGoneEndpoints()
        beginChecks(at: now)
    }

    /// Stops taking connections. Those that are kept stay for one more request each, answered with `Connection: close`, or a short while:
    /// a client that sends just as we close could not tell whether its request counts. What was promised to be kept is kept that long.
    package mutating func drain(at now: Moment) {
        isDraining = true
        for client in clients.indices {
            switch clients[client].phase {
            case .idle: clientDeadlines[client] = idleDeadline(at: now)
            case .asking: clients[client].request.keepsAlive = false
            case .exchanging where !clients[client].request.hasAnswerBegun: clients[client].request.keepsAlive = false
            default: break
            }
        }
        for upstream in upstreams.indices where upstreams[upstream].phase == .pooled { close(upstream: upstream) }
        stopChecks()
    }

    /// When a connection without a request is closed.
    func idleDeadline(at now: Moment) -> Int64 {
        now.monotonic.after(milliseconds: isDraining ? Limits.drainingIdleMilliseconds : Limits.idleMilliseconds)
    }

    /// Requests that are not answered whole.
    package var runningRequests: Int { clients.count(where: \.isRunning) }

    /// Whether the client in this slot waits for an answer, or for the rest of one.
    package func isRunning(client index: Int) -> Bool {
        index < clients.count && clients[index].isRunning
    }

    /// Whether nothing is under way: no client is here, and none that left has a request with a core store.
    package var isAtRest: Bool { clientCount == 0 && departed.isEmpty }

    /// The time to drain is over, and all ends as it stands: of requests that change something only the log will know that they were here.
    package mutating func noteUnfinished(at now: Moment) {
        for upstream in departed.keys.sorted() { noteUnknownOutcome(of: upstream) }
        for client in clients.indices {
            noteUnsentAnswer(of: client)
            if !clients[client].request.isRecorded { record(client, .brokenOff, at: now) }
            let request = clients[client].request
            guard clients[client].phase == .exchanging, !request.isSafe, request.isRead, request.upstream >= 0 else { continue }
            guard upstreams[request.upstream].hasSent else { continue }
            var report = makeReport(request.upstream, "the time to drain was over before the answer", status: request.answerStatus)
            report.isOutcome = true
            reports.append(report)
        }
    }

    private mutating func clientOverdue(_ client: Int, at now: Moment) {
        clientDeadlines[client] = .max
        switch clients[client].phase {
        case .free: return
        case .idle where isDraining: part(from: client, at: now)
        case .opening, .idle, .answering, .lingering: abandon(client: client, at: now)
        case .head:
            let isLikeHead = clients[client].input.withReadable { RequestHead.beginsLikeHead($0) }
            beginUnreadRequest(of: client, at: now)
            if isLikeHead { clients[client].request.method = .head }
            refuse(client, .requestTimeout, at: now)
        case .exchanging: requestOverdue(client, at: now)
        case .asking: answer(client, .tooLate, at: now)
        }
    }

    /// The body has stalled, or the whole request took too long.
    private mutating func requestOverdue(_ client: Int, at now: Moment) {
        guard clients[client].behindSince == .max else { return abandon(client: client, at: now) }
        // Where the core store does not read, the client is not to blame for a body that stalls.
        let isBodyMissing = !clients[client].request.isRead && wantsClientBytes(client)
        let upstream = clients[client].request.upstream
        if !isBodyMissing, upstream >= 0 {
            report(upstream, "the request's time was over", status: clients[client].request.answerStatus)
            // A client that does not read what is there for it is the slow one.
            if clients[client].output.isEmpty, hasHadItsTime(upstream, at: now) { noteFault(on: upstream, at: now) }
        }
        guard !clients[client].request.hasAnswerBegun else { return abandon(client: client, at: now) }
        abandonUpstream(of: client)
        if isBodyMissing { return refuse(client, .requestTimeout, at: now) }
        refuse(client, clients[client].request.isSafe ? .coreStoreTimeout : .outcomeUnknown, at: now)
    }

    /// Whether an endpoint had as long for the request as it may take to connect or to begin its answer: one that got it late, from a slow client
    /// or after another endpoint failed, is not to blame where the whole request's time is over.
    private func hasHadItsTime(_ upstream: Int, at now: Moment) -> Bool {
        switch upstreams[upstream].phase {
        case .connecting: upstreamDeadlines[upstream] <= now.monotonic.nanoseconds
        // One that keeps its client from sending the rest took that time itself.
        case .waiting:
            upstreamDeadlines[upstream] <= now.monotonic.nanoseconds || !clients[upstreams[upstream].client].request.isRead
        case .free, .pooled, .answering, .absorbing, .draining, .probing: true
        }
    }

    private mutating func upstreamOverdue(_ upstream: Int, at now: Moment) {
        upstreamDeadlines[upstream] = .max
        let client = upstreams[upstream].client
        switch upstreams[upstream].phase {
        case .free: return
        case .pooled: close(upstream: upstream)
        case .connecting: upstreamFailed(upstream, at: now)
        case .waiting where !clients[client].request.isRead:
            // The client is the slow one: its own deadline counts until the body is whole.
            return
        case .waiting:
            report(upstream, "the core store did not answer in time", status: 0)
            noteFault(on: upstream, at: now)
            abandonUpstream(of: client)
            refuse(client, clients[client].request.isSafe ? .coreStoreTimeout : .outcomeUnknown, at: now)
        case .answering where clients[client].behindSince < .max:
            // The client is the slow one: its rate counts.
            return
        case .answering: breakOff(upstream, "the core store's answer stalled", at: now)
        case .absorbing: finishAbsorbing(upstream, at: now)
        case .draining: loseDeparted(upstream, isLate: true, at: now)
        case .probing: endCheck(upstream, isGood: false, at: now)
        }
    }
}
