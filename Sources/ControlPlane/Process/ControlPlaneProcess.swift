import Hummingbird
package import Logging
import NIOCore
import ServiceLifecycle
import UnixSignals

/// What the control plane's process needs to know.
package struct ControlPlaneSettings: Sendable {
    /// The folder of registry and snapshot.
    package var stateDirectory: String
    /// The folder that SIGHUP re-reads.
    package var policiesDirectory: String
    /// Where people and probes reach it.
    package var host: String
    /// 0 lets the system choose.
    package var port: Int

    /// Settings from their parts.
    package init(stateDirectory: String, policiesDirectory: String, host: String = "127.0.0.1", port: Int = 8081) {
        self.stateDirectory = stateDirectory
        self.policiesDirectory = policiesDirectory
        self.host = host
        self.port = port
    }
}

/// Runs the control plane until SIGTERM or SIGINT: publishes, watches the registry, re-reads policies on SIGHUP, answers probes.
/// Expects a registry that has a policy (`FirstStart` sees to that). `listening` is told the port.
package func runControlPlane(
    _ settings: ControlPlaneSettings, logger: Logger, listening: @escaping @Sendable (Int) async -> Void = { _ in }
) async throws {
    let registry = try RegistryStore(stateDirectory: settings.stateDirectory)
    try SnapshotPublisher.publish(registry, to: settings.stateDirectory)
    let application = Application(
        router: controlPlaneRouter(registry),
        configuration: ApplicationConfiguration(address: .hostname(settings.host, port: settings.port), serverName: nil),
        onServerRunning: { channel in
            let port = channel.localAddress?.port ?? settings.port
            logger.notice("control plane listening", metadata: ["address": "\(settings.host):\(port)"])
            await listening(port)
        },
        logger: logger)
    var configuration = ServiceGroupConfiguration(
        services: [
            .init(service: application),
            .init(service: RegistryWatch(registry: registry, stateDirectory: settings.stateDirectory, logger: logger)),
            .init(service: PolicyReload(registry: registry, settings: settings, logger: logger)),
        ],
        gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    // Whoever still holds a connection then is cut off: the process has to end within 5 s.
    configuration.maximumGracefulShutdownDuration = .seconds(Limits.shutdownSeconds)
    try await ServiceGroup(configuration: configuration).run()
    try registry.close()
}

/// What the control plane answers: so far its probes.
func controlPlaneRouter(_ registry: RegistryStore) -> Router<BasicRequestContext> {
    let router = Router()
    router.get("/livez") { _, _ in "alive\n" }
    router.get("/readyz") { _, _ in
        // Ready means: the registry can be read and has a policy.
        do {
            _ = try registry.policyInForce()
            return Response(status: .ok, body: .init(byteBuffer: ByteBuffer(string: "ready\n")))
        } catch {
            return Response(status: .serviceUnavailable, body: .init(byteBuffer: ByteBuffer(string: "the registry cannot be read\n")))
        }
    }
    return router
}
