import Exchange
import Registry

// What each step does.
extension Simulator {
    private static let bodySizes = [10, 0, 1, 100, 700, 3_000, 5_000, 20, 9_000, 50, 4_097, 200, 40_000, 70_000, 140_000, 300_000]
    private static let waits: [Int64] = [1, 50, 100, 300, 1_000, 2_500, 5_500, 11_000, 16_000, 45_000]
    private static let jumps: [Int64] = [1, 1_000, 60_000, 3_600_000, 86_400_000, 864_000_000]

    func apply(_ step: Step) {
        switch step.kind {
        case .connect: connect(step)
        case .open: open(step)
        case .call: withClient(step) { send(step, to: $0, count: 1) }
        case .volley: withClient(step) { send(step, to: $0, count: 2 + step.size % 8) }
        case .garbage: withClient(step) { sendGarbage(step, to: $0) }
        case .trickle: withClient(step) { release($0, withholding: step.part) }
        case .finish:
            withClient(step) { end in
                end.hasEnded = true
                if step.what % 2 == 1 { end.outbox.removeSubrange(end.released...) }
                release(end, withholding: 0)
            }
        case .leave:
            withClient(step) { end in
                end.isBroken = true
                touch(end)
            }
        case .slow:
            withClient(step) { end in
                end.window = step.what == 0 ? .max : step.size
                touch(end)
            }
        case .answer: answer(step)
        case .serve: for _ in 0..<step.size { answer(Step(.answer, 0, 0, 7, 0, step.noise)) }
        case .more:
            let held = stores.filter { !$0.isClosed && $0.released < $0.outbox.count }
            if !held.isEmpty { release(held[step.who % held.count], withholding: step.part) }
        case .explain: answerAsked(step)
        case .disturb: disturb(step)
        case .door: doors[step.who % doors.count] = [.open, .refusing, .failing, .silent, .sick][step.what % 5]
        case .roster:
            let name = endpointNames[step.who % doors.count]
            if endpoints.isActive(name) { endpoints.deactivate(name) } else { endpoints.activate(name, risingFrom: time.monotonic) }
        case .wait: wait(Simulator.waits[step.size % Simulator.waits.count])
        case .jump:
            let distance = Simulator.jumps[step.size % Simulator.jumps.count] * 1_000_000
            time.wall.nanoseconds += step.what % 2 == 0 ? distance : -distance
        case .publish: loops[step.who % loops.count].adopt(step.what % scenery.editions.count)
        case .stall:
            let loop = loops[step.who % loops.count]
            if step.what % 2 == 0 { loop.isStalled = true } else { loop.isLagging = true }
            stalls[loop.index] = 1 + step.what % 4
        case .drain:
            let loop = loops[step.who % loops.count]
            if !loop.isStalled { loop.drain() }
        }
    }

    private func withClient(_ step: Step, _ body: (End) -> Void) {
        clients.removeAll(where: \.isClosed)
        guard !clients.isEmpty else { return }
        body(clients[step.who % clients.count])
    }

    private func touch(_ end: End) {
        let loop = loops[end.loop]
        loop.touch(end)
        if !loop.isStalled { loop.turn() }
    }

    private func release(_ end: End, withholding part: Int) {
        let left = end.outbox.count - end.released
        end.released += left - left * (part % 16) / 16
        if let answer = end.store?.answer, answer.endsAtClose, end.released == end.outbox.count { end.hasEnded = true }
        touch(end)
    }

    private func wait(_ milliseconds: Int64) {
        let ticks: Int64 = milliseconds < 300 ? 1 : milliseconds < 3_000 ? 5 : 8
        for _ in 0..<ticks where failure == nil { pass(milliseconds: max(1, milliseconds / ticks)) }
    }

    // MARK: Clients

    private func connect(_ step: Step) {
        let loop = loops[step.who % loops.count]
        guard !loop.isStalled, clients.count < 12 else { return }
        guard let end = loop.connect(from: step.what % 4, isOpening: step.what % 8 > 3) else {
            if !loop.isDraining { fail("a client is not taken") }
            return
        }
        if loop.isDraining { fail("a client is taken while draining") }
        end.client?.restsSince = loop.now.monotonic.nanoseconds
        clients.append(end)
        loop.turn()
    }

    private func open(_ step: Step) {
        clients.removeAll(where: \.isClosed)
        guard let end = clients.first(where: { $0.isOpening && !loops[$0.loop].isStalled }) else { return }
        end.client?.restsSince = loops[end.loop].now.monotonic.nanoseconds
        loops[end.loop].open(end, as: step.what % 8 == 7 ? nil : step.what % 4, isSecure: step.what % 8 > 3)
        loops[end.loop].turn()
    }

    private func send(_ step: Step, to end: End, count: Int) {
        guard !end.hasEnded, !end.isBroken, let talk = end.client else { return }
        let index = step.what % scenery.forms.count
        let form = scenery.forms[index]
        let before = end.outbox.count
        for _ in 0..<count {
            let size = step.kind == .volley ? 10 : Simulator.bodySizes[step.size % Simulator.bodySizes.count]
            let payload = form.body == .none ? 0 : form.body == .excess ? 200_000 : form.place.id == Place.otp.id ? min(size, 1_000) : size
            let call = Call(mark: calls.count + 1, form: form, formIndex: index, bodyBytes: min(payload, 200_000), client: end)
            calls.append(call)
            coverage.requests += 1
            coverage.forms[index] += 1
            write(call, to: &end.outbox)
            talk.items.append(.call(call))
        }
        let withheld = (end.outbox.count - before) * (step.part % 16) / 16
        end.released = end.outbox.count - withheld
        touch(end)
    }

    private func write(_ call: Call, to bytes: inout [UInt8]) {
        call.start = bytes.count
        bytes += scenery.openings[call.formIndex]
        bytes += Pattern.spelt(call.mark)
        switch call.form.body {
        case .none: bytes += Array("\r\n\r\n".utf8)
        case .length: bytes += Array("\r\nContent-Length: \(call.bodyBytes)\r\n\r\n".utf8)
        case .chunked, .brokenChunks, .excess: bytes += Array("\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
        }
        call.headEnd = bytes.count
        switch call.form.body {
        case .none: break
        case .length: Pattern.append(call.mark, false, 0..<call.bodyBytes, to: &bytes)
        case .excess: bytes += Array("30d40\r\n".utf8)
        case .chunked, .brokenChunks:
            let half = call.bodyBytes / 2
            for range in [0..<half, half..<call.bodyBytes] where !range.isEmpty {
                bytes += Array("\(String(range.count, radix: 16))\r\n".utf8)
                Pattern.append(call.mark, false, range, to: &bytes)
                bytes += [0x0D, 0x0A]
            }
            bytes += Array((call.form.body == .chunked ? "0\r\n\r\n" : "zz\r\n").utf8)
        }
        call.end = bytes.count
    }

    private func sendGarbage(_ step: Step, to end: End) {
        guard !end.hasEnded, !end.isBroken, let talk = end.client else { return }
        let (text, statuses) = Garbage.all[step.what % Garbage.all.count]
        let start = end.outbox.count
        end.outbox += text
        talk.items.append(.garbage(start: start, end: end.outbox.count, statuses: statuses))
        end.released = end.outbox.count - text.count * (step.part % 16) / 16
        touch(end)
    }

    // MARK: Core stores

    private func answer(_ step: Step) {
        let asked = stores.filter { end in
            guard !end.isClosed, !end.isBroken, !end.hasEnded, let talk = end.store, talk.current != nil else { return false }
            return talk.answer == nil && end.sent >= talk.headEnd
        }
        guard !asked.isEmpty else { return }
        let end = asked[step.who % asked.count]
        guard let talk = end.store, let call = talk.current else { return }
        let form = StoreForm.allCases[step.what % StoreForm.allCases.count]
        coverage.storeForms[form.rawValue] += 1
        let size = Simulator.bodySizes[step.size % Simulator.bodySizes.count]
        let before = end.outbox.count
        let answer = talk.write(form, payload: size, for: call, to: &end.outbox, pieces: step.noise)
        talk.answer = answer
        if !answer.isSound { call.faults.insert(.nonsense) }
        if answer.status == 503 { call.faults.insert(.unavailable) } else if answer.status >= 500 { call.faults.insert(.serverError) }
        let withheld = (end.outbox.count - before) * (step.part % 16) / 16
        end.released = end.outbox.count - withheld
        if answer.endsAtClose, withheld == 0 { end.hasEnded = true }
        touch(end)
    }

    private func disturb(_ step: Step) {
        stores.removeAll(where: \.isClosed)
        let open = stores.filter { $0.isOpen && !$0.isBroken && !$0.hasEnded }
        guard !open.isEmpty else { return }
        let end = open[step.who % open.count]
        let isUnanswered = end.store?.current != nil && end.store?.answer.map { !$0.isSound || end.released < $0.end } ?? true
        switch step.what % 8 {
        case 0, 6:
            if isUnanswered { end.store?.current?.faults.insert(.broken) }
            end.outbox.removeSubrange(end.released...)
            end.isBroken = true
        case 1, 7:
            let cut = end.outbox.count - end.released
            if let answer = end.store?.answer, answer.endsAtClose, answer.payload >= cut {
                // What lasts as long as its connection is whole wherever it ends.
                end.store?.answer?.payload -= cut
                end.store?.answer?.end = end.released
            } else if isUnanswered {
                end.store?.current?.faults.insert(.broken)
            }
            end.outbox.removeSubrange(end.released...)
            end.hasEnded = true
        case 2, 3:
            if isUnanswered {
                end.store?.isPoisoned = true
                end.store?.current?.faults.formUnion([.nonsense, .raced])
            }
            let text = step.what % 8 == 2 ? "nonsense\r\n\r\n" : "HTTP/1.1 200 OK\r\nX-Mark: 000000\r\nContent-Length: 2\r\n\r\nno"
            end.outbox += Array(text.utf8)
            end.released = end.outbox.count
        case 4: end.window = step.part * 50
        default: end.window = .max
        }
        touch(end)
    }
}

/// Bytes that are no request by RFC 9112, or not one this gateway takes, and what they are refused with.
enum Garbage {
    static let all: [([UInt8], [Int])] = [
        ("nonsense\r\n\r\n", [400]), ("GET /livez HTTP/1.1\r\n\r\n", [400]), ("GET /livez HTTP/2.0\r\nHost: x\r\n\r\n", [505]),
        ("GET /livez HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", [501]),
        ("GET /" + String(repeating: "a", count: 9_000) + " HTTP/1.1\r\nHost: x\r\n\r\n", [414]),
        ("GET /livez HTTP/1.1\r\nHost: x\r\nX: " + String(repeating: "a", count: 17_000) + "\r\n\r\n", [431]),
        ("GET /livez HTTP/1.1\r\nHost: x\r\n" + String(repeating: "A: b\r\n", count: 120) + "\r\n", [431]),
        ("POST /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", [400]),
        ("GET /livez HTTP/1.1\nHost: x\n\n", [400]),
        ("GET /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", [400]),
        ("GET /a/../livez HTTP/1.1\r\nHost: x\r\n\r\n", [400]), ("GET /livez HTTP/1.1\r\nHost: x\r\nExpect: wonders\r\n\r\n", [417]),
        ("\u{0}\u{1}\u{2}", [400]), ("GET /livez HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n", [400]),
        ("GET /livez HTTP/1.1\r\nHost : x\r\n\r\n", [400]), ("POST /livez HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\nhello", [400]),
    ].map { (Array($0.0.utf8), $0.1) }
}
