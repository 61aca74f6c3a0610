import Exchange
import Registry

// Every answer a client gets, held against what the oracle and the schedule say.
extension Simulator {
    /// Judges a head; nil for an interim answer.
    func judgeHead(_ lines: HeadLines, for end: End, _ talk: ClientTalk) -> ClientTalk.Answer? {
        let line = lines.ranges.first ?? 0..<0
        let now = loops[end.loop].now.monotonic.nanoseconds
        guard line.count >= 12, let status = lines.number(line.lowerBound + 9..<line.lowerBound + 12) else {
            fail("an answer's first line is \(lines.text(line))")
            return nil
        }
        coverage.statuses[min(status, 599)] += 1
        guard talk.next < talk.items.count, talk.items[talk.next].start < end.taken, !talk.isOver else {
            fail("an answer that nobody asked for: \(lines.text(line))")
            return nil
        }
        if status < 200 {
            guard let call = talk.call, call.form.expects, status == 100, !talk.hasInterim, end.taken >= call.headEnd else {
                fail("an interim answer that nobody waits for")
                return nil
            }
            talk.hasInterim = true
            return nil
        }
        var answer = ClientTalk.Answer(status: status, isRelayed: lines.has(Name.mark), closes: lines.has(Name.close))
        if let value = lines.value(Name.requestID), value.count == 32, lines.isHexadecimal(value) {
        } else {
            fail("an answer without an id")
        }
        if !lines.has(Name.via) || lines.value(Name.date) == nil || lines.has(Name.server) {
            fail("an answer lacks Via or Date, or has Server")
        }
        let secure = lines.value(Name.secure).map(lines.text)
        if secure != (end.isSecure ? "max-age=77" : nil) { fail("Strict-Transport-Security is \(secure ?? "missing") or given twice") }
        switch talk.items[talk.next] {
        case .garbage(_, let itemEnd, let statuses):
            judgeGarbage(answer, statuses, isTaken: end.taken >= itemEnd)
        case .call(let call):
            judge(&answer, lines, call, end, now)
            if !answer.closes, !call.isTaken { fail("a connection goes on though its request was not read to the end") }
        }
        return answer
    }

    private func judgeGarbage(_ answer: ClientTalk.Answer, _ statuses: [Int], isTaken: Bool) {
        if !answer.closes { fail("a connection goes on after bytes that are no request") }
        if !statuses.contains(answer.status), answer.status != 408 { fail("garbage is answered with \(answer.status)") }
        if answer.isRelayed { fail("garbage is answered by the core store") }
    }

    private func judge(_ answer: inout ClientTalk.Answer, _ lines: HeadLines, _ call: Call, _ end: End, _ now: Int64) {
        guard end.taken >= call.headEnd else {
            if answer.status != 408 || now - call.begunAt < Limits.headGraceMilliseconds * 1_000_000 {
                fail("a request whose head is not whole is answered with \(answer.status)")
            }
            answer.codes = ["GWREQ0008"]
            return
        }
        if case .asked? = call.verdict {
            judgeFound(&answer, lines, call, now)
        } else if call.verdict == nil {
            judgeOwn(&answer, lines, call, end)
        } else if case .admitted(let admitted) = call.verdict {
            checkRate(lines, admitted.reading, call)
            if answer.isRelayed {
                judgeRelayed(answer, lines, call)
            } else {
                answer.codes = faultCodes(call, now).filter { Simulator.status(of: $0) == answer.status }
                if answer.codes.isEmpty { fail("\(answer.status) for request \(call.mark) is not explained by anything that happened") }
            }
        } else {
            fail("a request is answered twice")
        }
    }

    /// An answer before anything was passed on: only what the oracle refuses.
    private func judgeOwn(_ answer: inout ClientTalk.Answer, _ lines: HeadLines, _ call: Call, _ end: End) {
        let verdict = judge(call, on: end.loop)
        if answer.isRelayed { return fail("an answer of the core store's to a request it never got") }
        switch verdict {
        case .page:
            let isLeaving = call.form.target == "/readyz" && loops[end.loop].isDraining
            if answer.status != (isLeaving ? 503 : 200) { fail("the page \(call.form.target) has status \(answer.status)") }
            checkRate(lines, nil, call)
        case .refused(let status, let code):
            if answer.status != status {
                fail("request \(call.mark) is refused with \(answer.status), to be refused with \(status) \(code)")
            }
            answer.codes = [code]
            checkRate(lines, nil, call)
        case .asked: fail("request \(call.mark) is answered with \(answer.status) and was not looked up")
        case .limited(let wait, let code, let reading):
            if answer.status != 429 { fail("request \(call.mark) is answered with \(answer.status), to be limited for \(wait) ns") }
            answer.codes = [code]
            answer.wait = wait
            let seconds = lines.value(Name.retryAfter).flatMap { lines.number($0) }
            if seconds != Int((wait + 999_999_999) / 1_000_000_000) { fail("Retry-After is not the wait of \(wait) ns") }
            checkRate(lines, reading, call)
        case .admitted(let admitted):
            // Its body was seen to be wrong before anything of it went out.
            checkRate(lines, admitted.reading, call)
            if endpointNames.allSatisfy({ $0.environment != admitted.environment || !endpoints.isActive($0) }) {
                call.faults.insert(.unreachable)
            }
            answer.codes = faultCodes(call, call.judgedAt).filter { Simulator.status(of: $0) == answer.status }
            if answer.codes.isEmpty { fail("request \(call.mark) is answered with \(answer.status), to be passed on") }
        }
    }

    private func judgeRelayed(_ answer: ClientTalk.Answer, _ lines: HeadLines, _ call: Call) {
        guard !call.faults.contains(.raced) else { return }
        guard let store = call.attempts.last?.store, store.current === call, let given = store.answer else {
            return fail("an answer that no core store gave")
        }
        let mark = lines.value(Name.mark).flatMap { Pattern.mark(lines.bytes.span.extracting($0)) }
        if mark != call.mark { fail("request \(call.mark) gets the answer to \(mark ?? -1)") }
        if given.status != answer.status || given.status >= 500 { fail("status \(given.status) is passed on as \(answer.status)") }
        let length = lines.value(Name.contentLength).flatMap { lines.number($0) }
        if let length, length != given.announced { fail("a length of \(given.announced ?? -1) is passed on as \(length)") }
    }

    /// The RateLimit fields say what the oracle says, and only where it says anything.
    private func checkRate(_ lines: HeadLines, _ reading: Reading?, _ call: Call) {
        guard let reading else {
            if lines.has(Name.policy) || lines.has(Name.rate) { fail("RateLimit fields where no bucket is known") }
            return
        }
        var policy = "\"\(reading.scope)\";q=\(reading.quota);w=\(reading.window)"
        var rate = "\"\(reading.scope)\";r=\(reading.remaining);t=\(reading.secondsToFull)"
        if let day = reading.day {
            policy += ", \"\(reading.scope)-day\";q=\(day.quota);w=86400"
            rate += ", \"\(reading.scope)-day\";r=\(day.remaining);t=\(day.seconds)"
        }
        let told = (lines.value(Name.policy).map(lines.text), lines.value(Name.rate).map(lines.text))
        if told.0 != policy || told.1 != rate {
            fail("request \(call.mark): RateLimit \(told.1 ?? "missing") of \(told.0 ?? "nothing"), the oracle says \(rate) of \(policy)")
        }
    }

    /// The codes of the contract that what happened to a request allows.
    private func faultCodes(_ call: Call, _ now: Int64) -> [String] {
        var codes: [String] = []
        let waited = now - call.judgedAt
        if call.form.body == .brokenChunks { codes.append("GWREQ0001") }
        if call.isTooLong { codes.append("GWREQ0013") }
        if !call.isTaken, waited >= Limits.bodyGraceMilliseconds * 1_000_000 { codes.append("GWREQ0008") }
        if !call.faults.isDisjoint(with: [.nonsense, .serverError, .raced]) || call.form.isSafe && call.faults.contains(.broken) {
            codes.append("GWCOR0001")
        }
        let isOverdue = call.attempts.last?.isOpen != true && waited >= Limits.connectMilliseconds * 1_000_000
        if !call.faults.isDisjoint(with: [.unreachable, .unavailable]) || isOverdue { codes.append("GWCOR0002") }
        let isLate = waited >= Scenery.firstByteMilliseconds * 1_000_000
        if call.form.isSafe, isLate { codes.append("GWCOR0003") }
        if !call.form.isSafe, isLate || call.faults.contains(.broken) { codes.append("GWCOR0004") }
        return codes
    }

    private static func status(of code: String) -> Int {
        switch code {
        case "GWREQ0001": 400
        case "GWREQ0008": 408
        case "GWREQ0013": 413
        case "GWCOR0001": 502
        case "GWCOR0002": 503
        case "GWCOR0003", "GWCOR0004": 504
        default: 0
        }
    }

    func judgeBody(_ bytes: Span<UInt8>, from offset: Int, _ call: Call?) {
        guard let call, !call.faults.contains(.raced) else { return }
        if !Pattern.matches(bytes, call.mark, true, from: offset) {
            fail("the answer to request \(call.mark) has foreign bytes in its body")
        }
    }

    /// A whole answer: the core store's must be whole too, the gateway's own must name itself.
    func judgeEnd(_ answer: ClientTalk.Answer, payload: Int, bodyEnd: Int, for end: End, _ talk: ClientTalk) {
        talk.restsSince = loops[end.loop].now.monotonic.nanoseconds
        coverage.answers += 1
        if answer.isRelayed {
            guard let call = talk.call, !call.faults.contains(.raced), let store = call.attempts.last else { return }
            coverage.relayed += 1
            // One that lasts as long as its connection cannot be told from a part of it.
            if talk.endsAtClose { return judgeOpenEnd(payload, call, store, end) }
            guard let given = store.store?.answer, given.isSound, store.taken >= given.end, !given.endsAtClose || store.isEndTold else {
                return fail("an answer is ended that the core store has not ended")
            }
            if payload != given.payload { fail("an answer of \(given.payload) bytes is passed on as \(payload)") }
        } else if let explanation = answer.explanation {
            let isWhole = end.produced[answer.bodyStart..<bodyEnd].elementsEqual(explanation)
            if !isWhole, talk.call?.form.isHead == false { fail("an explanation is another request's, or not whole") }
        } else if !answer.codes.isEmpty, talk.call?.form.isHead == false {
            let body = end.produced[answer.bodyStart..<bodyEnd]
            let code = Simulator.text(after: Name.errorCode, in: body).map { String($0.prefix { $0 != "\"" }) }
            if !answer.codes.contains(code ?? "") { fail("a problem with the code \(code ?? "none"), to be \(answer.codes)") }
            guard let wait = answer.wait else { return }
            let told = Simulator.text(after: Name.wait, in: body).map { $0.prefix { $0.isNumber } }
            if told != "\((wait + 999_999) / 1_000_000)" { fail("retryAfterMilliseconds is not the wait of \(wait) ns") }
        }
    }

    private func judgeOpenEnd(_ payload: Int, _ call: Call, _ store: End, _ end: End) {
        let isDisturbed = end.hasEnded || end.isBroken || !call.faults.isEmpty
        let waited = loops[end.loop].now.monotonic.nanoseconds - call.judgedAt
        guard !isDisturbed, waited < Scenery.firstByteMilliseconds * 1_000_000 else { return }
        guard let given = store.store?.answer, given.payload == payload else { return fail("an answer without a length is cut short") }
    }

    private static func text(after name: [UInt8], in bytes: ArraySlice<UInt8>) -> String? {
        var start = bytes.startIndex
        while start + name.count < bytes.endIndex {
            if bytes[start] == name[0], bytes[start..<start + name.count].elementsEqual(name) {
                return String(decoding: bytes[(start + name.count)...].prefix(24), as: UTF8.self)
            }
            start += 1
        }
        return nil
    }
}
