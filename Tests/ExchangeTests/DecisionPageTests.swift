import Admission
import Decisions
import Foundation
import Registry
import Support
import Testing

@testable import Exchange

/// What an application asks about its own requests, and how it is told what somebody else finds in the log.
@Suite struct DecisionPageTests {
    private static let id = "0179300b2c00a1b2c3d4e5f60718293a"

    private func asking(_ world: World, _ bench: Bench, id: String = DecisionPageTests.id, method: String = "GET") throws -> Peer {
        let client = try bench.client()
        client.send(request(method, "/decisions/" + id, key: world.key(.live)))
        return client
    }

    private func code(_ message: Message) -> String? {
        message.text.split(separator: "\"").drop { $0 != "errorCode" }.dropFirst(2).first.map(String.init)
    }

    @Test func `asks for the application's own, and answers with what is found`() throws {
        let world = try World()
        let bench = Bench(world.rules)
        let client = try asking(world, bench)
        let asked = try #require(bench.asked.first)
        #expect(asked.question.asked == RequestIdentifier(Self.id) && asked.question.application.text == "live-app")
        #expect(client.inbox.isEmpty && bench.exchange.decisions.isEmpty)
        bench.now = bench.now.later(milliseconds: 12)
        bench.answer(0, .explained(Array("{\"id\":1}".utf8)))
        let message = try client.message()
        #expect(message.status == 200 && message.text == "{\"id\":1}" && message["content-type"] == "application/json")
        #expect(message["cache-control"] == "no-store")
        let decision = try #require(bench.exchange.decisions.first)
        #expect(decision.route == -1 && decision.verdict == .admitted && decision.status == 200 && decision.totalMicroseconds == 12_000)
        #expect(decision.storeMicroseconds == 0 && decision.endpoint == 0)
    }

    @Test func `another's, an unknown and a malformed id read the same, and none may be kept`() throws {
        let world = try World()
        let bench = Bench(world.rules)
        let client = try asking(world, bench)
        bench.answer(0, .unknown)
        let unknown = try client.message()
        #expect(unknown.status == 404 && code(unknown) == "GWDEC0001" && unknown["cache-control"] == "no-store")
        func detail(_ message: Message) -> Substring { message.text.prefix { $0 != "i" } }
        for malformed in ["", "1", Self.id.uppercased(), String(Self.id.dropLast()) + "g", Self.id + "0", Self.id + "/", "../../etc"] {
            let message = try asking(world, bench, id: malformed).message()
            if malformed.contains("..") {
                #expect(message.status == 400)
            } else {
                #expect(message.status == 404 && code(message) == "GWDEC0001" && detail(message) == detail(unknown), "\(malformed)")
            }
        }
        #expect(bench.asked.count == 1, "no file is read for what is no id")
        let decision = try #require(bench.exchange.decisions.first)
        #expect(decision.verdict == .refused(.noSuchDecision) && decision.route == -1)
        #expect(evaluate(decision, of: nil, under: world.rules.snapshot.policy).basis == .ownAnswer)
    }

    @Test func `is 503 with a wait where too many ask, and where nobody answers in time`() throws {
        let world = try World()
        let bench = Bench(world.rules)
        let client = try asking(world, bench)
        bench.answer(0, .busy)
        let busy = try client.message()
        #expect(busy.status == 503 && busy["retry-after"] == "1" && code(busy) == "GWDEC0002" && busy.text.contains("\"retryable\":true"))
        client.send(request("GET", "/decisions/" + Self.id, key: world.key(.live)))
        bench.advance(milliseconds: Limits.lookUpMilliseconds - Limits.tickMilliseconds)
        #expect(client.inbox.isEmpty)
        bench.advance(milliseconds: Limits.tickMilliseconds)
        #expect(try client.message().status == 503)
        client.send(request("GET", "/decisions/" + Self.id, key: world.key(.live)))
        bench.answer(1, .unknown)
        #expect(client.inbox.isEmpty, "the answer to the question before, asked on the same connection, is too late")
        bench.answer(2, .explained([0x7B, 0x7D]))
        #expect(try client.message().text == "{}")
        bench.answer(2, .explained([0x7B, 0x7D]))
        #expect(client.inbox.isEmpty, "told once")
    }

    @Test func `forgets who left, and whoever has the place next hears nothing of it`() throws {
        let world = try World()
        let bench = Bench(world.rules)
        let client = try asking(world, bench)
        client.breakOff()
        #expect(bench.exchange.decisions.map(\.ending) == [.clientLeft])
        let next = try bench.client()
        #expect(next.handle.index == client.handle.index)
        bench.answer(0, .explained([0x7B, 0x7D]))
        #expect(next.inbox.isEmpty && bench.exchange.questions.isEmpty)
        let other = try asking(world, bench)
        bench.answer(0, .explained([0x7B, 0x7D]))
        #expect(other.inbox.isEmpty)
        bench.answer(1, .unknown)
        #expect(try other.message().status == 404)
        next.end()
        other.end()
        #expect(bench.leaks.isEmpty, "\(bench.leaks)")
    }

    @Test func `requests behind it wait their turn, and whoever sends no more is answered all the same`() throws {
        let world = try World()
        let bench = Bench(world.rules)
        let client = try bench.client()
        client.send(
            request("GET", "/decisions/" + Self.id, key: world.key(.live)) + request("HEAD", "/decisions/" + Self.id, key: world.key(.live))
                + request("GET", "/livez"))
        client.end()
        #expect(bench.asked.count == 1 && client.inbox.isEmpty)
        bench.answer(0, .explained([0x7B, 0x7D]))
        #expect(try client.message().text == "{}")
        #expect(bench.asked.count == 2)
        bench.answer(1, .explained([0x7B, 0x7D]))
        let rest = client.takeText()
        #expect(rest.hasPrefix("HTTP/1.1 200 ") && rest.hasSuffix("ok\n") && rest.components(separatedBy: "HTTP/1.1 200 ").count == 3)
        #expect(client.isEnded)
    }

    @Test func `HEAD is told as much as GET, without the body`() throws {
        let world = try World()
        let bench = Bench(world.rules)
        let client = try asking(world, bench, method: "HEAD")
        bench.answer(0, .explained([0x7B, 0x7D]))
        let head = client.takeText()
        #expect(head.hasPrefix("HTTP/1.1 200 ") && head.contains("Content-Length: 2\r\n") && head.hasSuffix("\r\n\r\n"))
    }

    @Test func `while draining it is answered, and its connection closes`() throws {
        let world = try World()
        let bench = Bench(world.rules)
        let client = try asking(world, bench)
        bench.drain()
        #expect(bench.exchange.runningRequests == 1 && bench.exchange.isRunning(client: client.handle.index))
        bench.answer(0, .explained([0x7B, 0x7D]))
        let message = try client.message()
        #expect(message.status == 200 && message["connection"] == "close" && client.isHalfClosed)
    }

    @Test func `where no records are kept it says so`() throws {
        let world = try World()
        let bench = Bench(world.rules, keepsRecords: false)
        let message = try asking(world, bench).message()
        #expect(message.status == 404 && message.text.contains("keeps no records") && bench.asked.isEmpty)
    }
}
