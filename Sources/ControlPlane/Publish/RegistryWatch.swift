import Logging
import ServiceLifecycle

/// Publishes whatever was committed and not published: by a command that died in between, or while publishing failed.
struct RegistryWatch: Service {
    let registry: RegistryStore
    let stateDirectory: String
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var published = SnapshotPublisher.publishedRevision(in: stateDirectory)
            var lastComplaint: String?
            while !Task.isCancelled {
                do {
                    published = try publishIfBehind(published)
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

    /// Publishes if the registry has moved on, and says which revision is published now.
    func publishIfBehind(_ published: UInt64?) throws(RegistryError) -> UInt64? {
        guard try registry.revision() != published else { return published }
        // A command publishes what it committed itself: the outcome tells whether this was left behind.
        switch try SnapshotPublisher.publish(registry, to: stateDirectory) {
        case .published(let revision):
            logger.info("published", metadata: ["revision": "\(revision)"])
            return revision
        case .unchanged(let revision): return revision
        }
    }
}
