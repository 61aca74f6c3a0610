import Admission
package import Decisions
package import Exchange
import Registry

/// Looks for a new snapshot file and publishes its rules; a file that is not whole, or older, changes nothing.
package struct SnapshotWatch {
    /// Gives a file's bytes.
    package typealias Reader = @Sendable (_ path: String) throws -> [UInt8]

    /// A shadow policy's levels.
    private struct Tried {
        let version: String
        let levels = MemoryLevelTable()
        let anonymous = AddressLevels(seed: SystemClock.seed().0)
    }

    private let path: String
    private let levels: LevelFile
    private let read: Reader
    private let inFlight = InFlightTable()
    private let asking = MemoryLevelTable()
    private let facts: FactTable
    private var tried: Tried?
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

    /// A policy that is tried begins with full buckets, and keeps them as long as it is tried.
    private mutating func watching(_ snapshot: Snapshot) -> WatchingRules? {
        guard let version = snapshot.shadow?.version else {
            tried = nil
            return nil
        }
        let kept = tried.flatMap { $0.version == version ? $0 : nil } ?? Tried(version: version)
        tried = kept
        return WatchingRules(of: snapshot, levels: kept.levels, anonymous: kept.anonymous)
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
            let rules = Ruleset(
                snapshot, levels: try levels.store(for: snapshot.applications), inFlight: inFlight, facts: facts,
                watching: watching(snapshot), asking: asking.store(for: snapshot.applications))
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
