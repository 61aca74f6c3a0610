import Logging
import ServiceLifecycle
import Synchronization

/// Whether the stores are seeded; until then every call but /livez is answered 503.
final class Readiness: Sendable {
    private let flag = Atomic(false)

    var isReady: Bool { flag.load(ordering: .acquiring) }

    func becomeReady() { flag.store(true, ordering: .releasing) }
}

/// Seeds the stores at the start, then adds each new day at midnight and removes expired codes.
struct Housekeeping: Service {
    let stores: [Store]
    let readiness: Readiness
    let logger: Logger

    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for store in stores { group.addTask { try await store.keepHouse() } }
            try await group.waitForAll()
        }
        readiness.becomeReady()
        logger.info("core store is ready")
        try? await cancelWhenGracefulShutdown {
            while true {
                try await Task.sleep(for: .seconds(Limits.housekeepingSeconds))
                for store in stores { await keepHouse(store) }
            }
        }
    }

    /// A full disk must not stop the service: searches go on, and the next turn tries again.
    private func keepHouse(_ store: Store) async {
        do {
            try await store.keepHouse()
        } catch is CancellationError {
            return
        } catch {
            logger.error("housekeeping failed", metadata: ["environment": "\(store.environment.rawValue)", "fault": "\(error)"])
        }
    }
}
