import Logging
import Registry
import ServiceLifecycle

/// Puts announced policies in force at their time; what was due while nothing ran, at once. `RegistryWatch` publishes.
struct PolicySchedule: Service {
    let registry: RegistryStore
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var lastComplaint: String?
            while !Task.isCancelled {
                do {
                    try tick(at: .now())
                    lastComplaint = nil
                } catch {
                    // Said once, not ten times a second.
                    let complaint = "\(error)"
                    if complaint != lastComplaint { logger.error("cannot look for due policies", metadata: ["reason": "\(complaint)"]) }
                    lastComplaint = complaint
                }
                do { try await Task.sleep(for: .milliseconds(Limits.watchMilliseconds)) } catch { return }
            }
        }
    }

    /// Takes what is due by now.
    func tick(at now: WallTime) throws(RegistryError) {
        for ended in try registry.takeDuePolicies(at: now) {
            guard let end = ended.end else { continue }
            let facts: Logger.Metadata = ["version": "\(ended.version)", "announced-by": "\(ended.announcedBy)"]
            switch end.outcome {
            case .taken: logger.notice("an announced policy is in force", metadata: facts)
            case .failed, .cancelled:
                logger.error(
                    "an announced policy was not taken", metadata: facts.merging(["reason": "\(end.reason)"]) { first, _ in first })
            }
        }
    }
}
