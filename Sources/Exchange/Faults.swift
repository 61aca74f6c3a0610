import Admission
import Decisions
package import Registry
import Wire

// What goes wrong: core stores that fail, clients that leave, time that runs out.
extension Exchange {
    // MARK: Core stores

    /// The core store closed its side.
    mutating func upstreamEnded(_ upstream: Int, at now: Moment) {
        switch upstreams[upstream].phase {
        case .free: return
        case .pooled: close(upstream: upstream)
        case .connecting: loseConnecting(upstream, at: now)
        case .waiting: lose(upstream, "the core store closed without an answer", at: now)
        case .answering:
            guard upstreams[upstream].body.isCompleteAtClose else {
                return breakOff(upstream, "the core store's answer ended early", at: now)
            }
            let client = upstreams[upstream].client
            upstreams[upstream].keepsAlive = false
            finishAnswer(on: upstream, at: now)
            if clients[client].output.isEmpty { clientDrained(client, at: now) }
        case .absorbing: finishAbsorbing(upstream, at: now)
        case .draining: loseDeparted(upstream, at: now)
        case .probing: endCheck(upstream, isGood: false, at: now)
        }
    }

    /// The connection to a core store broke or never came to be.
    mutating func upstreamFailed(_ upstream: Int, at now: Moment) {
        switch upstreams[upstream].phase {
        case .free: return
        case .pooled: close(upstream: upstream)
        case .connecting: loseConnecting(upstream, at: now)
        case .waiting: lose(upstream, "the connection to the core store broke", at: now)
        case .answering: breakOff(upstream, "the connection to the core store broke in its answer", at: now)
        case .absorbing: finishAbsorbing(upstream, at: now)
        case .draining: loseDeparted(upstream, at: now)
        case .probing: endCheck(upstream, isGood: false, at: now)
        }
    }

    /// No answer will come: another endpoint may give one.
    private mutating func lose(_ upstream: Int, _ what: StaticString, at now: Moment) {
        noteLoss(of: upstream, at: now)
        guard !sendElsewhere(upstream, at: now) else { return }
        answerFault(on: upstream, clients[upstreams[upstream].client].request.isSafe ? .coreStoreFailed : .outcomeUnknown, what, at: now)
    }

    /// A connection ended before an answer. On one that waited unused before, the other side may have closed just as the request went out:
    /// that is its right at any time (RFC 9112 §9.5), and no fault.
    mutating func noteLoss(of upstream: Int, at now: Moment) {
        guard !upstreams[upstream].isReused || !upstreams[upstream].isSilent else { return }
        noteFault(on: upstream, at: now)
    }

    private mutating func loseConnecting(_ upstream: Int, at now: Moment) {
        noteFault(on: upstream, at: now)
        guard !connectElsewhere(upstream, at: now) else { return }
        answerFault(on: upstream, .coreStoreUnavailable(retryAfterSeconds: nil), "no connection to the core store", at: now)
    }

    /// This machine has no descriptor for a connection asked for: no endpoint is to blame, and none would fare better.
    package mutating func lacksDescriptor(_ handle: ConnectionHandle, at now: Moment) {
        guard isCurrent(handle) else { return }
        switch upstreams[handle.index].phase {
        case .probing: forgetCheck(handle.index)
        case .connecting:
            answerFault(on: handle.index, .coreStoreUnavailable(retryAfterSeconds: nil), "no descriptor is left for a connection", at: now)
        case .free, .pooled, .waiting, .answering, .absorbing, .draining: failed(handle, at: now)
        }
    }

    /// Nonsense in place of an answer.
    mutating func failAnswer(on upstream: Int, _ what: StaticString, at now: Moment) {
        noteFault(on: upstream, at: now)
        answerFault(on: upstream, .coreStoreFailed, what, at: now)
    }

    /// Nothing of an answer was passed on yet: the client gets ours.
    private mutating func answerFault(on upstream: Int, _ refusal: Refusal, _ what: StaticString, at now: Moment) {
        let client = upstreams[upstream].client
        report(upstream, what, status: 0)
        close(upstream: upstream)
        clients[client].request.upstream = -1
        refuse(client, refusal, at: now)
    }

    /// Part of the answer is out: all that can be said honestly is the connection's end.
    mutating func breakOff(_ upstream: Int, _ what: StaticString, at now: Moment) {
        let client = upstreams[upstream].client
        noteFault(on: upstream, at: now)
        report(upstream, what, status: 0)
        close(upstream: upstream)
        close(client: client, at: now)
    }

    // MARK: A core store's own errors

    /// A 5xx: its text is for the log, which masks it; its client gets the contract's answer.
    mutating func beginAbsorbing(_ upstream: Int, status: Int, _ bytes: Span<UInt8>, at now: Moment) {
        upstreams[upstream].phase = .absorbing
        upstreams[upstream].report = makeReport(upstream, "the core store answered with an error", status: status)
        clients[upstreams[upstream].client].request.retryAfterSeconds =
            status == 503 ? answerHead.retryAfterSeconds(bytes, at: now.wall) : nil
    }

    mutating func absorb(_ upstream: Int, from bytes: Span<UInt8>, at start: Int, now: Moment) {
        var offset = start
        while true {
            switch upstreams[upstream].body.next(bytes, from: offset) {
            case .payload(let range):
                offset = range.upperBound
                upstreams[upstream].absorbed += range.count
                for index in range where (upstreams[upstream].report?.body.count ?? .max) < Limits.reportedBodyBytes {
                    upstreams[upstream].report?.body.append(bytes[index])
                }
                if upstreams[upstream].absorbed > Limits.absorbedBodyBytes {
                    upstreams[upstream].keepsAlive = false
                    return finishAbsorbing(upstream, at: now)
                }
            case .needMore: return
            case .end(let consumed):
                if consumed < bytes.count { upstreams[upstream].keepsAlive = false }
                return finishAbsorbing(upstream, at: now, isWhole: true)
            case .refused: return finishAbsorbing(upstream, at: now)
            }
        }
    }

    mutating func finishAbsorbing(_ upstream: Int, at now: Moment, isWhole: Bool = false) {
        let client = upstreams[upstream].client
        let status = upstreams[upstream].report?.status ?? 500
        if let report = upstreams[upstream].report { reports.append(report) }
        if !isWhole { upstreams[upstream].keepsAlive = false }
        let retryAfter = clients[client].request.retryAfterSeconds
        let isRead = clients[client].request.isRead
        clients[client].request.upstream = -1
        release(upstream, isRequestRead: isRead, at: now)
        refuse(client, status == 503 ? .coreStoreUnavailable(retryAfterSeconds: retryAfter) : .coreStoreFailed, at: now)
    }

    mutating func report(_ upstream: Int, _ what: StaticString, status: Int) {
        reports.append(makeReport(upstream, what, status: status))
    }

    func makeReport(_ upstream: Int, _ what: StaticString, status: Int) -> FaultReport {
        let request = clients[upstreams[upstream].client].request
        return FaultReport(
            requestID: request.id, route: request.routeID, environment: upstreams[upstream].environment,
            endpoint: upstreams[upstream].endpoint, what: what, status: status, body: [])
    }

    // MARK: Clients

    /// The client sends no more: it may still read the answer to what it sent whole.
    mutating func clientEnded(_ client: Int, at now: Moment) {
        clients[client].hasEnded = true
        switch clients[client].phase {
        case .free: return
        case .opening, .idle, .head, .lingering: close(client: client, at: now)
        case .asking, .answering: return
        case .exchanging:
            if !clients[client].request.isRead { abandon(client: client, at: now, ending: .clientLeft) }
        }
    }

    /// Its request is given up, and the core store's connection with it.
    mutating func abandon(client: Int, at now: Moment, ending: Ending = .brokenOff) {
        noteUnsentAnswer(of: client)
        abandonUpstream(of: client)
        close(client: client, at: now, ending: ending)
    }

    mutating func abandonUpstream(of client: Int) {
        let upstream = clients[client].request.upstream
        guard clients[client].phase == .exchanging, upstream >= 0 else { return }
        clients[client].request.upstream = -1
        close(upstream: upstream)
    }
}
