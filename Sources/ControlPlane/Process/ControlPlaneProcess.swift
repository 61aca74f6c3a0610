import HTTPTypes
package import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
package import Registry
import ServiceLifecycle
import UnixSignals

/// What the control plane's process needs to know.
package struct ControlPlaneSettings: Sendable {
    /// The folder of registry and snapshot.
    package var stateDirectory: String
    /// The folder that SIGHUP re-reads.
    package var policiesDirectory: String
    /// The folder of decision records, whose requests are counted; nil where nothing is recorded.
    package var decisionsDirectory: String?
    /// Where people and probes reach it; nil where it listens nowhere.
    package var host: String?
    /// 0 lets the system choose.
    package var port: Int
    /// What it shows; nil where it speaks plain text.
    package var certificate: CertificateFiles?
    /// Who may read its numbers.
    package var metricsReaders: MetricsReaders

    /// Settings from their parts.
    package init(
        stateDirectory: String, policiesDirectory: String, decisionsDirectory: String? = nil, host: String? = "127.0.0.1", port: Int = 8081,
        certificate: CertificateFiles? = nil, metricsReaders: MetricsReaders = MetricsReaders()
    ) {
        self.metricsReaders = metricsReaders
        self.certificate = certificate
        self.decisionsDirectory = decisionsDirectory
        self.stateDirectory = stateDirectory
        self.policiesDirectory = policiesDirectory
        self.host = host
        self.port = port
    }
}

/// What the control plane's server knows of a request beside the request.
package struct ControlPlaneContext: RequestContext {
    /// The library's own.
    package var coreContext: CoreRequestContextStorage
    /// The address of the connection's other end.
    package let peer: String

    /// The context of a request on a connection.
    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        let peer = source.channel.remoteAddress?.ipAddress ?? "unknown"
        // Who comes by IPv4 to a socket for both is somebody of IPv4 (RFC 4291 §2.5.5.2).
        self.peer = peer.hasPrefix("::ffff:") && peer.contains(".") ? String(peer.dropFirst("::ffff:".count)) : peer
    }
}

/// Adds pages over the registry to the control plane's server.
package typealias PageAdding = @Sendable (RegistryStore, Router<ControlPlaneContext>) throws -> Void

/// Runs the control plane until SIGTERM or SIGINT: publishes, watches the registry, puts announced policies in force at their time, re-reads
/// policies on SIGHUP, signs the audit, erases what was kept long enough, counts usage, answers
/// probes.
/// Expects a registry that has a policy (`FirstStart` sees to that). `listening` is told the port.
package func runControlPlane(
    _ settings: ControlPlaneSettings, logger: Logger, listening: @escaping @Sendable (Int) async -> Void = { _ in },
    addingPages: PageAdding = { _, _ in }
) async throws {
    let registry = try RegistryStore(stateDirectory: settings.stateDirectory)
    try SnapshotPublisher.publish(registry, to: settings.stateDirectory)
    let strays = try registry.sweepEvidence() ?? 0
    if strays > 0 { logger.notice("removed files of evidence that nothing names", metadata: ["files": "\(strays)"]) }
    var services: [any Service] = [
        RegistryWatch(registry: registry, stateDirectory: settings.stateDirectory, logger: logger),
        PolicySchedule(registry: registry, logger: logger),
        OnboardingWatch(registry: registry, logger: logger),
        CheckpointService(registry: registry, logger: logger),
        RetentionService(registry: registry, logger: logger),
        PolicyReload(registry: registry, settings: settings, logger: logger),
    ]
    if let decisions = settings.decisionsDirectory {
        services.append(UsageService(recordsDirectory: decisions, stateDirectory: settings.stateDirectory, logger: logger))
    }
    if let host = settings.host {
        let metrics = ControlPlaneMetrics(
            registry: registry, socket: ControlPlaneMetrics.socket(of: settings.stateDirectory), started: .now())
        let router = controlPlaneRouter(registry, metrics, readBy: settings.metricsReaders)
        try addingPages(registry, router)
        let server = try settings.certificate.map { try ServerCertificate($0, logger: logger).server() } ?? .answering
        services.append(controlPlaneServer(router, server, host: host, port: settings.port, logger: logger, listening: listening))
    } else {
        logger.notice("control plane running, listening nowhere")
    }
    var configuration = ServiceGroupConfiguration(services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    // Whoever still holds a connection then is cut off: the process has to end within 5 s.
    configuration.maximumGracefulShutdownDuration = .seconds(Limits.shutdownSeconds)
    try await ServiceGroup(configuration: configuration).run()
    try registry.close()
}

private func controlPlaneServer(
    _ router: Router<ControlPlaneContext>, _ server: HTTPServerBuilder, host: String, port: Int, logger: Logger,
    listening: @escaping @Sendable (Int) async -> Void
) -> any Service {
    Application(
        responder: controlPlaneResponder(router, logger: logger), server: server,
        configuration: ApplicationConfiguration(
            address: .hostname(host, port: port), serverName: nil,
            // More wait in the kernel's queue: descriptors that strangers hold would be missing where a snapshot is written.
            availableConnectionsDelegate: .maximum(Limits.connections, logger: logger)),
        onServerRunning: { channel in
            let port = channel.localAddress?.port ?? port
            logger.notice("control plane listening", metadata: ["address": "\(host):\(port)"])
            await listening(port)
        },
        logger: logger)
}

/// What the control plane answers: its probes, and its numbers with the data plane's.
func controlPlaneRouter(
    _ registry: RegistryStore, _ metrics: ControlPlaneMetrics, readBy readers: MetricsReaders
) -> Router<ControlPlaneContext> {
    let router = Router(context: ControlPlaneContext.self, options: .autoGenerateHeadEndpoints)
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
    router.get("/metrics") { request, context in
        guard readers.include(request, context) else { throw ProblemAnswer(.addressNotAllowed) }
        return await metrics.answer(accepting: request.headers[.accept] ?? "")
    }
    ControlProblemPages.add(to: router)
    return router
}

/// All that was added to a router, behind what every answer goes through.
package func controlPlaneResponder(
    _ router: Router<ControlPlaneContext>, logger: Logger, clock: @escaping @Sendable () -> WallTime = { .now() }
) -> some HTTPResponder<ControlPlaneContext> {
    ControlPlaneResponder(router.buildResponder(), directory: RouteDirectory(router), logger: logger, clock: clock)
}
