import Foundation
import Registry
import Support
import Testing

@testable import DataPlane

/// What is written of a flood, and what a log that nobody reads does to those who call.
struct LogTests {
    @Test func `ten lines of a kind in a second are written, the rest is counted, other kinds are not held back`() {
        func after(_ milliseconds: Int64) -> MonotonicTime { MonotonicTime(nanoseconds: milliseconds * 1_000_000) }
        var rates = LogRates()
        let admitted = (0..<25).filter { rates.admits("a", at: after($0)) }
        #expect(admitted.count == 10)
        let isOtherAdmitted = rates.admits("b", at: after(30))
        #expect(isOtherAdmitted)
        #expect(rates.takeLeftOut(at: after(500)).isEmpty, "the second is not over")
        let isAdmittedAgain = rates.admits("a", at: after(1_000))
        #expect(isAdmittedAgain)
        let told = rates.takeLeftOut(at: after(2_000))
        #expect(told.map(\.kind) == ["a"] && told.map(\.lines) == [15])
        #expect(rates.takeLeftOut(at: after(9_000)).isEmpty, "told once")
    }

    @Test func `more kinds than there are count as one`() {
        var rates = LogRates()
        let now = MonotonicTime(nanoseconds: 0)
        let admitted = (0..<1_000).filter { rates.admits("kind \($0)", at: now) }
        #expect(admitted.count == LogRates.kinds + LogRates.linesPerSecond)
    }

    @Test func `requests are answered and the process ends though nobody reads its log`() async throws {
        let folder = try TemporaryDirectory()
        try Data(try Sample.snapshot(revision: 1)).write(to: URL(fileURLWithPath: folder.path + "/snapshot"))
        let (port, log) = (freePort(), Pipe())
        let end = log.fileHandleForWriting.fileDescriptor
        // Full before it starts.
        _ = fcntl(end, F_SETFL, O_NONBLOCK)
        while (try? log.fileHandleForWriting.write(contentsOf: Data(count: 4_096))) != nil {}
        _ = fcntl(end, F_SETFL, 0)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try Repository.program("gateway-data-plane"))
        process.arguments = Serving.arguments(folder, port)
        process.standardError = log
        try process.run()
        defer { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
        try #require(await eventually(withinSeconds: 60) { (try? Caller(port: port))?.call("/livez")?.status == 200 })
        let caller = try Caller(port: port)
        // Each is a fault of the core store, which the loop has a line for.
        for _ in 0..<100 { #expect(caller.call()?.status == 503) }
        process.terminate()
        try #require(await eventually(withinSeconds: 20) { !process.isRunning })
        #expect(process.terminationStatus == 0)
    }
}
