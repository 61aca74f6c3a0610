import Logging
import Registry
import ServiceLifecycle

/// Erases what has been kept as long as the rules say, once an hour, and sweeps out what any erasure left, once a minute: at the start, too.
struct RetentionService: Service {
    let registry: RegistryStore
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var lastComplaint: String?
            var looked = WallTime(seconds: 0)
            while !Task.isCancelled {
                let now = WallTime.now()
                do {
                    // A clock that went back is no reason to wait for it.
                    if abs(now.seconds - looked.seconds) >= Limits.retentionSeconds {
                        try look(at: now)
                        looked = now
                    }
                    try registry.settleErasures(at: now)
                    lastComplaint = nil
                } catch {
                    let complaint = "\(error)"
                    if complaint != lastComplaint { logger.error("cannot erase what is due", metadata: ["reason": "\(complaint)"]) }
                    lastComplaint = complaint
                }
                do { try await Task.sleep(for: .seconds(Limits.settleSeconds)) } catch { return }
            }
        }
    }

    /// Erases what is due by now; the log says whose and how much.
    func look(at now: WallTime) throws(RegistryError) {
        let outcome = try registry.applyRetention(at: now)
        for erasure in outcome.partners {
            logger.notice(
                "erased what names a partner's people",
                metadata: [
                    "partner": "\(erasure.partner.text)", "contacts": "\(erasure.contacts.count)", "evidence": "\(erasure.evidence.count)",
                    "notes": "\(erasure.notes.count)",
                ])
        }
        for entry in outcome.evidence {
            logger.notice(
                "erased evidence that does not count", metadata: ["application": "\(entry.application.text)", "evidence": "\(entry.id)"])
        }
    }
}
