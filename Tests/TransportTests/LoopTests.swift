import Support
import Testing

// One at a time: its clients block their threads.
@Suite(.serialized) struct LoopTests {
    @Test func `a search and a post pass through real sockets`() throws {
        let running = try PlainLoop()
        defer { running.end() }
        let client = try running.connect()
        client.send(Sample.get(districtID: 10))
        #expect(client.receiveMessage()?.body == SmallStore.pattern(10))
        client.send("POST /otp HTTP/1.1\r\nHost: a\r\nx-api-key: \(Sample.key)\r\nContent-Length: 5\r\n\r\nhello")
        #expect(client.receiveMessage()?.body == Array("/otphello".utf8))
        client.send("POST /otp HTTP/1.1\r\nHost: a\r\nx-api-key: \(Sample.key)\r\nContent-Length: 9\r\n\r\n")
        for byte in "in pieces" { client.send(String(byte)) }
        #expect(client.receiveMessage()?.body == Array("/otpin pieces".utf8))
    }

    @Test func `a large answer comes whole to a reader that is slow`() throws {
        let running = try PlainLoop()
        defer { running.end() }
        let client = try running.connect()
        client.send(Sample.get(districtID: 5_000_000))
        let head = try #require(client.receiveHead())
        #expect(PlainSocket.length(head) == 5_000_000)
        var body: [UInt8] = []
        for _ in 0..<2_000 { body += try #require(client.receive(1_000)) }
        body += try #require(client.receive(3_000_000))
        #expect(body == SmallStore.pattern(5_000_000))
    }

    @Test func `many connections with many pipelined requests each get their own answers in order`() throws {
        let running = try PlainLoop()
        defer { running.end() }
        let clients = try (0..<100).map { _ in try running.connect() }
        for (index, client) in clients.enumerated() {
            client.send((0..<20).map { Sample.get(districtID: index * 20 + $0 + 1) }.joined())
        }
        for (index, client) in clients.enumerated() {
            for turn in 0..<20 { #expect(client.receiveMessage()?.body == SmallStore.pattern(index * 20 + turn + 1)) }
        }
    }

    @Test func `bodies up to the limit pass however slowly the core store's kernel takes them`() throws {
        let running = try PlainLoop()
        defer { running.end() }
        let client = try running.connect()
        let body = SmallStore.pattern(1_000_000)
        client.send(Array("POST /otp HTTP/1.1\r\nHost: a\r\nx-api-key: \(Sample.key)\r\nContent-Length: 1000000\r\n\r\n".utf8) + body)
        #expect(client.receiveMessage()?.body == Array("/otp".utf8) + body)
    }

    @Test func `whatever was sent before a half close is answered, however much it is, and then the connection closes`() throws {
        let running = try PlainLoop()
        defer { running.end() }
        let body = SmallStore.pattern(1_000)
        let post = "POST /otp HTTP/1.1\r\nHost: a\r\nx-api-key: \(Sample.key)\r\nContent-Length: \(body.count)\r\n\r\n"
        for count in [3, 300] {
            let client = try running.connect()
            // Of so many the kernel holds the most while the first are answered.
            for index in 1...count {
                client.send(Array((Sample.get(districtID: index) + "GET /none HTTP/1.1\r\nHost: a\r\n\r\n" + post).utf8) + body)
            }
            client.finishSending()
            for index in 1...count {
                #expect(client.receiveMessage()?.body == SmallStore.pattern(index))
                #expect(client.receiveMessage()?.head.hasPrefix("HTTP/1.1 404") == true)
                #expect(client.receiveMessage()?.body == Array("/otp".utf8) + body)
            }
            #expect(client.receive(1) == nil)
        }
    }
}
