import Logging
import Registry
import ServiceLifecycle

/// Erases what has been kept as long as the rules say, once an hour, and sweeps out what any erasure left, once a minute: at the start, too.
struct RetentionService: Service {
    let registry: RegistryStore
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var complaints = Complaints(logger: logger)
            var (looked, settled) = (WallTime(seconds: 0), WallTime(seconds: 0))
            var failures = 0
            while !Task.isCancelled {
                let now = WallTime.now()
                // A clock that went back is no reason to wait for it.
                if abs(now.seconds - looked.seconds) >= Limits.retentionSeconds {
                    looked = now
                    complaints.note("erase what is due") { try look(at: now) }
                }
                if abs(now.seconds - settled.seconds) >= RetentionService.wait(after: failures) {
                    settled = now
                    var isDone = false
                    complaints.note("sweep out what was erased") { isDone = try registry.settleErasures(at: now) }
                    failures = isDone ? 0 : failures + 1
                }
                do { try await Task.sleep(for: .seconds(Limits.settleSeconds)) } catch { return }
            }
        }
    }

    /// Seconds to the next sweep: each time that one comes to nothing twice as many, up to a look's. It writes the registry anew.
    static func wait(after failures: Int) -> Int64 { min(Limits.settleSeconds << Int64(min(failures, 10)), Limits.retentionSeconds) }

    /// Says each complaint once until it changes or is over.
    private struct Complaints {
        let logger: Logger
        var last: [String: String] = [:]

        mutating func note(_ action: String, _ body: () throws -> Void) {
            do {
                try body()
                last[action] = nil
            } catch {
                let complaint = "\(error)"
                if complaint != last[action] { logger.error("cannot \(action)", metadata: ["reason": "\(complaint)"]) }
                last[action] = complaint
            }
        }
    }

    /// Erases what is due by now; the log says whose and how much. Throws what could not be erased, when all else is.
    func look(at now: WallTime) throws(RegistryError) {
        let outcome = registry.applyRetention(at: now)
        for erasure in outcome.partners {
            logger.notice(
                "erased what names a partner's people",
                metadata: [
                    "partner": "\(erasure.partner.text)", "contacts": "\(erasure.contacts.count)", "evidence": "\(erasure.evidence.count)",
                    "notes": "\(erasure.notes.count)",
                ])
            guard !erasure.quoted.isEmpty else { continue }
            logger.warning(
                "records of the audit quote an erased contact and cannot be erased",
                metadata: [
                    "partner": "\(erasure.partner.text)", "records": "\(erasure.quoted.count)",
                    "first": "\(erasure.quoted.prefix(Limits.recordsNamed).map(String.init).joined(separator: ", "))",
                ])
        }
        for entry in outcome.evidence {
            logger.notice(
                "erased evidence that does not count", metadata: ["application": "\(entry.application.text)", "evidence": "\(entry.id)"])
        }
        guard !outcome.failures.isEmpty else { return }
        let named = outcome.failures.prefix(Limits.failuresNamed).joined(separator: "; ")
        let others = outcome.failures.count - Limits.failuresNamed
        throw .storage(others > 0 ? "\(named); and \(others) more" : named)
    }
}
