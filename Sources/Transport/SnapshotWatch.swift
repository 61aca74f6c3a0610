import Admission
package import Decisions
package import Exchange
import Registry

/// Looks for a new snapshot file and publishes its rules; a file that is not whole, or older, changes nothing.
package struct SnapshotWatch {
    /// Gives a file's bytes.
    package typealias Reader = @Sendable (_ path: String) throws -> [UInt8]

    private let path: String
    private let levels: LevelFile
    private let read: Reader
    private let inFlight = InFlightTable()
    private let facts: FactTable
    private var mark: FileReading.Mark?
    /// Looks still to let pass.
    private var pause = 0

    /// Watches this file.
    package init(
        path: String, levels: LevelFile, facts: FactTable = FactTable(),
        read: @escaping Reader = { try FileReading.read($0, limitBytes: TransportLimits.snapshotBytes) }
    ) {
        self.path = path
        self.levels = levels
        self.facts = facts
        self.read = read
    }

    /// The rules of a file that changed since the last look, or nil. A damaged file is looked at once; where it is the system that lacks
    /// descriptors, memory or room, the file is tried again a little later: it may be what revokes a key.
    package mutating func look() throws -> Ruleset? {
        guard pause == 0 else {
            pause -= 1
            return nil
        }
        guard let found = FileReading.mark(path), found != mark else { return nil }
        do {
            let snapshot = try SnapshotFile.decode(read(path))
            let rules = Ruleset(snapshot, levels: try levels.store(for: snapshot.applications), inFlight: inFlight, facts: facts)
            mark = found
            return rules
        } catch let fault as SystemFault {
            pause = TransportLimits.looksBetweenTries
            throw fault
        } catch {
            mark = found
            throw error
        }
    }
}
