import Exchange
import Registry
import Support
import Testing

/// What a core store does wrong, and what its caller is told.
@Suite struct FaultTests {
    let world: World
    let get: String
    let post: String

    init() throws {
        world = try World()
        get = request("GET", Routes.search)
        post = request("POST", Routes.schedule, key: world.key(.live), token: "t", body: "{}")
    }

    private func slug(_ message: Message) -> String {
        String(message.text.split(separator: "\"").first { $0.hasPrefix("/problems/") }?.dropFirst(10) ?? "")
    }

    @Test(arguments: [
        "SSH-2.0-OpenSSH\r\n", "HTTP/2 200 OK\r\n\r\n", "HTTP/1.1 99 No\r\n\r\n", "HTTP/1.1 200 OK\r\nNo colon\r\n\r\n",
        "HTTP/1.1 101 Switching\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", "\u{0}\u{1}\u{2}",
    ])
    func `nonsense in place of an answer is 502`(nonsense: String) throws {
        let (bench, client) = try bench(sending: get, world: world)
        try bench.store().send(nonsense)
        let received = try client.message()
        #expect(received.status == 502 && slug(received) == "core-store-failed")
        #expect(try bench.store().isClosed)
        #expect(bench.exchange.reports.count == 1 && !client.isEnded)
    }

    @Test func `a connection refused is 503, with a wait`() throws {
        for call in [get, post] {
            let bench = Bench(world.rules)
            bench.door = .refuse
            let client = try bench.client()
            client.send(call)
            let received = try client.message()
            #expect(received.status == 503 && slug(received) == "core-store-unavailable" && received["retry-after"] != nil)
            #expect(!client.isEnded)
        }
    }

    @Test func `no first byte in time is 504: a search timed out, a booking's outcome unknown`() throws {
        for (call, expected) in [(get, "core-store-timeout"), (post, "outcome-unknown")] {
            let (bench, client) = try bench(sending: call, world: world)
            bench.advance(milliseconds: Routes.firstByteMilliseconds - 100)
            #expect(client.inbox.isEmpty)
            bench.advance(milliseconds: 200)
            let received = try client.message()
            #expect(received.status == 504 && slug(received) == expected)
            #expect(try bench.store().isClosed)
            #expect(bench.exchange.reports.count == 1 && !client.isEnded)
        }
    }

    @Test func `a GET whose reused connection dies is sent once more, on a new one`() throws {
        for isBroken in [true, false] {
            let (bench, client) = try bench(sending: get, world: world)
            try bench.store().send(answer())
            _ = try client.message()
            client.send(get)
            let first = try bench.store()
            isBroken ? first.breakOff() : first.end()
            #expect(bench.stores.count == 2)
            #expect(try bench.store().message().startLine.hasPrefix("GET "))
            try bench.store().send(answer(body: "second"))
            #expect(try client.message().text == "second")
            #expect(bench.exchange.reports.isEmpty)
        }
    }

    @Test func `the second death of a GET's connection is 502`() throws {
        let (bench, client) = try bench(sending: get, world: world)
        try bench.store().send(answer())
        _ = try client.message()
        client.send(get)
        try bench.store().end()
        try bench.store().end()
        let received = try client.message()
        #expect(received.status == 502 && slug(received) == "core-store-failed")
        #expect(bench.stores.count == 2)
    }

    @Test func `a GET whose fresh connection dies is 502 at once`() throws {
        let (bench, client) = try bench(sending: get, world: world)
        try bench.store().end()
        #expect(try client.message().status == 502)
        #expect(bench.stores.count == 1)
    }

    @Test func `a GET is not sent again once a byte of its answer came`() throws {
        let (bench, client) = try bench(sending: get, world: world)
        try bench.store().send(answer())
        _ = try client.message()
        client.send(get)
        try bench.store().send("HTTP/1.1 2")
        try bench.store().end()
        #expect(try client.message().status == 502)
        #expect(bench.stores.count == 1)
    }

    @Test func `a POST whose connection dies is never sent again: its outcome is unknown`() throws {
        for isReused in [true, false] {
            let bench = Bench(world.rules)
            let client = try bench.client()
            if isReused {
                client.send(get)
                try bench.store().send(answer())
                _ = try client.message()
            }
            client.send(post)
            try bench.store().breakOff()
            let received = try client.message()
            #expect(received.status == 504 && slug(received) == "outcome-unknown")
            #expect(received.text.contains("\"retryable\":false"))
            #expect(bench.stores.count == 1 && bench.exchange.reports.count == 1)
        }
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
    ])
    func `an answer cut short ends the client's connection without a false end`(part: String) throws {
        for isBroken in [true, false] {
            let (bench, client) = try bench(sending: get, world: world)
            try bench.store().send(part)
            isBroken ? try bench.store().breakOff() : try bench.store().end()
            #expect(client.isClosed)
            #expect(Message.holdsNoWhole(client.take()))
            #expect(bench.exchange.reports.count == 1)
        }
    }

    @Test func `a chunk against the grammar in an answer ends the client's connection`() throws {
        let (bench, client) = try bench(sending: get, world: world)
        try bench.store().send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloX")
        #expect(client.isClosed)
        #expect(try bench.store().isClosed)
        #expect(Message.holdsNoWhole(client.take()))
    }

    @Test func `an error of the core store is 502 and its text is for the report alone`() throws {
        for status in [500, 501, 502, 504, 599] {
            let (bench, client) = try bench(sending: get, world: world)
            let page = "panic: secret of the database " + String(repeating: "x", count: 1_000)
            try bench.store().send(answer(status, fields: ["X-Secret: yes"], body: page))
            let raw = client.inbox
            let received = try client.message()
            #expect(received.status == 502 && slug(received) == "core-store-failed" && received["x-secret"] == nil)
            #expect(!String(decoding: raw, as: UTF8.self).contains("secret"))
            let report = try #require(bench.exchange.reports.first)
            #expect(report.status == status && report.body == Array(page.utf8.prefix(512)))
            #expect(!client.isEnded)
            client.send(get)
            #expect(bench.stores.count == 1, "its connection serves on")
        }
    }

    @Test func `a long error page is not read to its end`() throws {
        let (bench, client) = try bench(sending: get, world: world)
        try bench.store().send("HTTP/1.1 500 Oops\r\n\r\n" + String(repeating: "x", count: 200_000))
        #expect(try client.message().status == 502)
        #expect(try bench.store().isClosed)
    }

    @Test func `an error page that stops in its middle is 502 all the same`() throws {
        let (bench, client) = try bench(sending: get, world: world)
        try bench.store().send("HTTP/1.1 500 Oops\r\nContent-Length: 10\r\n\r\nabc")
        #expect(client.inbox.isEmpty)
        bench.advance(milliseconds: 15_100)
        #expect(try client.message().status == 502)
    }

    @Test(arguments: [
        ("7", "7"), ("3600", "3600"), ("86400", "86400"), ("soon", "1"), ("", "1"), ("Mon, 03 May 2021 00:02:05 GMT", "125"),
        ("Mon, 03 May 2021 00:00:00 GMT", "1"), ("Sun, 06 Nov 1994 08:49:37 GMT", "1"), ("Mon, 03 Foo 2021 00:02:05 GMT", "1"),
    ])
    func `a 503 stays one and keeps its Retry-After`(said: String, heard: String) throws {
        let (bench, client) = try bench(sending: get, world: world)
        try bench.store().send(answer(503, fields: ["Retry-After: \(said)"]))
        let received = try client.message()
        #expect(received.status == 503 && received["retry-after"] == heard && slug(received) == "core-store-unavailable")
    }

    @Test func `answers from 200 to 499 pass as they came`() throws {
        for status in [200, 201, 301, 400, 401, 404, 409, 418, 429, 451] {
            let (bench, client) = try bench(sending: get, world: world)
            try bench.store().send(answer(status, fields: ["X-Odd: a  b"], body: "as it came"))
            let received = try client.message()
            #expect(received.status == status && received.text == "as it came" && received["x-odd"] == "a  b")
        }
    }

    @Test func `a client that ends in the middle of its body takes its core store's connection with it`() throws {
        let (bench, client) = try bench(
            sending: request("POST", Routes.schedule, key: world.key(.live), token: "t", fields: ["Content-Length: 9"]) + "123",
            world: world)
        client.end()
        #expect(try bench.store().isClosed)
        #expect(client.isClosed)
    }
}
