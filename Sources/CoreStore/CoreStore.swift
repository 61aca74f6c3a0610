import Foundation
import Hummingbird
package import Logging
import NIOCore
import ServiceLifecycle
import UnixSignals

/// The reference core store, whole: both stores and the service that answers for them.
package struct BuiltCoreStore: Service {
    private let service: any Service
    /// For those who work beside the service on the same data, as tests do.
    package let stores: [StoreEnvironment: Store]

    fileprivate init(service: any Service, stores: [StoreEnvironment: Store]) {
        self.service = service
        self.stores = stores
    }

    /// Listens at once and seeds beside it; ends when asked to stop gracefully or when seeding fails.
    package func run() async throws { try await service.run() }
}

/// Checks the country folder, opens both databases and puts the service together; nothing listens yet.
/// `onListening` is told the port, which the system chose if the settings say 0.
package func buildCoreStore(
    _ settings: CoreStoreSettings, logger: Logger, clock: StoreClock = .wall, chance: Chance = .system,
    onListening: @escaping @Sendable (Int) async -> Void = { _ in }
) async throws -> BuiltCoreStore {
    guard (1...20_000).contains(settings.centreCount) else { throw CoreStoreSettingsFault.centreCount(settings.centreCount) }
    let country = try Country(directory: settings.countryDirectory)
    try FileManager.default.createDirectory(
        atPath: settings.stateDirectory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    var stores: [StoreEnvironment: Store] = [:]
    for environment in StoreEnvironment.allCases {
        stores[environment] = try Store(environment, settings: settings, country: country, clock: clock, chance: chance)
    }
    let readiness = Readiness()
    let tokens = try await CitizenTokens(stateDirectory: settings.stateDirectory, clock: clock)
    let routes = Routes(callers: Callers(stores: stores, tokens: tokens, readiness: readiness), logger: logger)
    let application = Application(
        router: routes.router(),
        server: .http1(configuration: .init(idleTimeout: .seconds(Int64(Limits.idleConnectionSeconds)))),
        configuration: .init(address: .hostname(settings.host, port: settings.port)),
        services: [Housekeeping(stores: Array(stores.values), readiness: readiness, logger: logger)],
        onServerRunning: { channel in await onListening(channel.localAddress?.port ?? settings.port) },
        logger: logger)
    return BuiltCoreStore(service: application, stores: stores)
}

/// Runs a core store until SIGTERM or SIGINT; calls in flight are answered, and it ends within 5 s even so.
package func runCoreStore(_ settings: CoreStoreSettings, logger: Logger) async throws {
    try await serviceGroup(of: buildCoreStore(settings, logger: logger), stoppedBy: [.sigterm, .sigint], logger: logger).run()
}

/// What `runCoreStore` runs, and tests too: a drain that does not end by itself is ended.
func serviceGroup(of store: BuiltCoreStore, stoppedBy signals: [UnixSignal], logger: Logger) -> ServiceGroup {
    var configuration = ServiceGroupConfiguration(services: [store], gracefulShutdownSignals: signals, logger: logger)
    configuration.maximumGracefulShutdownDuration = .seconds(Limits.drainSeconds)
    return ServiceGroup(configuration: configuration)
}

/// A setting out of its range.
package enum CoreStoreSettingsFault: Error, CustomStringConvertible {
    case centreCount(Int)

    /// One sentence for whoever started it.
    package var description: String {
        switch self {
        case .centreCount(let count): "centreCount is \(count); it must be 1 to 20000"
        }
    }
}
