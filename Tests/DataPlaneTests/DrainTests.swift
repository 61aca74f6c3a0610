import Foundation
import Support
import Testing

@Suite(.serialized) struct DrainTests {
    /// A core store that answers when told; its listener is kept by the test.
    private func slowStore() throws -> (port: Int, listener: Caller) {
        let port = freePort()
        return (port, try Caller.listening(at: port))
    }

    @Test func `SIGTERM lets a slow request end, refuses new connections, and is not ready meanwhile`() async throws {
        let (port, listener) = try slowStore()
        let serving = try await Serving(store: port, ["--health-check-milliseconds", "0"])
        let (slow, kept) = (try Caller(port: serving.port), try Caller(port: serving.port))
        #expect(kept.call("/readyz")?.status == 200)
        slow.send("GET /find HTTP/1.1\r\nHost: a\r\nx-api-key: \(Sample.key)\r\n\r\n")
        let upstream = try #require(listener.accept())
        _ = upstream.receive()
        serving.program.send(SIGTERM)
        #expect(await eventually { serving.program.errorsSoFar.contains("\"message\":\"draining\"") })
        let refused = await eventually { (try? Caller(port: serving.port))?.call("/livez") == nil }
        #expect(refused)
        if let answer = kept.call("/readyz") { #expect(answer.status == 503 && !answer.isKept) }
        #expect(serving.program.isRunning)
        upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nslow")
        let answer = try #require(slow.receive())
        #expect(answer.body == "slow" && answer.head.contains("Connection: close"))
        #expect(await serving.program.status() == 0)
        #expect(serving.program.errorsSoFar.contains("\"requests reset\":\"0\""))
    }

    @Test func `requests that outlive the drain are reset, and counted in the log`() async throws {
        let (port, listener) = try slowStore()
        let serving = try await Serving(store: port, ["--drain-milliseconds", "300", "--health-check-milliseconds", "0"])
        let slow = try Caller(port: serving.port)
        slow.send("GET /find HTTP/1.1\r\nHost: a\r\nx-api-key: \(Sample.key)\r\n\r\n")
        let upstream = try #require(listener.accept())
        _ = upstream.receive()
        serving.program.send(SIGTERM)
        #expect(slow.receive() == nil)
        #expect(await serving.program.status() == 0)
        #expect(serving.program.errorsSoFar.contains("\"requests reset\":\"1\""))
    }

    @Test func `SIGTERM while there is no snapshot yet ends at once with 0`() async throws {
        let folder = try TemporaryDirectory()
        let program = try RunningProgram(try Repository.program("gateway-data-plane"), Serving.arguments(folder, freePort()))
        // The levels file is made just before the waiting begins.
        #expect(await eventually { FileManager.default.fileExists(atPath: folder.path + "/levels") })
        program.send(SIGTERM)
        #expect(await program.status(withinSeconds: 5) == 0)
    }

    @Test func `the pid file names the process that serves`() async throws {
        let folder = try TemporaryDirectory()
        let serving = try await Serving(["--pid-file", folder.path + "/pid"])
        let text = { try? String(contentsOfFile: folder.path + "/pid", encoding: .utf8) }
        #expect(await eventually { text() == "\(serving.program.pid)\n" })
        _ = try await serving.upgrade(["--pid-file", folder.path + "/pid"])
        #expect(text() == "\(serving.program.pid)\n")
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/systemd-socket-activate")))
    func `sockets of systemd are served by every loop, and survive an upgrade`() async throws {
        let folder = try TemporaryDirectory()
        try Data(try Sample.snapshot(revision: 1)).write(to: URL(fileURLWithPath: folder.path + "/snapshot"))
        let port = freePort()
        let program = try RunningProgram(
            "/usr/bin/systemd-socket-activate",
            ["-l", "127.0.0.1:\(port)", "--fdname=plain", try Repository.program("gateway-data-plane")]
                // The address of --listen does not count: the unit's does.
                + Serving.arguments(folder, freePort()) + ["--loops", "3"])
        // It starts the data plane at the first connection, which waits meanwhile.
        #expect(await eventually { (try? Caller(port: port))?.call("/livez")?.status == 200 })
        for _ in 0..<30 { #expect(try Caller(port: port).call()?.status == 503) }
        program.send(SIGUSR2)
        #expect(await program.status() == 0)
        for _ in 0..<30 { #expect(try Caller(port: port).call()?.status == 503) }
        let last = try RunningProgram(try Repository.program("gateway-data-plane"), Serving.arguments(folder, freePort()))
        #expect(await eventually { last.errorsSoFar.contains("\"message\":\"serving\"") })
        #expect(try Caller(port: port).call()?.status == 503)
        last.send(SIGTERM)
        #expect(await last.status() == 0)
    }
}
