import Admission
import Synchronization

/// The levels of all applications, shared by all snapshots and loops.
final class SharedLevels: Sendable {
    fileprivate let levels: Mutex<[Levels]>

    init(_ count: Int) { levels = Mutex([Levels](repeating: Levels(), count: count)) }

    /// All buckets full again, for the next schedule.
    func reset() { levels.withLock { for index in $0.indices { $0[index] = Levels() } } }
}

/// The shared levels by one snapshot's indexes.
final class EditionLevels: LevelStore {
    private let shared: SharedLevels
    private let before: Int

    init(_ shared: SharedLevels, before: Int) {
        self.shared = shared
        self.before = before
    }

    func withLevels(of application: Int, _ body: (inout Levels) -> Void) {
        shared.levels.withLock { body(&$0[application - before]) }
    }
}
