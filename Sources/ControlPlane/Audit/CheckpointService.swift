import Logging
import Registry
import ServiceLifecycle

/// Signs the audit at each start of the control plane, and from then on while there is something new.
struct CheckpointService: Service {
    let registry: RegistryStore
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var lastComplaint: String?
            while !Task.isCancelled {
                do {
                    if let checkpoint = try registry.makeCheckpoint(at: .now()) {
                        // A log that is kept elsewhere keeps with it what the audit was.
                        logger.notice(
                            "audit checkpoint",
                            metadata: ["number": "\(checkpoint.number)", "hash": "\(CertificateText.text(checkpoint.hash))"])
                    }
                    lastComplaint = nil
                } catch {
                    let complaint = "\(error)"
                    if complaint != lastComplaint { logger.error("cannot sign the audit", metadata: ["reason": "\(complaint)"]) }
                    lastComplaint = complaint
                }
                do { try await Task.sleep(for: .seconds(Limits.checkpointSeconds)) } catch { return }
            }
        }
    }
}
