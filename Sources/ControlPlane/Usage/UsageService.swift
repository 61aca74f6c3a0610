import Logging
import Registry
import ServiceLifecycle

/// Counts what comes into the decision records while the control plane runs.
struct UsageService: Service {
    let recordsDirectory: String
    let stateDirectory: String
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var lastComplaint: String?
            while !Task.isCancelled {
                do {
                    let store = try UsageStore(stateDirectory: stateDirectory)
                    let rollUp = try UsageRollUp(SegmentFolder(recordsDirectory), into: store)
                    lastComplaint = nil
                    try await count(with: rollUp)
                } catch is CancellationError {
                    return
                } catch {
                    // Said once: counting begins again where it was, and the log keeps what was not counted.
                    let complaint = "\(error)"
                    if complaint != lastComplaint { logger.error("usage is not counted", metadata: ["reason": "\(complaint)"]) }
                    lastComplaint = complaint
                    try? await Task.sleep(for: .milliseconds(Limits.usageMilliseconds))
                }
            }
        }
    }

    /// Counts until something goes wrong.
    private func count(with rollUp: UsageRollUp) async throws {
        var forgotten = WallTime(seconds: 0)
        while true {
            try Task.checkCancellation()
            let isMore = try rollUp.step()
            for complaint in rollUp.takeComplaints() { logger.error("\(complaint)") }
            if isMore {
                await Task.yield()
                continue
            }
            let now = WallTime.now()
            if now.seconds - forgotten.seconds >= Limits.forgetSeconds {
                try rollUp.forgetOld(at: now)
                forgotten = now
            }
            try await Task.sleep(for: .milliseconds(Limits.usageMilliseconds))
        }
    }
}
