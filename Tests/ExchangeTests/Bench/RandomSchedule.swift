import Exchange
import Registry
import Support

/// One seeded run: a few clients send numbered calls, core stores answer with the number or misbehave, time passes, connections break.
struct RandomSchedule {
    /// A call a client made and has no answer to yet.
    private struct Call {
        var number: Int
        var isHead: Bool
        var isRefused: Bool
    }

    private final class Caller {
        let peer: Peer
        var calls: [Call] = []
        var received: [UInt8] = []
        init(_ peer: Peer) { self.peer = peer }
    }

    let bench: Bench
    private(set) var faults: [String] = []
    private(set) var answered = 0
    private var generator: SplitMix64
    private let world: World
    private let calls: Int
    private var callers: [Caller] = []
    private var number = 0
    private var posted: Set<String> = []

    init(seed: UInt64, calls: Int = 30) throws {
        generator = SplitMix64(seed: seed)
        world = try World()
        self.calls = calls
        // One endpoint a store, or three whose health is checked.
        let slots = seed % 2 == 0 ? 1 : 3
        bench = Bench(
            world.rules, pieces: .random(SplitMix64(seed: seed ^ 0xABCD)), slots: slots,
            checks: slots == 1 ? nil : CheckSetting(milliseconds: 1_000, path: "/livez"))
    }

    mutating func run() {
        while number < calls {
            switch pick(12) {
            case 0: if callers.count < 6, let peer = bench.connect() { callers.append(Caller(peer)) }
            case 1...4: makeCall()
            case 5...8: storeActs()
            case 9: bench.advance(milliseconds: Int64([100, 100, 1_000, 6_000][pick(4)]))
            case 10: disturb()
            default:
                bench.door = pick(10) == 0 ? (pick(2) == 0 ? .refuse : .silent) : .open
                let endpoint = EndpointName(environment: pick(2) == 0 ? .sandbox : .production, slot: pick(3))
                bench.doors[endpoint] = pick(3) == 0 ? (pick(2) == 0 ? .refuse : .silent) : nil
            }
            look()
        }
        for caller in callers { caller.peer.open(window: .max) }
        // Three pipelined requests may take their whole time one after the other.
        bench.advance(milliseconds: 240_000, step: 1_000)
        look()
        for caller in callers {
            if !caller.calls.isEmpty, !caller.peer.isClosed { faults.append("a call without an answer") }
            caller.peer.breakOff()
        }
        bench.drain()
        bench.advance(milliseconds: 41_000, step: 1_000)
        for store in bench.stores {
            var rest = store.inbox[...]
            while let message = Message.read(&rest) { note(message) }
        }
        faults += bench.miscounted(under: world.rules)
    }

    /// What may have been carried out must not arrive twice.
    private mutating func note(_ message: Message) {
        guard message.startLine.hasPrefix("POST"), let number = message["x-number"] else { return }
        if !posted.insert(number).inserted { faults.append("a POST arrived twice") }
    }

    private mutating func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &generator) }

    private mutating func makeCall() {
        guard let caller = callers.randomElement(using: &generator), !caller.peer.isEnded else { return }
        var batch = ""
        for _ in 0...pick(3) {
            number += 1
            let kind = pick(6)
            let key = world.key(.live, pick(2) == 0 ? .sandbox : .production)
            let fields = ["X-Number: \(number)"]
            let body = "\(number) " + String(repeating: "b", count: [0, 10, 5_000, 10, 20, 70_000][pick(6)])
            switch kind {
            case 0: batch += request("HEAD", Routes.search, fields: fields)
            case 1: batch += request("GET", "/none", fields: fields)
            case 2: batch += request("POST", Routes.schedule, key: key, token: "t", fields: fields, body: body)
            case 3:
                batch += request("POST", Routes.schedule, key: key, token: "t", fields: fields + ["Transfer-Encoding: chunked"])
                batch += "\(String(body.utf8.count, radix: 16))\r\n\(body)\r\n0\r\n\r\n"
            default: batch += request("GET", Routes.pin, key: key, fields: fields)
            }
            caller.calls.append(Call(number: number, isHead: kind == 0, isRefused: kind == 1))
        }
        caller.peer.post(batch)
        if pick(3) > 0 { bench.settle() }
    }

    /// One core store looks at what came and does something about it.
    private mutating func storeActs() {
        let open = bench.stores.filter { !$0.isClosed && !$0.isConnecting }
        guard let store = open.randomElement(using: &generator) else { return }
        var bytes = store.inbox[...]
        let message = Message.read(&bytes)
        if pick(40) == 0 { return pick(2) == 0 ? store.end() : store.breakOff() }
        guard let message else { return }
        guard let number = message["x-number"] else { return check(store) }
        note(message)
        if !message.body.isEmpty, message.text.prefix(while: { $0 != " " }) != number { faults.append("another call's body") }
        store.inbox = Array(bytes)
        if !bytes.isEmpty { faults.append("two requests at once on one connection") }
        if pick(15) == 0 { return store.send(["nonsense\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Le", answer(503), answer(500)][pick(4)]) }
        let isHead = message.startLine.hasPrefix("HEAD")
        let body = "\(number) " + String(repeating: "a", count: [0, 10, 5_000, 10, 20, 20, 20, 150_000][pick(8)])
        let interim = pick(5) == 0 ? "HTTP/1.1 103 Early Hints\r\n\r\n" : ""
        switch pick(isHead ? 1 : 6) {
        case 0...2:
            store.send(
                interim + "HTTP/1.1 200 OK\r\nX-Number: \(number)\r\nContent-Length: \(body.utf8.count)\r\n\r\n" + (isHead ? "" : body))
        case 3:
            let size = String(body.utf8.count, radix: 16)
            store.send(
                interim + "HTTP/1.1 200 OK\r\nX-Number: \(number)\r\nTransfer-Encoding: chunked\r\n\r\n\(size)\r\n\(body)\r\n0\r\n\r\n")
        case 4:
            store.post("HTTP/1.1 200 OK\r\nX-Number: \(number)\r\n\r\n" + body)
            store.end()
        default:
            store.post("HTTP/1.1 200 OK\r\nX-Number: \(number)\r\nContent-Length: 999999\r\n\r\n" + body)
            store.breakOff()
        }
    }

    /// A check of its health.
    private mutating func check(_ store: Peer) {
        _ = store.take()
        if pick(4) > 0 { store.send(answer(pick(8) == 0 ? 503 : 200)) }
    }

    private mutating func disturb() {
        guard let caller = callers.randomElement(using: &generator) else { return }
        switch pick(8) {
        case 0: caller.peer.breakOff()
        case 1: caller.peer.end()
        case 2: caller.peer.window = pick(2_000)
        default: caller.peer.open(window: .max)
        }
    }

    /// Reads what clients received and holds it against what they asked.
    private mutating func look() {
        if bench.heldForClients > 6 * 400_000 || bench.heldForStores > 6 * 250_000 { faults.append("memory without bound") }
        faults += bench.miscounted(under: world.rules)
        for caller in callers {
            guard !caller.peer.inbox.isEmpty else { continue }
            caller.received += caller.peer.take()
            var rest = caller.received[...]
            while !rest.isEmpty, let call = caller.calls.first, let answer = Message.read(&rest, isAnswerToHead: call.isHead) {
                if answer.status == 100 { continue }
                check(answer, call)
                caller.calls.removeFirst()
                answered += 1
                if answer["connection"] == "close" { caller.calls = [] }
            }
            caller.received = Array(rest)
            if caller.calls.isEmpty, !rest.isEmpty { checkTail(of: caller) }
        }
        callers.removeAll { $0.peer.isClosed }
    }

    /// The one answer that may come unasked is a timeout.
    private mutating func checkTail(of caller: Caller) {
        if !caller.received.starts(with: Array("HTTP/1.1 408".utf8)) { faults.append("an answer that nobody asked for") }
        caller.received = []
    }

    private mutating func check(_ answer: Message, _ call: Call) {
        switch answer.status {
        case 200:
            if answer["x-number"] != "\(call.number)" || call.isRefused { faults.append("another call's answer") }
            if !call.isHead, !answer.text.hasPrefix("\(call.number) ") { faults.append("another answer's body") }
            if answer["content-length"] != nil, answer.body.dropFirst("\(call.number) ".utf8.count).contains(where: { $0 != 0x61 }) {
                faults.append("foreign bytes in a body")
            }
        case 404: if !call.isRefused { faults.append("404 for a call that exists") }
        case 408, 502, 503, 504: if call.isRefused { faults.append("a fault for a call that was refused") }
        default: faults.append("status \(answer.status)")
        }
    }
}
