import Support
import Synchronization
import Testing

@testable import Transport

/// What becomes of connections when a loop ends.
@Suite(.serialized) struct LoopEndTests {
    let authority: TestAuthority
    let files: TLSFiles

    init() throws {
        authority = try TestAuthority()
        files = TLSFiles([try authority.issue("server", for: ["DNS:a.example"])])
    }

    @Test func `connections that wait to be accepted when draining begins are all answered`() throws {
        var clients: [PlainSocket] = []
        let running = try RunningLoop(files, store: "127.0.0.1:1", isEnding: true) { port in
            for _ in 0..<300 {
                let client = try PlainSocket(port: port)
                client.send("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n")
                clients.append(client)
            }
        }
        defer { running.end() }
        let answered = clients.count { $0.receiveHead()?.hasPrefix("HTTP/1.1 200") == true }
        #expect(answered == clients.count)
    }

    @Test func `a loop that ends writes nothing into descriptors that are others' by then`() throws {
        // Connects, and never answers.
        let port = freePort()
        let store = try PlainSocket.listen(port)
        defer { store.stop() }
        let running = try RunningLoop(files, store: "127.0.0.1:\(port)", drainMilliseconds: 0)
        let context = try TLSContext.client(authorities: authority.certificate, pair: nil)
        let clients = try (0..<100).map { _ in try #require(try SecureClient(port: running.securePort, context)) }
        for client in clients { client.send(Sample.get(districtID: 1)) }
        let strangers = try Strangers()
        let opener = try Threads.start { strangers.open() }
        running.end()
        strangers.isOver.store(true, ordering: .relaxed)
        Threads.join(opener)
        #expect(strangers.disturbed == 0)
        for client in clients { #expect(client.seesEnd()) }
    }

    /// Connects with itself until told to stop, so that descriptors just closed become its own, and looks whether anyone wrote into them.
    private final class Strangers: Sendable {
        let isOver = Atomic<Bool>(false)
        private let pairs = Mutex<[Int32]>([])
        private let found = Atomic<Int>(0)
        private let address: SocketAddress
        private let listener: Int32

        init() throws {
            address = try SocketAddress.resolve("127.0.0.1:\(freePort())")
            listener = try Sockets.listen(address)
        }

        deinit { Sockets.close(listener) }

        func open() {
            while !isOver.load(ordering: .relaxed) {
                pairs.withLock { pairs in
                    pairs += [Sockets.connect(address), Sockets.accept(listener)?.descriptor].compactMap(\.self)
                    // More would leave none for others.
                    if pairs.count > 600 { close(200, of: &pairs) }
                }
            }
        }

        private func close(_ count: Int, of pairs: inout [Int32]) {
            for descriptor in pairs.prefix(count) {
                if Sockets.isReadable(descriptor) { found.add(1, ordering: .relaxed) }
            }
            pairs.prefix(count).forEach(Sockets.close)
            pairs.removeFirst(count)
        }

        /// Those that got bytes nobody of theirs sent.
        var disturbed: Int {
            pairs.withLock { close($0.count, of: &$0) }
            return found.load(ordering: .relaxed)
        }
    }
}
