import Foundation
import Support
import Testing

/// The corpus of Tests/Framing through Exchange: whole, byte by byte and in random pieces, each case means the same.
struct CorpusTests {
    enum Cut: CaseIterable {
        case whole, bytes, random

        func pieces(_ seed: UInt64) -> Pieces {
            switch self {
            case .whole: .whole
            case .bytes: .bytes
            case .random: .random(SplitMix64(seed: seed))
            }
        }
    }

    /// Byte by byte, the long cases would cost minutes and show nothing that the short ones do not; a third of the others without a soak.
    private static func isLeftOut(_ one: CorpusCase, _ index: Int, _ cut: Cut) -> Bool {
        cut == .bytes && (one.source.utf8.count > 2_000 || (!Soak.isOn && index % 3 != 0))
    }

    @Test func `the corpus is all there`() throws {
        #expect(try CorpusCase.load("requests", key: "k").count >= 300 && CorpusCase.load("answers", key: "k").count >= 100)
    }

    @Test(arguments: Cut.allCases)
    func `for every request the core store sees what the client framed, or the client is refused`(cut: Cut) throws {
        let world = try World()
        for (index, one) in try CorpusCase.load("requests", key: world.key(.live)).enumerated() {
            guard !Self.isLeftOut(one, index, cut) else { continue }
            let wrong = try RequestRun(one, cut, seed: UInt64(index), world: world).faults
            #expect(wrong.isEmpty, "\(one.family): \(one.name), in pieces of seed \(index): \(wrong)")
        }
    }

    @Test(arguments: Cut.allCases)
    func `for every answer the client sees one whole answer, or a broken connection, and the next call its own`(cut: Cut) throws {
        let world = try World()
        for (index, one) in try CorpusCase.load("answers", key: world.key(.live)).enumerated() {
            guard !Self.isLeftOut(one, index, cut) else { continue }
            let wrong = try AnswerRun(one, pieces: cut.pieces(UInt64(index)), world: world).faults
            #expect(wrong.isEmpty, "\(one.family): \(one.name), in pieces of seed \(index): \(wrong)")
        }
    }
}

/// A case of requests/ through a bench whose core store answers each request with its own target.
private struct RequestRun {
    private(set) var faults: [String] = []

    init(_ one: CorpusCase, _ cut: CorpusTests.Cut, seed: UInt64, world: World) throws {
        let bench = Bench(world.rules, pieces: cut.pieces(seed))
        var seen: [Message] = []
        bench.onArrival = { store in
            store.log += store.take()
            var rest = store.log[...]
            while let message = Message.read(&rest) {
                seen.append(message)
                store.post("HTTP/1.1 200 OK\r\nX-Target: \(message.target)\r\nContent-Length: 0\r\n\r\n")
            }
            store.log = Array(rest)
        }
        let client = try #require(bench.connect())
        client.send(one.bytes)
        client.end()
        let received = Message.readEach(client.take(), answersTo: one.methods)?.map(\.status)
        var expected = one.steps.filter { $0.kind != .cut }
        if let count = received?.count, count < expected.count, cut != .whole, RequestRun.mayEnd(expected, after: count) {
            expected.removeSubrange(count...)
        }
        if received != expected.map(\.status) { faults.append("answers \(received ?? [])") }
        if !client.isEnded { faults.append("the connection stays open") }
        compare(seen, with: expected.filter { $0.kind == .pass })
    }

    /// In pieces, what is answered without its body ends the connection before the body came, and a fault may be found only at the head's end.
    private static func mayEnd(_ expected: [CorpusCase.Step], after count: Int) -> Bool {
        expected[count].kind == .refused || (count > 0 && expected[count - 1].kind != .pass)
    }

    private mutating func compare(_ seen: [Message], with steps: [CorpusCase.Step]) {
        if seen.count != steps.count { faults.append("the core store saw \(seen.map(\.startLine))") }
        for (message, step) in zip(seen, steps) {
            if message.startLine != "\(step.method) \(step.target) HTTP/1.1" || message.body != step.body {
                faults.append("the core store saw \(message.startLine) with \(message.body.count) bytes")
            }
            faults += step.faults(in: message)
        }
    }
}

/// A case of answers/, then two plain calls.
private struct AnswerRun {
    private(set) var faults: [String] = []

    init(_ one: CorpusCase, pieces: Pieces, world: World) throws {
        let bench = Bench(world.rules, pieces: pieces)
        let client = try #require(bench.connect())
        client.send(AnswerRun.call(one.request, key: world.key(.live)))
        var isFirst = true
        while let store = bench.stores.last(where: { !$0.isClosed }), !store.take().isEmpty {
            // A safe call whose connection was lost without a word may come once more, on a new one.
            guard isFirst || !store.isClosed else { break }
            isFirst = false
            AnswerRun.play(one.acts, on: store)
        }
        check(client, one)
        for number in 1...2 { try checkNext(number, bench, world) }
    }

    private static func call(_ request: String, key: String) -> String {
        let words = request.split(separator: " ")
        let head = "\(words[0]) \(words[0] == "POST" ? CorpusCase.otp : CorpusCase.states) HTTP/\(words.last == "1.0" ? "1.0" : "1.1")\r\n"
        let fields = "Host: gateway\r\nx-api-key: \(key)\r\n"
        guard words[0] == "POST" else { return head + fields + "\r\n" }
        return head + fields + "Content-Length: 8\r\n\r\n" + (words.last == "early" ? "quest" : "question")
    }

    private static func play(_ acts: [CorpusCase.Act], on store: Peer) {
        for act in acts {
            switch act {
            case .bytes(let bytes): store.send(bytes)
            case .pause: break
            case .close: store.end()
            case .reset: store.breakOff()
            }
        }
    }

    private mutating func check(_ client: Peer, _ one: CorpusCase) {
        guard let step = one.steps.first else { return }
        let isWhole = client.isClosed || client.isHalfClosed
        let received = Message.readAll(client.take(), isAnswerToHead: one.request == "HEAD", atEnd: isWhole)
        if step.kind == .cut {
            if received?.isEmpty == false { faults.append("the client takes what it got for whole") }
            if !client.isClosed { faults.append("the connection stays open") }
            return
        }
        if received?.map(\.status) != [step.status] { faults.append("the client got \(received?.map(\.status) ?? [])") }
        guard let message = received?.first, step.kind == .pass else { return }
        if message.body != step.body { faults.append("the client got \(message.body.count) bytes") }
        faults += step.faults(in: message)
    }

    /// Another client's call, on whatever connections are kept, gets its own answer and no other's.
    private mutating func checkNext(_ number: Int, _ bench: Bench, _ world: World) throws {
        let client = try #require(bench.connect())
        let target = "/api/v2/admin/location/districts/\(number)"
        client.send(request("GET", target, key: world.key(.live)))
        let asked = try #require(bench.stores.last { !$0.isClosed && !$0.inbox.isEmpty })
        let message = Message.readAll(asked.take())?.first
        asked.send("HTTP/1.1 200 OK\r\nX-Target: \(message?.target ?? "")\r\nContent-Length: 0\r\n\r\n")
        if Message.readAll(client.take())?.map({ $0["x-target"] ?? "" }) != [target] { faults.append("the next call got another's answer") }
    }
}

extension Message {
    fileprivate var target: String { String(startLine.split(separator: " ").dropFirst().first ?? "") }

    /// The final answers in the bytes, to requests of these methods in order; nil where they are none.
    fileprivate static func readEach(_ bytes: [UInt8], answersTo methods: [String]) -> [Message]? {
        var rest = bytes[...]
        var messages: [Message] = []
        while !rest.isEmpty {
            let isHead = messages.count < methods.count && methods[messages.count] == "HEAD"
            guard let message = read(&rest, isAnswerToHead: isHead) else { return nil }
            if message.status != 100 { messages.append(message) }
        }
        return messages
    }
}
