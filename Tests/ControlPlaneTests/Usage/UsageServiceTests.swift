import DecisionLoad
import Foundation
import Logging
import Registry
import Support
import Synchronization
import Testing

@testable import ControlPlane

/// Counting as long as the control plane runs.
struct UsageServiceTests {
    @Test func `counting begins once its file can be written, and nothing is missing then`() async throws {
        let log = try RecordedLog(seed: 81, segments: 3)
        let path = log.scratch.path + "/usage.sqlite"
        try log.scratch.write("in the way", to: "usage.sqlite/a-file")
        #expect(throws: RegistryError.self) { _ = try UsageStore(stateDirectory: log.scratch.path) }
        let service = UsageService(
            recordsDirectory: log.files.path, stateDirectory: log.scratch.path, logger: Logger(label: "test"))
        let task = Task { try await service.run() }
        try FileManager.default.removeItem(atPath: path)
        func counted() throws -> Int64 {
            try UsageStore(stateDirectory: log.scratch.path).counts(
                by: .day, since: WallTime(nanoseconds: .min), until: WallTime(nanoseconds: .max)
            ).reduce(0) { $0 + $1.count }
        }
        let isCounted = await eventually(withinSeconds: 60) { (try? counted()) == Int64(log.files.all.count) }
        #expect(isCounted)
        task.cancel()
        try await task.value
    }

    @Test func `what goes wrong is said once, however long it lasts, and again after all went well`() async throws {
        let log = try RecordedLog(seed: 82, segments: 3)
        let (folder, aside) = (log.files.path, log.scratch.path + "/aside")
        // A file where a folder should be.
        @Sendable func spoil() throws {
            try FileManager.default.moveItem(atPath: folder, toPath: aside)
            try Data().write(to: URL(fileURLWithPath: folder))
        }
        @Sendable func mend() throws {
            try FileManager.default.removeItem(atPath: folder)
            try FileManager.default.moveItem(atPath: aside, toPath: folder)
        }
        let (lines, rounds) = (LogLines(), Rounds())
        let service = UsageService(
            recordsDirectory: folder, stateDirectory: log.scratch.path, logger: Logger(label: "test") { _ in lines },
            pause: {
                switch rounds.next() {
                case 6: try mend()
                case 7: try spoil()
                case 12: throw CancellationError()
                default: break
                }
            })
        try spoil()
        try await service.run()
        #expect(lines.all.count == 2 && lines.all.allSatisfy { $0.hasPrefix("usage is not counted: ") }, "\(lines.all)")
    }
}

/// Numbers from 1 on.
private final class Rounds: Sendable {
    private let count = Mutex(0)

    func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}

/// Keeps every line it is given.
private final class LogLines: LogHandler, Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) { lines.withLock { $0.append("\(event.message)") } }
}
