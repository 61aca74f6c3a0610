import DecisionLoad
import Foundation
import Logging
import Registry
import Support
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
}
