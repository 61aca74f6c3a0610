import Synchronization

/// What ends a process between its last write and its commit.
final class Interruption: Sendable {
    struct Happened: Error {}

    private let left = Mutex<Int?>(nil)
    private let hasHappened = Mutex(false)

    /// Commits before it happens; nil for never.
    var after: Int? {
        get { left.withLock { $0 } }
        set { left.withLock { $0 = newValue } }
    }

    @Sendable func happen() throws {
        let isOver = left.withLock { left in
            guard let count = left else { return false }
            left = count - 1
            return count <= 0
        }
        guard isOver else { return }
        hasHappened.withLock { $0 = true }
        throw Happened()
    }

    /// Whether it happened since this was asked last.
    func takeHappened() -> Bool {
        hasHappened.withLock { happened in
            defer { happened = false }
            return happened
        }
    }
}
