import Logging
import Registry
import ServiceLifecycle
import UnixSignals

/// Re-reads the policy files on SIGHUP: where they changed, all of them are taken, or none and every fault is logged.
struct PolicyReload: Service {
    let registry: RegistryStore
    let settings: ControlPlaneSettings
    let logger: Logger

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        await cancelWhenGracefulShutdown {
            for await _ in signals { reload(at: .now()) }
        }
    }

    /// One reload; true if another policy is now in force.
    @discardableResult
    func reload(at now: WallTime) -> Bool {
        do {
            let rules = try registry.lifecycleRules()
            let reading = try readPolicyAgain(from: settings.policiesDirectory, to: registry, by: .gateway(.reload), at: now)
            if try registry.lifecycleRules() != rules { logger.notice("lifecycle rules re-read: new ones are in force") }
            if let kept = try rulesKept(from: settings.policiesDirectory, in: registry) {
                logger.notice("lifecycle rules re-read: nothing changed", metadata: ["reason": "\(kept)"])
            }
            guard reading == .taken else {
                logger.notice("policies re-read: nothing changed", metadata: reading.objection.map { ["reason": "\($0)"] })
                return false
            }
            try SnapshotPublisher.publish(registry, to: settings.stateDirectory)
            let version = try registry.policyInForce().version
            logger.notice("policies re-read: a new version is in force", metadata: ["version": "\(version)"])
            return true
        } catch let error as ConfigurationFaults {
            for fault in error.faults { logger.error("policies not taken", metadata: ["fault": "\(fault)"]) }
        } catch {
            logger.error("policies not taken", metadata: ["reason": "\(error)"])
        }
        return false
    }
}
