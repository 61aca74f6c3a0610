import Logging
import Registry
import ServiceLifecycle

/// Counts what comes into the decision records while the control plane runs.
struct UsageService: Service {
    let recordsDirectory: String
    let stateDirectory: String
    let logger: Logger
    /// Between two looks; throws where nobody is to look again.
    var pause: @Sendable () async throws -> Void = { try await Task.sleep(for: .milliseconds(Limits.usageMilliseconds)) }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var told: Set<String> = []
            while !Task.isCancelled {
                do {
                    let store = try UsageStore(stateDirectory: stateDirectory)
                    // Whoever runs the control plane says where records are.
                    let rollUp = try UsageRollUp(SegmentFolder(recordsDirectory), into: store, takingOver: true)
                    try await count(with: rollUp, telling: &told)
                } catch is CancellationError {
                    return
                } catch {
                    // Counting begins again where it was, and the log keeps what was not counted.
                    tell("usage is not counted: \(error)", &told)
                    do { try await pause() } catch { return }
                }
            }
        }
    }

    /// Counts until something goes wrong.
    private func count(with rollUp: UsageRollUp, telling told: inout Set<String>) async throws {
        var forgotten = WallTime(seconds: 0)
        while true {
            try Task.checkCancellation()
            let isMore = try rollUp.step()
            for complaint in rollUp.takeComplaints() { tell(complaint, &told) }
            if isMore {
                await Task.yield()
                continue
            }
            let now = WallTime.now()
            if now.seconds - forgotten.seconds >= Limits.forgetSeconds {
                try rollUp.forgetOld(at: now)
                forgotten = now
            }
            // All of a round went well: what goes wrong from here on is news.
            told = []
            try await pause()
        }
    }

    /// Says something once, however often it is met with, until all has gone well again.
    private func tell(_ complaint: String, _ told: inout Set<String>) {
        if told.insert(complaint).inserted { logger.error("\(complaint)") }
    }
}
