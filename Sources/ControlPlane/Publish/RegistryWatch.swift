import Logging
import ServiceLifecycle

/// Publishes whatever was committed and not published: by a command that died in between, or while publishing failed.
struct RegistryWatch: Service {
    let registry: RegistryStore
    let stateDirectory: String
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var progress = Progress(published: SnapshotPublisher.publishedRevision(in: stateDirectory))
            var lastComplaint: String?
            while !Task.isCancelled {
                do {
                    try tick(&progress)
                    lastComplaint = nil
                } catch {
                    // Said once, not ten times a second; the data plane goes on with its last good snapshot.
                    let complaint = "\(error)"
                    if complaint != lastComplaint { logger.error("cannot publish", metadata: ["reason": "\(complaint)"]) }
                    lastComplaint = complaint
                }
                do { try await Task.sleep(for: .milliseconds(Limits.watchMilliseconds)) } catch { return }
            }
        }
    }

    /// What a tick leaves to the next.
    struct Progress {
        /// The revision published last.
        var published: UInt64?
        /// Ticks in a row on which another process was publishing.
        var ticksHeldUp = 0
    }

    /// Publishes if the registry has moved on. Tries the lock once, the next tick again: a task must not keep its thread waiting.
    func tick(_ progress: inout Progress) throws(RegistryError) {
        guard try registry.revision() != progress.published else { return progress.ticksHeldUp = 0 }
        // A command publishes what it committed itself: the outcome tells whether this was left behind.
        switch try SnapshotPublisher.publishIfFree(registry, to: stateDirectory) {
        case .published(let revision):
            logger.info("published", metadata: ["revision": "\(revision)"])
            progress = Progress(published: revision)
        case .unchanged(let revision): progress = Progress(published: revision)
        case nil:
            progress.ticksHeldUp += 1
            guard progress.ticksHeldUp * Limits.watchMilliseconds >= Limits.publishLockSeconds * 1_000 else { return }
            throw FileLock.isHeld(SnapshotPublisher.lockPath(stateDirectory), seconds: Limits.publishLockSeconds)
        }
    }
}
