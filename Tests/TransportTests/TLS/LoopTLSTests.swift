import Support
import Synchronization
import Testing

@testable import Transport

/// Requests through real loops by TLS, on both sides.
@Suite(.serialized) struct LoopTLSTests {
    let authority: TestAuthority
    let server: TestAuthority.Pair
    let client: TLSContext
    let store: SmallStore

    init() throws {
        authority = try TestAuthority()
        server = try authority.issue("server", for: ["DNS:a.example", "IP:127.0.0.1"])
        client = try TLSContext.client(authorities: authority.certificate, pair: nil)
        store = try SmallStore()
    }

    private func run(clients: ClientCertificates = .none, store: String? = nil, storeSecurity: TLSContext? = nil) throws -> RunningLoop {
        let files = TLSFiles([server], clients: clients, authority: clients == .none ? nil : authority.certificate)
        return try RunningLoop(files, store: store ?? "127.0.0.1:\(self.store.port)", storeSecurity: storeSecurity)
    }

    @Test func `searches and posts pass, pipelined ones in order, and every answer says HSTS`() throws {
        let running = try run()
        defer { running.end() }
        let client = try #require(try SecureClient(port: running.securePort, client))
        client.send((1...50).map { Sample.get(districtID: $0) }.joined())
        for count in 1...50 {
            let answer = try #require(client.receiveMessage())
            #expect(answer.body == SmallStore.pattern(count))
            #expect(answer.head.contains("Strict-Transport-Security: max-age=3600"))
        }
        client.send("POST /otp HTTP/1.1\r\nHost: a\r\nx-api-key: \(Sample.key)\r\nContent-Length: 5\r\n\r\n")
        for byte in "hello".utf8 { client.send([byte]) }
        #expect(client.receiveMessage()?.body == Array("/otphello".utf8))
        #expect(running.published.handshakes.full == 1 && running.published.handshakes.resumed == 0)
        let plain = try PlainSocket(port: running.port)
        plain.send(Sample.get(districtID: 7))
        #expect(plain.receiveMessage()?.head.contains("Strict-Transport") == false)
    }

    @Test func `large bodies pass both ways, byte for byte, to a reader that is slow`() throws {
        let running = try run()
        defer { running.end() }
        let client = try #require(try SecureClient(port: running.securePort, client))
        client.send(Sample.get(districtID: 3_000_000))
        let head = try #require(client.receiveHead())
        #expect(PlainSocket.length(head) == 3_000_000)
        var body: [UInt8] = []
        for _ in 0..<200 { body += try #require(client.receive(1_000)) }
        body += try #require(client.receive(2_800_000))
        #expect(body == SmallStore.pattern(3_000_000))
        let upload = SmallStore.pattern(1_000_000)
        client.send(Array("POST /otp HTTP/1.1\r\nHost: a\r\nx-api-key: \(Sample.key)\r\nContent-Length: 1000000\r\n\r\n".utf8) + upload)
        #expect(client.receiveMessage()?.body == Array("/otp".utf8) + upload)
    }

    @Test func `the core store is called by TLS, large answers and many, and nothing passes where its name or authority is another`() throws
    {
        let far = try run()
        defer { far.end() }
        let near = try run(store: "https://127.0.0.1:\(far.securePort)", storeSecurity: client)
        defer { near.end() }
        let socket = try PlainSocket(port: near.port)
        for count in [1, 100, 4_000, 5_000, 70_000, 3_000_000] {
            socket.send(Sample.get(districtID: count))
            #expect(socket.receiveMessage()?.body == SmallStore.pattern(count))
        }
        let other = try TestAuthority("Another")
        let refusals = try [
            ("https://127.0.0.1:\(far.securePort)", TLSContext.client(authorities: other.certificate, pair: nil)),
            ("https://127.0.0.2:\(far.securePort)", client), ("https://127.0.0.1:\(far.port)", client),
        ]
        for (store, context) in refusals {
            let wrong = try run(store: store, storeSecurity: context)
            defer { wrong.end() }
            let socket = try PlainSocket(port: wrong.port)
            socket.send(Sample.get(districtID: 1))
            #expect(socket.receiveMessage()?.head.hasPrefix("HTTP/1.1 503") == true, "\(store)")
        }
    }

    @Test func `our own certificate is shown to a core store that asks for one`() throws {
        let far = try run(clients: .required)
        defer { far.end() }
        let own = try TLSContext.client(authorities: authority.certificate, pair: TLSFiles.Pair(authority.issue("gateway")))
        for (context, status) in [(own, "200"), (client, "502")] {
            let near = try run(store: "https://127.0.0.1:\(far.securePort)", storeSecurity: context)
            defer { near.end() }
            let socket = try PlainSocket(port: near.port)
            socket.send(Sample.get(districtID: 9))
            #expect(socket.receiveMessage()?.head.hasPrefix("HTTP/1.1 \(status)") == true)
        }
    }

    @Test func `new certificates are for new connections, and open ones go on`() throws {
        let running = try run()
        defer { running.end() }
        let old = try #require(try SecureClient(port: running.securePort, client))
        running.published.publish(try TLSContext.server(TLSFiles([authority.issue("new", for: ["DNS:a.example"])])))
        let new = try #require(try SecureClient(port: running.securePort, client))
        #expect(new.session.fingerprint != old.session.fingerprint)
        for client in [old, new] {
            client.send(Sample.get(districtID: 3))
            #expect(client.receiveMessage()?.body == SmallStore.pattern(3))
        }
    }

    @Test func `TLS on the plain port is a bad request; plain text on the TLS port is no request`() throws {
        let running = try run()
        defer { running.end() }
        #expect(try SecureClient(port: running.port, client) == nil)
        let hello = try PlainSocket(port: running.port)
        hello.send([0x16, 0x03, 0x01, 0x00, 0x05, 1, 0, 0, 1, 0])
        #expect(hello.receiveHead()?.hasPrefix("HTTP/1.1 400") == true)
        let plain = try PlainSocket(port: running.securePort)
        plain.send(Sample.get(districtID: 3))
        #expect(plain.receiveHead() == nil)
    }

    @Test func `a client with whom TLS is not agreed on is told of with its address and the reason, and one that said nothing is not`()
        async throws
    {
        let told = Mutex<[String]>([])
        let files = TLSFiles([server], clients: .required, authority: authority.certificate)
        let running = try RunningLoop(
            files, store: "127.0.0.1:\(store.port)", handshakeReporter: { client, why in told.withLock { $0.append("\(client): \(why)") } })
        defer { running.end() }
        let silent = try PlainSocket(port: running.securePort)
        silent.finishSending()
        #expect(silent.receiveHead() == nil)
        let plain = try PlainSocket(port: running.securePort)
        plain.send("GET / HTTP/1.1\r\n\r\n")
        #expect(plain.receiveHead() == nil)
        let bare = try SecureClient(port: running.securePort, client)
        #expect(await eventually { told.withLock { $0.count } == 2 })
        #expect(told.withLock { $0 } == ["127.0.0.1: http request", "127.0.0.1: peer did not return a certificate"])
        #expect(running.published.handshakes.failed == 2 && running.published.handshakes.full == 0)
        withExtendedLifetime(bare) {}
    }

    @Test func `a handshake and a request in single bytes are served`() throws {
        let running = try run()
        defer { running.end() }
        let relay = try ByteRelay(to: running.securePort)
        let client = try #require(try SecureClient(port: relay.port, client))
        client.send(Sample.get(districtID: 12))
        #expect(client.receiveMessage()?.body == SmallStore.pattern(12))
    }

    @Test func `a handshake that stalls ends, and holds up nobody meanwhile`() async throws {
        let running = try run()
        defer { running.end() }
        let stalled = try PlainSocket(port: running.securePort)
        stalled.send([0x16, 0x03, 0x01])
        let client = try #require(try SecureClient(port: running.securePort, client))
        client.send(Sample.get(districtID: 2))
        #expect(client.receiveMessage()?.body == SmallStore.pattern(2))
        #expect(await eventually(withinSeconds: 20) { stalled.receiveHead() == nil })
    }
}

/// Passes bytes on one by one, in both directions.
private final class ByteRelay: Sendable {
    let port: Int
    private let listener: PlainSocket

    init(to target: Int) throws {
        port = freePort()
        let listener = try PlainSocket.listen(port)
        self.listener = listener
        _ = try Threads.start {
            guard let near = listener.accept(), let far = try? PlainSocket(port: target) else { return }
            _ = try? Threads.start { ByteRelay.pass(from: far, to: near) }
            ByteRelay.pass(from: near, to: far)
        }
    }

    deinit { listener.stop() }

    private static func pass(from source: PlainSocket, to target: PlainSocket) {
        while let byte = source.receive(1), target.send(byte) {}
        target.stop()
    }
}
