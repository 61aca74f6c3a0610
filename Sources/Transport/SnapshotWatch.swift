import Admission
package import Exchange
import Registry

/// Looks for a new snapshot file and publishes its rules; a file that is not whole, or older, changes nothing.
package struct SnapshotWatch {
    private let path: String
    private let levels: LevelFile
    private let inFlight = InFlightTable()
    private var mark: FileReading.Mark?

    /// Watches this file.
    package init(path: String, levels: LevelFile) {
        self.path = path
        self.levels = levels
    }

    /// The rules of a file that changed since the last look, or nil.
    package mutating func look() throws -> Ruleset? {
        guard let found = FileReading.mark(path), found != mark else { return nil }
        mark = found
        let snapshot = try SnapshotFile.decode(FileReading.read(path, limitBytes: TransportLimits.snapshotBytes))
        return Ruleset(snapshot, levels: try levels.store(for: snapshot.applications), inFlight: inFlight)
    }
}
