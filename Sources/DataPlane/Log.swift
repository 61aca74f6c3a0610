import Decisions
import Exchange
import Registry
import Synchronization
import Transport

/// One JSON object a line on standard error. Nothing of a request's content is ever in it, save the words of a core store's error page, masked.
/// Loops log too, so nobody here waits for the reader.
enum Log {
    private static let rates = Mutex(LogRates())
    private static let writer = try? LineWriter(to: 2) { dropped in
        line("warning", "log lines were dropped: nobody took them", [("lines", String(dropped))])
    }

    /// Writes a line, unless there were too many of its kind in this second; the kind is the message where nobody says otherwise. A line left out
    /// costs only its count.
    static func note(
        _ level: StaticString, _ message: String, _ members: @autoclosure () -> [(String, String)] = [], kind: String? = nil
    ) {
        guard rates.withLock({ $0.admits(kind ?? message, at: SystemClock.now().monotonic) }) else { return }
        write(line(level, message, members()))
    }

    /// Tells of lines that were left out in seconds that are over; called about once a second.
    static func tellLeftOut(at now: MonotonicTime) {
        for (kind, lines) in rates.withLock({ $0.takeLeftOut(at: now) }) {
            write(line("warning", "log lines of a kind were left out: too many in a second", [("kind", kind), ("lines", String(lines))]))
        }
    }

    /// The process's last words, in plain text where there are any: waits a moment until all lines are out.
    static func end(saying words: String? = nil) {
        tellLeftOut(at: MonotonicTime(nanoseconds: .max))
        if let words { write(words) }
        writer?.finish()
    }

    private static func write(_ line: String) { if let writer { writer.put(line) } else { Threads.writeError(line) } }

    private static func line(_ level: StaticString, _ message: String, _ members: [(String, String)]) -> String {
        let now = SystemClock.now().wall
        var json = JSONText()
        json.object { json in
            json.member("time", now.timestamp(digits: 3))
            json.member("level", "\(level)")
            json.member("part", "data-plane")
            json.member("message", message)
            for (name, value) in members { json.member(name, value) }
        }
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// A request whose outcome nobody knows is always told of.
    static func report(_ fault: FaultReport, _ stores: StoreDirectory) {
        let what = fault.what.description
        guard !fault.isOutcome else { return write(line("error", what, members(of: fault, stores))) }
        note("error", what, members(of: fault, stores), kind: "\(what), \(fault.environment.name)")
    }

    private static func members(of fault: FaultReport, _ stores: StoreDirectory) -> [(String, String)] {
        var members = [
            ("request", hex(fault.requestID.high) + hex(fault.requestID.low)),
            ("route", fault.route?.text ?? ""),
            ("store", fault.environment.name),
        ]
        if let endpoint = fault.endpoint { members.append(("endpoint", stores.spelling(of: endpoint))) }
        if fault.status > 0 { members.append(("status", String(fault.status))) }
        let answer = ErrorText.loggable(fault.body)
        if !answer.isEmpty { members.append(("answer", answer)) }
        return members
    }

    /// What happened to the records of decisions.
    static func report(_ news: DecisionLog.News) {
        switch news {
        case .failing(let why): note("error", "decisions are not recorded; requests go on", [("why", why)])
        case .recovered: note("info", "decisions are recorded again")
        case .madeRoom(let segments): note("warning", "no room on the disk: the oldest records were removed", [("segments", "\(segments)")])
        case .unsealed(let segment, let why):
            note("warning", "a segment of decisions is not sealed; it is tried again", [("segment", segment), ("why", why)])
        case .damaged(let segment, let why):
            note("error", "a segment of decisions is damaged and lies aside", [("segment", segment), ("why", why)])
        case .dropped(let records): note("warning", "decisions are missing in the records", [("records", "\(records)")])
        }
    }

    /// What changed with core stores' addresses and endpoints.
    static func report(_ news: StoreNews) {
        switch news {
        case .resolved(let store, let added, let gone):
            note("info", "the core store's addresses", [("store", store.name), ("added", list(added)), ("gone", list(gone))])
        case .unresolved(let store, let host):
            note(
                "error", "the core store's name has no address; the last known ones stay, and it is looked up again",
                [("store", store.name), ("name", host)])
        case .tooMany(let store, let unplaced):
            note("error", "the core store has more addresses than there is room for", [("store", store.name), ("unused", list(unplaced))])
        case .handshakeFailed(let store, let endpoint, let why):
            note("error", "no TLS with the core store", [("store", store.name), ("endpoint", endpoint), ("why", why)])
        case .endpoint(let store, let endpoint, let event): report(event, [("store", store.name), ("endpoint", endpoint)])
        }
    }

    private static func report(_ event: EndpointNews.Event, _ members: [(String, String)]) {
        switch event {
        case .ejected(let milliseconds):
            note("warning", "endpoint ejected: too many faults one after the other", members + [("milliseconds", "\(milliseconds)")])
        case .returned: note("info", "endpoint back after its ejection", members)
        case .down: note("warning", "endpoint down: its checks fail", members)
        case .up: note("info", "endpoint up: its checks succeed", members)
        }
    }

    private static func list(_ texts: [String]) -> String { texts.joined(separator: ", ") }

    private static func hex(_ word: UInt64) -> String {
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
