import Foundation
import Registry
import Support
import Synchronization
import Testing

@testable import Transport

/// What becomes of a snapshot that could not be taken at first.
@Suite struct SnapshotWatchTests {
    let folder: TemporaryDirectory
    let path: String

    init() throws {
        folder = try TemporaryDirectory()
        path = folder.path + "/snapshot"
    }

    /// A watch whose first so many reads find no descriptor left.
    private func watch(failing failures: Int) throws -> (SnapshotWatch, reads: Count) {
        let levels = try LevelFile(folder.path + "/levels", at: SystemClock.now(), boot: "one")
        let reads = Count()
        let watch = SnapshotWatch(path: path, levels: levels) { path in
            guard reads.number.add(1, ordering: .relaxed).newValue > failures else { throw SystemFault("open \(path)", number: EMFILE) }
            return try FileReading.read(path, limitBytes: TransportLimits.snapshotBytes)
        }
        return (watch, reads)
    }

    private final class Count: Sendable {
        let number = Atomic<Int>(0)
    }

    @Test func `a snapshot that the system could not give is tried again, and not at every look`() throws {
        let (made, reads) = try watch(failing: 2)
        var watch = made
        try Data(SnapshotFile.encode(Sample.snapshot())).write(to: URL(fileURLWithPath: path))
        var rules = 0
        var faults = 0
        for _ in 0..<TransportLimits.looksBetweenTries * 4 {
            do { rules += try watch.look() == nil ? 0 : 1 } catch { faults += 1 }
        }
        #expect(rules == 1 && faults == 2 && reads.number.load(ordering: .relaxed) == 3)
    }

    @Test func `a damaged snapshot is looked at once, and the one after it taken`() throws {
        let (made, reads) = try watch(failing: 0)
        var watch = made
        try Data("no snapshot".utf8).write(to: URL(fileURLWithPath: path))
        #expect(throws: SnapshotFile.Damage.notASnapshot) { try watch.look() }
        for _ in 0..<TransportLimits.looksBetweenTries * 2 {
            let rules = try watch.look()
            #expect(rules == nil)
        }
        #expect(reads.number.load(ordering: .relaxed) == 1)
        try Data(SnapshotFile.encode(Sample.snapshot())).write(to: URL(fileURLWithPath: path))
        let rules = try watch.look()
        #expect(rules != nil)
    }
}
