import Support
import Synchronization
import Testing

@testable import Transport

@Suite struct HandoverTests {
    let folder: TemporaryDirectory
    let path: String

    init() throws {
        folder = try TemporaryDirectory()
        path = folder.path + "/handover"
    }

    private func listeners(_ count: Int, activated: Int = 0) throws -> Listeners {
        let address = try SocketAddress.resolve("127.0.0.1:\(freePort())")
        return Listeners(
            try (0..<count).map { index in
                Listener(descriptor: try Sockets.listen(address), kind: index % 2 == 0 ? .plain : .tls, isActivated: index < activated)
            })
    }

    @Test func `nobody at the path is no fault`() throws {
        #expect(try Inheritance.ask(at: path) == nil)
    }

    /// A successor on a thread of its own: what it was given, and whether it was told to go on.
    private final class Successor: Sendable {
        let inheritance = Mutex<Inheritance?>(nil)
        let wasHeard = Mutex<Bool?>(nil)

        func ask(_ path: String) throws -> Threads.Handle {
            try Threads.start { [self] in
                let found = try? Inheritance.ask(at: path)
                inheritance.withLock { $0 = found }
            }
        }

        func sayReady() throws -> Threads.Handle {
            try Threads.start { [self] in
                let heard = inheritance.withLock { $0 }?.sayReady()
                wasHeard.withLock { $0 = heard }
            }
        }

        /// What it got; it lets go of everything.
        func leave() -> [UInt8] {
            inheritance.withLock { kept in
                let marks = kept?.listeners.all.map(\.mark) ?? []
                kept?.listeners.close()
                kept = nil
                return marks
            }
        }
    }

    /// Looks again and again on this thread: a successor waits only so long.
    private func wait(for news: Bequest.News, from bequest: Bequest, giving own: Listeners) -> Bool {
        let deadline = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < deadline {
            if bequest.look(giving: own) == news { return true }
        }
        return false
    }

    @Test(arguments: [1, 2, 300])
    func `a successor gets every socket, with what it is for`(count: Int) throws {
        var own = try listeners(count, activated: 1)
        defer { own.close() }
        let bequest = try Bequest(at: path)
        let successor = Successor()
        let thread = try successor.ask(path)
        #expect(wait(for: .asked, from: bequest, giving: own))
        Threads.join(thread)
        #expect(successor.inheritance.withLock { $0?.listeners.addresses } == own.addresses)
        #expect(successor.leave() == own.all.map(\.mark))
    }

    @Test func `an unknown version is refused in words`() throws {
        let listener = try LocalSocket.listen(path)
        let answering = try Threads.start {
            while true {
                guard let asking = listener.accept() else { continue }
                _ = asking.send([9, 0x6C])
                return
            }
        }
        let fault = #expect(throws: HandoverFault.self) { _ = try Inheritance.ask(at: path) }
        Threads.join(answering)
        #expect(fault?.description.contains("hands over by version 9 of the protocol, expected version 1") == true)
    }

    @Test func `the old one is told that the successor is ready, or that it is gone`() throws {
        var own = try listeners(1)
        defer { own.close() }
        let bequest = try Bequest(at: path)
        let doomed = Successor()
        let thread = try doomed.ask(path)
        #expect(wait(for: .asked, from: bequest, giving: own))
        Threads.join(thread)
        _ = doomed.leave()
        #expect(wait(for: .abandoned, from: bequest, giving: own))
        let next = Successor()
        let asking = try next.ask(path)
        #expect(wait(for: .asked, from: bequest, giving: own))
        Threads.join(asking)
        let saying = try next.sayReady()
        #expect(wait(for: .handedOver, from: bequest, giving: own))
        Threads.join(saying)
        #expect(next.wasHeard.withLock { $0 } == true)
        _ = next.leave()
    }

    @Test(arguments: [(1, 1), (1, 4), (4, 1), (3, 2), (2, 3)])
    func `each loop has a socket and each socket a loop`(sockets: Int, loops: Int) throws {
        var own = Listeners(try listeners(sockets).all.map { Listener(descriptor: $0.descriptor, kind: .plain) })
        defer { own.close() }
        let shares = try (0..<loops).map { try own.share(ofLoop: $0, among: loops) }
        #expect(shares.allSatisfy { !$0.isEmpty })
        #expect(shares.reduce(0) { $0 + $1.count } == max(sockets, loops))
        for listener in shares.joined() { listener.close() }
    }
}
