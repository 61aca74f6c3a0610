import Logging
import Registry
import ServiceLifecycle

/// Does at its time what nobody has to be there for: takes extra quota back, suspends what was resumed by break-glass and not looked at and
/// what lacks evidence, warns of evidence that ends and of what lies too long. `RegistryWatch` publishes.
struct OnboardingWatch: Service {
    let registry: RegistryStore
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var lastComplaint: String?
            var ticks = 0
            while !Task.isCancelled {
                do {
                    try tick(at: .now())
                    if ticks.isMultiple(of: Limits.onboardingTicks) { try lookThrough(at: .now()) }
                    lastComplaint = nil
                } catch {
                    // Said once, not ten times a second.
                    let complaint = "\(error)"
                    if complaint != lastComplaint { logger.error("cannot look after applications", metadata: ["reason": "\(complaint)"]) }
                    lastComplaint = complaint
                }
                ticks += 1
                do { try await Task.sleep(for: .milliseconds(Limits.watchMilliseconds)) } catch { return }
            }
        }
    }

    /// What acts at once.
    func tick(at now: WallTime) throws(RegistryError) {
        for over in try registry.takeBackExtraQuotas(at: now) {
            logger.notice("extra quota is over", metadata: ["application": "\(over.application.text)", "percent": "\(over.percent)"])
        }
        for review in try registry.suspendUnreviewed(at: now) {
            logger.warning(
                "suspended: nobody looked at the break-glass resume",
                metadata: ["application": "\(review.application.text)", "resumed-by": "\(review.actor)"])
        }
    }

    /// What has days of time.
    func lookThrough(at now: WallTime) throws(RegistryError) {
        for warning in try registry.warnOfEndingEvidence(at: now) {
            logger.notice(
                "evidence ends",
                metadata: ["application": "\(warning.application.text)", "kind": "\(warning.kind.name)", "days": "\(warning.days)"])
        }
        for suspension in try registry.suspendWithoutEvidence(at: now) {
            logger.warning(
                "suspended: evidence is lacking",
                metadata: ["application": "\(suspension.application.text)", "reason": "\(suspension.reason)"])
        }
        for notice in try registry.tellClocks(at: now) {
            logger.notice(
                "an application lies too long", metadata: ["application": "\(notice.application.text)", "state": "\(notice.state.name)"])
        }
    }
}
