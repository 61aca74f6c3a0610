import Exchange
import Support
import Synchronization
import Testing

/// What a loop still does once it is asked to end. One at a time: its clients block their threads.
@Suite(.serialized) struct DrainTests {
    private static let post = "POST /otp HTTP/1.1\r\nHost: a\r\nx-api-key: \(Sample.key)\r\nContent-Length: 2\r\n\r\n{}"

    private final class Reports: Sendable {
        private let told = Mutex<[FaultReport]>([])
        func note(_ report: FaultReport) { told.withLock { $0.append(report) } }
        var statuses: [Int] { told.withLock { $0.map(\.status) } }
    }

    /// A loop with a post whose core store, `store`, has it and does not answer, and whose client `isGone` or waits.
    private func withPost(
        isGone: Bool, drainMilliseconds: Int64, _ body: (_ running: PlainLoop, _ store: PlainSocket) throws -> Void
    ) throws -> [Int] {
        let port = freePort()
        let listener = try PlainSocket.listen(port)
        let reports = Reports()
        let running = try PlainLoop(storePort: port, drainMilliseconds: drainMilliseconds) { reports.note($0) }
        var client: PlainSocket? = try running.connect()
        client?.send("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n" + DrainTests.post)
        let store = try #require(listener.accept())
        _ = store.receiveMessage()
        // With an answer that nobody read, the connection ends by a reset: its client is gone, not only done with sending.
        if isGone { client = nil }
        try body(running, store)
        running.end()
        withExtendedLifetime(client) {}
        return reports.statuses
    }

    @Test func `a post whose client left is waited for, and what became of it is told`() throws {
        let told = try withPost(isGone: true, drainMilliseconds: 60_000) { running, store in
            try running.beginDraining()
            #expect(store.send("HTTP/1.1 201 Made\r\nContent-Length: 0\r\n\r\n"))
        }
        #expect(told == [201])
    }

    @Test(arguments: [true, false])
    func `a post that has no answer when the time is over is told, its outcome unknown`(isGone: Bool) throws {
        #expect(try withPost(isGone: isGone, drainMilliseconds: 200) { _, _ in } == [0])
    }
}
