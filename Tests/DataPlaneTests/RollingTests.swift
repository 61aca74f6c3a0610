import Foundation
import FoundationNetworking
import Support
import Synchronization
import Testing

/// Three endpoints, each its own process, rolled under load. The data plane itself stands in for a core store: it answers every search with 401,
/// which passes as it came, and what is counted are answers that the gateway had to make up.
@Suite(.serialized) struct RollingTests {
    private static func program(_ folder: TemporaryDirectory, _ port: Int, _ more: [String]) throws -> RunningProgram {
        let files = ["--snapshot", folder.path + "/snapshot", "--levels", folder.path + "/levels-\(port)"]
        return try RunningProgram(try Repository.program("gateway-data-plane"), files + ["--listen", "127.0.0.1:\(port)"] + more)
    }

    private static let nowhere = [
        "--production-store", "127.0.0.1:1", "--sandbox-store", "127.0.0.1:1", "--health-check-milliseconds", "0",
    ]

    private static func status(_ port: Int, _ path: String) async -> Int {
        guard let url = URL(string: "http://127.0.0.1:\(port)\(path)") else { return 0 }
        var request = URLRequest(url: url)
        request.setValue(Sample.key, forHTTPHeaderField: "x-api-key")
        let answer = try? await session.data(for: request)
        return (answer?.1 as? HTTPURLResponse)?.statusCode ?? 0
    }

    /// Answers by status, over all callers.
    private final class Tally: Sendable {
        private let values = Mutex<(counts: [Int: Int], isOver: Bool)>(([:], false))

        var counts: [Int: Int] { values.withLock { $0.counts } }
        var answered: Int { counts.values.reduce(0, +) }
        var isOver: Bool { values.withLock { $0.isOver } }

        func note(_ status: Int) { values.withLock { $0.counts[status, default: 0] += 1 } }
        func end() { values.withLock { $0.isOver = true } }
    }

    private static let session = URLSession(configuration: .ephemeral)

    @Test(arguments: [SIGKILL, SIGTERM])
    func `three endpoints rolled one after the other cost no search`(signal: Int32) async throws {
        let folder = try TemporaryDirectory()
        let snapshot = try Sample.snapshot(revision: 1, burst: 500_000)
        try Data(snapshot).write(to: URL(fileURLWithPath: folder.path + "/snapshot"))
        let ports = (0..<3).map { _ in freePort() }
        var stores = try ports.map { try RollingTests.program(folder, $0, RollingTests.nowhere) }
        for port in ports { try #require(await eventually { await RollingTests.status(port, "/livez") == 200 }) }
        let list = ports.map { "http://127.0.0.1:\($0)" }.joined(separator: ",")
        let port = freePort()
        let gateway = try RollingTests.program(
            folder, port, ["--production-store", list, "--sandbox-store", list, "--health-check-milliseconds", "200", "--loops", "2"])
        try #require(await eventually { await RollingTests.status(port, "/readyz") == 200 })

        let tally = Tally()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    while !tally.isOver { tally.note(await RollingTests.status(port, "/find")) }
                }
            }
            for index in ports.indices {
                let before = tally.answered
                #expect(await eventually { tally.answered > before + 100 })
                stores[index].send(signal)
                #expect(await stores[index].status() != nil)
                let killed = tally.answered
                #expect(await eventually { tally.answered > killed + 100 })
                stores[index] = try RollingTests.program(folder, ports[index], RollingTests.nowhere)
                #expect(await eventually { await RollingTests.status(ports[index], "/livez") == 200 })
            }
            tally.end()
            try await group.waitForAll()
        }
        #expect(Set(tally.counts.keys) == [401], "\(tally.counts) \(gateway.errorsSoFar)")
        gateway.send(SIGTERM)
        #expect(await gateway.status() == 0)
    }

    @Test func `a store by a name that nobody knows is served with 503 until it is known, and told once`() async throws {
        let folder = try TemporaryDirectory()
        try Data(try Sample.snapshot(revision: 1)).write(to: URL(fileURLWithPath: folder.path + "/snapshot"))
        let port = freePort()
        let stores = ["--production-store", "store.invalid:80", "--sandbox-store", "127.0.0.1:1", "--resolve-milliseconds", "100"]
        let gateway = try RollingTests.program(folder, port, stores)
        #expect(await eventually { await RollingTests.status(port, "/readyz") == 200 })
        #expect(await RollingTests.status(port, "/find") == 503)
        let told = gateway.errorsSoFar.split(separator: "\n").filter { $0.contains("store.invalid") }
        #expect(told.count == 1)
    }

    @Test(arguments: ["http://a:1,https://b:1", "a", "http://a:1/path"])
    func `a list of stores out of form exits 1 and says what was expected`(list: String) async throws {
        let folder = try TemporaryDirectory()
        let program = try RollingTests.program(folder, freePort(), ["--production-store", list, "--sandbox-store", "127.0.0.1:1"])
        #expect(await program.status() == 1)
        #expect(program.errorsSoFar.contains("expected"))
    }
}
