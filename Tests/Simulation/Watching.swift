import Exchange
import Registry

// What the loops tell while they run, and what must hold after every step.
extension Simulator {
    func note(reports: Int) { coverage.reports += reports }

    /// The gateway wrote something for this end.
    func didProduce(_ end: End, at now: Moment) {
        coverage.checks += 1
        if let talk = end.client { return talk.advance(end, self) }
        guard let talk = end.store else { return }
        let flaw = talk.advance(end, identify: { mark in mark > 0 && mark <= calls.count ? calls[mark - 1] : nil }) { call in
            begin(call, on: end, talk)
        }
        if let flaw { fail(flaw) }
    }

    /// A request is on its way to a core store: the moment at which it was admitted, or is sent again.
    private func begin(_ call: Call, on end: End, _ talk: StoreTalk) {
        guard let client = call.client.client, client.call === call, client.answer == nil, call.client.taken >= call.headEnd else {
            return fail("request \(call.mark) reaches the core store before its turn")
        }
        if call.verdict == nil {
            judge(call, on: end.loop, isAdmitted: true)
        } else if let last = call.attempts.last {
            coverage.retries += 1
            let isUnheard = last.store.map { last.taken == $0.takenBefore } ?? false
            let isUnsent = last.store.map { $0.current !== call || !$0.isDelivered } ?? true
            let mayRepeat = isUnsent || call.form.isSafe && isUnheard && call.deliveries < 2
            if !mayRepeat { fail("request \(call.mark) may not be sent again") }
            if call.attempts.count > 4 { fail("request \(call.mark) is tried at \(call.attempts.count) connections already") }
        }
        call.attempts.append(end)
        if end.hasEnded || end.isBroken { call.faults.insert(.broken) }
        if end.outbox.count > end.taken { talk.isPoisoned = true }
        if talk.isPoisoned { call.faults.formUnion([.raced, .nonsense]) }
        if !end.isOpen { coverage.upstreams += 1 }
    }

    /// Asks the oracle, once a request, at the moment the gateway judged it: a request that reaches a core store has its slot by then.
    @discardableResult
    func judge(_ call: Call, on loop: Int, isAdmitted: Bool = false) -> Verdict {
        let now = loops[loop].now
        let verdict = oracle.judge(call, under: scenery.editions[loops[loop].edition], keys: scenery.keys, at: now) {
            slots(of: $0, $1, besides: isAdmitted ? 1 : 0)
        }
        if case .admitted(let admitted) = verdict, admitted.holdsSlot { holders.append(call) }
        call.verdict = verdict
        call.judgedAt = now.monotonic.nanoseconds
        return verdict
    }

    /// The gateway read some of what this end sent.
    func didTake(_ end: End, at now: Moment) {
        guard let talk = end.client else { return }
        for item in talk.items[min(talk.next, talk.items.count)...] {
            guard item.start < end.taken else { return }
            if case .call(let call) = item { call.begunAt = min(call.begunAt, now.monotonic.nanoseconds) }
        }
    }

    /// The gateway sent something to this end.
    func didSend(_ end: End, from start: Int, at now: Moment) {
        guard let talk = end.store else { return }
        if talk.isCheck, end.sent >= talk.headEnd, !talk.isCheckAnswered { return answerCheck(talk, end) }
        guard let call = talk.current, !talk.isDelivered, end.sent > talk.start else { return }
        talk.isDelivered = true
        call.deliveries += 1
        if call.deliveries > 1, !call.form.isSafe { fail("request \(call.mark), which is not safe, reaches the core store twice") }
    }

    /// A core store answers a check by itself, as well as it is.
    private func answerCheck(_ talk: StoreTalk, _ end: End) {
        coverage.probes += 1
        talk.isCheckAnswered = true
        end.outbox += Array("HTTP/1.1 \(door(end.endpoint) == .sick ? 503 : 204) Word\r\nConnection: close\r\n\r\n".utf8)
        end.released = end.outbox.count
        loops[end.loop].touch(end)
    }

    /// The loop is about to learn that this end's connection failed.
    func willFail(_ end: End) {
        end.isFailed = true
        guard let call = end.store?.current else { return }
        guard end.isOpen else { return call.faults.formUnion(.unreachable) }
        if end.store?.answer.map({ end.taken < $0.end }) ?? true { call.faults.insert(.broken) }
    }

    /// The gateway sends no more: whatever the client asks from now on is too late.
    func didFinish(_ end: End) {
        guard let talk = end.client else { return }
        talk.endAtClose(end, self)
        if !talk.isOver, talk.next < talk.items.count, talk.items[talk.next].start < end.taken {
            fail("a client's connection is half closed without an answer to its request")
        }
        let loop = loops[end.loop]
        let rests = loop.now.monotonic.nanoseconds - max(talk.restsSince, loop.drainedAt)
        if !talk.isOver, !end.hasEnded, rests < (loop.isDraining ? Limits.drainingIdleMilliseconds : Limits.idleMilliseconds) * 1_000_000 {
            fail("a client's connection is half closed though nothing said so")
        }
        talk.isOver = true
    }

    // MARK: Closing

    /// The gateway closed a connection: it must have had a reason.
    func didClose(_ end: End, at now: Moment) {
        guard let talk = end.client else { return }
        coverage.clients += 1
        noteDeparture(of: end, talk)
        guard !end.hasEnded, !end.isBroken, !end.isFailed, failure == nil else { return }
        let time = now.monotonic.nanoseconds
        // The end of an answer that lasts as long as its connection shows now only.
        let since = talk.isMidBody && talk.endsAtClose ? talk.call?.judgedAt ?? time : talk.restsSince
        talk.endAtClose(end, self)
        if talk.isMidBody {
            guard let call = talk.call else { return fail("an answer to garbage is cut short") }
            let isExplained = !call.faults.isEmpty || call.isFlawed || time - call.judgedAt >= Scenery.firstByteMilliseconds * 1_000_000
            if !isExplained { fail("the answer to request \(call.mark) is cut short for no reason") }
        } else if end.sent < end.produced.count {
            // Broken off in an answer that lasts as long as its connection, or never read.
            let isFaulty = talk.items.prefix(talk.next).contains { if case .call(let call) = $0 { !call.faults.isEmpty } else { false } }
            let isLate = time - since >= Limits.answerPieceMilliseconds * 1_000_000
            if !isFaulty, !isLate, !end.isBehindTooLong(at: time) { fail("an answer is dropped before it is out") }
        } else if !talk.isOver {
            if let item = talk.next < talk.items.count ? talk.items[talk.next] : nil, item.start < end.taken {
                // An answer that turned out to be nonsense before anything of it went out.
                if case .call(let call) = item, !call.faults.isEmpty { return }
                return fail("a client's connection is closed without an answer to its request")
            }
            let longest = end.isOpening ? Limits.openingMilliseconds : Limits.idleMilliseconds
            let isIdle = time - talk.restsSince >= longest * 1_000_000
            if !isIdle, !loops[end.loop].isDraining { fail("a client's connection is closed for no reason") }
        }
    }

    /// What becomes of a request whose client left: nothing of it sent, or not all of it there, and its connection ends; else it goes on.
    private func noteDeparture(of end: End, _ talk: ClientTalk) {
        guard let call = talk.call, let last = call.attempts.last, last.store?.current === call, !last.isClosed else { return }
        coverage.departed += 1
        if last.store?.isDelivered != true { fail("request \(call.mark) goes on though its client left before any of it was sent") }
        if !call.isTaken { fail("request \(call.mark) goes on though its client left in the middle of it") }
    }

    // MARK: After every step

    func audit() {
        guard failure == nil else { return }
        for who in [Who.other] {
            for scope in Scope.allCases {
                let (least, most) = heldSlots(of: who, scope)
                let counted = scenery.requestsInFlight(of: who, scope)
                if !(least...most).contains(counted) {
                    return fail("\(counted) requests of \(scope.name) count as in flight, there are \(least) to \(most)")
                }
            }
        }
        for name in endpointNames {
            var total = (connections: 0, requests: 0)
            for loop in loops {
                let counted = loop.exchange.counts(of: name)
                total = (total.connections + counted.connections, total.requests + counted.requests)
            }
            if endpoints.connections(of: name) != total.connections { return fail("connections to an endpoint are counted wrongly") }
            if endpoints.inFlight(of: name) != total.requests { return fail("requests in flight at an endpoint are counted wrongly") }
        }
        for loop in loops {
            if let found = loop.exchange.contradiction() { return fail(found) }
            let held = loop.exchange.holdings()
            if held.clients != loop.openClients { return fail("\(held.clients) clients are held, \(loop.openClients) are open") }
            if held.upstreams != loop.openStores {
                return fail("\(held.upstreams) connections to core stores are held, not those that are open")
            }
            if held.clientInputBytes > LoopModel.pieceBytes + 16_384 {
                return fail("a client's input holds \(held.clientInputBytes) bytes")
            }
            if held.clientOutputBytes > Limits.clientOutputBytes + 2 * LoopModel.pieceBytes {
                return fail("a client's output holds \(held.clientOutputBytes) bytes")
            }
            if held.upstreamInputBytes > LoopModel.pieceBytes + 16_384 {
                return fail("a core store's input holds \(held.upstreamInputBytes) bytes")
            }
            if held.upstreamOutputBytes > Limits.upstreamOutputBytes + 2 * LoopModel.pieceBytes {
                return fail("a core store's output holds \(held.upstreamOutputBytes) bytes")
            }
        }
    }
}
