import Foundation
import Support
import Testing

/// A data plane and its successors, as real processes.
@Suite(.serialized) struct UpgradeTests {
    @Test func `successors take over under load: no call fails, and one bucket is spent exactly once`() async throws {
        let burst = Soak.count(Soak.isSanitized ? 10_000 : 100_000)
        let serving = try await Serving(burst: Int64(burst))
        let load = try KeptLoad(clients: 8, port: serving.port)
        for loops in [1, 3, 2, 1] { #expect(try await serving.upgrade(["--loops", "\(loops)"]) == 0) }
        #expect(await eventually(withinSeconds: 120) { load.soFar.byStatus[429, default: 0] > 1_000 })
        let tally = load.end()
        #expect(tally.failed == 0, "\(tally)")
        // 503: admitted, and there is no core store.
        #expect(tally.byStatus[503] == burst, "\(tally)")
        #expect(Set(tally.byStatus.keys) == [429, 503], "\(tally)")
        #expect(tally.connections >= 4 * 8, "every upgrade moved every client: \(tally)")
    }

    @Test func `a successor that dies before it is ready changes nothing`() async throws {
        let serving = try await Serving()
        let load = try KeptLoad(clients: 2, port: serving.port)
        // Without a snapshot it has the sockets and is not ready.
        let doomed = try serving.startAnother(["--snapshot", serving.folder.path + "/none"])
        #expect(await eventually { serving.program.errorsSoFar.contains("a successor has the sockets") })
        doomed.send(SIGKILL)
        #expect(await eventually { serving.program.errorsSoFar.contains("the successor ended before it was ready") })
        #expect(try await serving.upgrade() == 0)
        let tally = load.end()
        #expect(tally.failed == 0, "\(tally)")
    }

    @Test func `a successor that starts in the moment of a broken snapshot waits for a whole one`() async throws {
        let serving = try await Serving()
        try serving.publish(Array("nonsense".utf8))
        let successor = try serving.startAnother()
        #expect(await eventually { serving.program.errorsSoFar.contains("a successor has the sockets") })
        #expect(try await serving.status() == 503, "the one before serves on")
        try serving.publish(try Sample.snapshot(revision: 6))
        #expect(await serving.program.status() == 0)
        #expect(try await serving.status() == 503)
        successor.send(SIGTERM)
        #expect(await successor.status() == 0)
    }

    @Test func `a successor that cannot write its pid file gives up while the one before serves`() async throws {
        let serving = try await Serving()
        let successor = try serving.startAnother(["--pid-file", serving.folder.path + "/none/pid"])
        #expect(await successor.status() == 1)
        #expect(successor.errorsSoFar.contains("/none/pid"), "\(successor.errorsSoFar)")
        #expect(await eventually { serving.program.errorsSoFar.contains("the successor ended before it was ready") })
        #expect(try await serving.status("/readyz") == 200)
    }

    @Test func `of two successors at once one is refused, and says why`() async throws {
        let serving = try await Serving()
        let first = try serving.startAnother(["--snapshot", serving.folder.path + "/none"])
        #expect(await eventually { serving.program.errorsSoFar.contains("a successor has the sockets") })
        let second = try serving.startAnother()
        #expect(await second.status() == 1)
        #expect(second.errorsSoFar.contains("gives no sockets: it is busy with another successor"), "\(second.errorsSoFar)")
        first.send(SIGTERM)
        #expect(await first.status() == 0, "a signal ends the waiting for a snapshot")
        #expect(serving.program.isRunning)
        #expect(try await serving.status("/readyz") == 200)
    }

    @Test func `every listening socket is served, whatever the number of loops before`() async throws {
        let serving = try await Serving(["--loops", "4"])
        for loops in [1, 3, 8, 2] {
            #expect(try await serving.upgrade(["--loops", "\(loops)"]) == 0)
            for _ in 0..<60 { #expect(try Caller(port: serving.port).call("/livez")?.status == 200) }
        }
    }

    @Test func `SIGUSR2 starts a successor by itself`() async throws {
        let serving = try await Serving()
        let load = try KeptLoad(clients: 4, port: serving.port)
        serving.program.send(SIGUSR2)
        #expect(await serving.program.status() == 0)
        #expect(serving.program.errorsSoFar.contains("a successor serves"))
        #expect(try await serving.status("/readyz") == 200)
        let tally = load.end()
        #expect(tally.failed == 0, "\(tally)")
        // It is nobody's child here: the next one replaces it, and ends when asked.
        let last = try serving.startAnother()
        #expect(await eventually { last.errorsSoFar.contains("\"message\":\"serving\"") })
        last.send(SIGTERM)
        #expect(await last.status() == 0)
    }

    @Test func `where the one before was killed, its successor binds for itself`() async throws {
        let serving = try await Serving(burst: 5)
        serving.program.send(SIGKILL)
        #expect(await serving.program.status() == 128 + SIGKILL)
        try await serving.restart()
        #expect(try await serving.upgrade() == 0)
        #expect(try await serving.status("/readyz") == 200)
    }

    @Test func `a data plane that is killed again and again beside another hangs nobody, and refills nothing`() async throws {
        let burst = Soak.count(Soak.isSanitized ? 5_000 : 50_000)
        let serving = try await Serving(burst: Int64(burst))
        let other = freePort()
        let load = try KeptLoad(clients: 4, port: serving.port)
        let beside = try KeptLoad(clients: 4, port: other)
        for _ in 0..<Soak.count(50) {
            // Its own port and no handover: two data planes on one levels file.
            let victim = try serving.startAnother(["--listen", "127.0.0.1:\(other)", "--handover", serving.folder.path + "/other"])
            #expect(await eventually { victim.errorsSoFar.contains("\"message\":\"serving\"") })
            let before = beside.soFar.byStatus.values.reduce(0, +)
            _ = await eventually(withinSeconds: 5) { beside.soFar.byStatus.values.reduce(0, +) > before + 50 }
            victim.send(SIGKILL)
            _ = await victim.status()
        }
        #expect(await eventually(withinSeconds: 120) { load.soFar.byStatus[429, default: 0] > 100 })
        let (mine, theirs) = (load.end(), beside.end())
        #expect(mine.failed == 0, "\(mine)")
        let admitted = mine.byStatus[503, default: 0] + theirs.byStatus[503, default: 0]
        // What was admitted and killed before its answer was seen is spent all the same.
        #expect(admitted <= burst && admitted >= burst - Soak.count(50) * 4, "\(admitted) of \(burst)")
    }
}
