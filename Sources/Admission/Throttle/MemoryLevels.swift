package import Registry
import Synchronization

/// Levels of applications in this process's memory, by id: they outlive any snapshot, and end with the process.
package final class MemoryLevelTable: Sendable {
    fileprivate final class Kept: Sendable {
        let levels = Mutex(Levels())
    }

    private let known = Mutex<[Identifier: Kept]>([:])

    /// All buckets full.
    package init() {}

    /// The levels of a snapshot's applications, by its indexes.
    package func store(for applications: [ApplicationRecord]) -> MemoryLevels {
        known.withLock { known in
            MemoryLevels(
                applications.map { application in
                    if let kept = known[application.id] { return kept }
                    let kept = Kept()
                    known[application.id] = kept
                    return kept
                })
        }
    }
}

/// The levels of one snapshot's applications in memory.
package final class MemoryLevels: LevelStore {
    private let kept: [MemoryLevelTable.Kept]

    fileprivate init(_ kept: [MemoryLevelTable.Kept]) { self.kept = kept }

    /// Runs `body` on the application's levels under its lock.
    package func withLevels(of application: Int, _ body: (inout Levels) -> Void) {
        kept[application].levels.withLock { body(&$0) }
    }
}
