import Support
import Testing

@testable import Transport

/// One connection: handshake, bytes both ways, ends.
struct TLSSessionTests {
    private static let noise: [UInt8] = {
        var generator = SplitMix64(seed: 1)
        return (0..<1_000_000).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    }()

    /// A pair whose handshake is done.
    private func open() throws -> SessionPair {
        let authority = try TestAuthority()
        let server = try TLSContext.server(TLSFiles([authority.issue("server", for: ["DNS:a.example"])]))
        let pair = try SessionPair(server: server, client: try TLSContext.client(authorities: authority.certificate, pair: nil))
        #expect(pair.shake() == nil)
        return pair
    }

    @Test func `bytes pass both ways, and a read tells when nothing is left`() throws {
        let pair = try open()
        #expect(pair.send(Array("hello".utf8), on: pair.client).count == 5)
        #expect(pair.await(pair.server).bytes == Array("hello".utf8))
        #expect(pair.server.isDrained)
        #expect(pair.receive(pair.server).transfer.isWaiting)
        #expect(pair.send(Array("and back".utf8), on: pair.server).count == 8)
        #expect(pair.await(pair.client).bytes == Array("and back".utf8))
    }

    @Test func `a read that has no room for all says that something is left, whoever holds it`() throws {
        let pair = try open()
        let sent = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var received: [UInt8] = []
        var start = 0
        while received.count < sent.count {
            start += pair.send(Array(sent[start...]), on: pair.client).count ?? 0
            while true {
                let (transfer, bytes) = pair.receive(pair.server)
                received += bytes
                if transfer.isWaiting || pair.server.isDrained { break }
            }
        }
        #expect(received == sent)
    }

    @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6, 7, 8])
    func `writes cut anywhere go on with the same bytes in another place, joined or not`(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        let pair = try open()
        var (sent, received): ([UInt8], [UInt8]) = ([], [])
        var output: [UInt8] = []
        for _ in 0..<20 {
            // As the loop does: what is kept, and a tail from elsewhere; the rest is kept behind.
            let start = Int.random(in: 0...300_000, using: &generator)
            let tail = Array(TLSSessionTests.noise[start..<start + Int.random(in: 0...700_000, using: &generator)])
            sent += tail
            let transfer = pair.send(output, tail, on: pair.server)
            output = Array((output + tail).dropFirst(transfer.count ?? 0))
            #expect(!transfer.isBroken)
            for _ in 0..<Int.random(in: 0...2, using: &generator) { received += pair.receive(pair.client).bytes }
        }
        while received.count < sent.count {
            output.removeFirst(pair.send(output, on: pair.server).count ?? 0)
            received += pair.receive(pair.client).bytes
        }
        #expect(received == sent, "seed \(seed)")
    }

    @Test func `an orderly end is 0 bytes and known as one; a mere silence is 0 bytes and not`() throws {
        let orderly = try open()
        _ = orderly.send(Array("last".utf8), on: orderly.client)
        orderly.closeClient()
        #expect(orderly.await(orderly.server).bytes == Array("last".utf8))
        #expect(orderly.await(orderly.server).transfer.count == 0)
        #expect(orderly.server.hasClosed)
        let cut = try open()
        // What it has not read would make its end a reset.
        _ = cut.receive(cut.client)
        cut.closeClient(politely: false)
        #expect(cut.await(cut.server).transfer.count == 0)
        #expect(!cut.server.hasClosed)
    }

    @Test func `an end that came with the last bytes is still to be read, though the socket stays open`() throws {
        let pair = try open()
        _ = pair.send(Array("last".utf8), on: pair.client)
        pair.client.finishSending()
        // The socket's end comes last: once it is there, one read takes both records in, and the end itself stays unread.
        Sockets.finishSending(pair.descriptors.client)
        let queue = try EventQueue()
        #expect(queue.watch(pair.descriptors.server, as: 1))
        #expect((0..<1_000).contains { _ in (0..<queue.wait(milliseconds: 10)).contains { queue.event($0).readiness.hasHungUp } })
        #expect(pair.receive(pair.server).bytes == Array("last".utf8))
        #expect(!pair.server.isDrained)
        #expect(pair.receive(pair.server).transfer.count == 0)
    }

    @Test func `after the client's last byte it can still be answered`() throws {
        let pair = try open()
        pair.client.finishSending()
        #expect(pair.await(pair.server).transfer.count == 0)
        #expect(pair.send(Array("answer".utf8), on: pair.server).count == 6)
        #expect(pair.await(pair.client).bytes == Array("answer".utf8))
    }

    @Test func `bytes that are no records break the connection`() throws {
        let pair = try open()
        _ = Sockets.send(pair.descriptors.client, Array("GET / HTTP/1.1\r\n\r\n".utf8).span)
        #expect(pair.await(pair.server).transfer.isBroken)
        #expect(pair.send([1], on: pair.server).isBroken)
    }

    @Test func `a write to a connection that is gone is broken, and no signal`() throws {
        let pair = try open()
        pair.closeClient(politely: false)
        #expect((0..<1_000_000).contains { _ in pair.send([1], on: pair.server).isBroken })
    }

    @Test func `plain HTTP in place of a handshake fails with a reason`() throws {
        let authority = try TestAuthority()
        let server = try TLSContext.server(TLSFiles([authority.issue("server")]))
        let pair = try SessionPair(server: server, client: try TLSContext.client(authorities: authority.certificate, pair: nil))
        _ = Sockets.send(pair.descriptors.client, Array("GET / HTTP/1.1\r\n\r\n".utf8).span)
        var reason: String?
        for _ in 0..<1_000_000 where reason == nil {
            if case .failed(let found) = pair.server.handshake() { reason = found }
        }
        #expect(reason?.contains("http request") == true)
    }
}
