import ArgumentParser
import Console
import ControlPlane
import Logging

/// The control plane's process.
struct ControlPlaneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "control-plane", abstract: "Run the control plane alone, until SIGTERM; SIGHUP reads the policies again.",
        discussion: "'gateway serve' does this by itself. The state folder must have been served from once.")

    @OptionGroup var options: StateOptions
    @Option(help: Setting.policies.help) var policies: String?
    @OptionGroup var console: ConsoleOptions
    @Option(help: Setting.help("trusted-proxies")) var trustedProxies: [String] = []
    @Option(help: Setting.decisions.help) var decisions: String?
    @OptionGroup var parent: ParentOption

    func run() async throws {
        let settings = try options.settings(console.joined(with: [.policies: policies, .decisions: decisions]))
        if let objection = settings.consoleObjection { throw Failure(objection) }
        let proxies = try trustedProxies.map { text in
            guard let range = AddressText.range(text) else {
                throw ValidationError("--trusted-proxies \(text): a CIDR such as 10.0.0.0/8 is expected")
            }
            return range
        }
        let watch = parent.endWithParent()
        defer { watch?.cancel() }
        let logger = processLogger("control-plane")
        try await runControlPlane(
            ControlPlaneSettings(
                stateDirectory: settings.stateDirectory, policiesDirectory: settings.policiesDirectory,
                decisionsDirectory: settings.recordsDecisions ? settings.decisionsDirectory : nil, host: settings.console?.host,
                port: settings.console?.port ?? 0, certificate: settings.consoleCertificate,
                metricsReaders: MetricsReaders(
                    from: settings.metricsFrom.compactMap(AddressText.range), isBehindTLSProxy: settings.isBehindTLSProxy,
                    trustedProxies: proxies)),
            logger: logger,
            addingPages: { registry, router in
                try ConsoleAddress.remember(settings.consoleURL, in: settings.stateDirectory)
                let desk = AccountDesk(registry: registry, key: try ConsoleKey(stateDirectory: settings.stateDirectory))
                let place = ConsoleSettings(
                    base: settings.consoleURL, isBehindTLSProxy: settings.isBehindTLSProxy, trustedProxies: proxies,
                    decisionsDirectory: settings.recordsDecisions ? settings.decisionsDirectory : nil)
                try Console(registry: registry, desk: desk, settings: place, logger: logger).add(to: router)
                let admin = AdminSettings(
                    consoleBase: settings.consoleURL, isBehindTLSProxy: settings.isBehindTLSProxy, trustedProxies: proxies,
                    recordsDirectory: settings.recordsDecisions ? settings.decisionsDirectory : nil)
                AdminAPI(registry: registry, settings: admin, logger: logger).add(to: router)
            })
    }
}
