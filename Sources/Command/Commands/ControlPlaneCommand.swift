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
    @Option(help: Setting.console.help) var console: String?
    @Option(name: .customLong("console-url"), help: Setting.consoleURL.help) var consoleURL: String?
    @Flag(name: .customLong("behind-tls-proxy"), help: Setting.behindTLSProxy.help) var isBehindTLSProxy = false
    @Option(help: Setting.decisions.help) var decisions: String?
    @OptionGroup var parent: ParentOption

    func run() async throws {
        let settings = try options.settings([
            .policies: policies, .console: console, .consoleURL: consoleURL, .behindTLSProxy: isBehindTLSProxy ? "yes" : nil,
            .decisions: decisions,
        ])
        if let objection = settings.consoleObjection { throw Failure(objection) }
        let watch = parent.endWithParent()
        defer { watch?.cancel() }
        let logger = processLogger("control-plane")
        try await runControlPlane(
            ControlPlaneSettings(
                stateDirectory: settings.stateDirectory, policiesDirectory: settings.policiesDirectory,
                decisionsDirectory: settings.recordsDecisions ? settings.decisionsDirectory : nil, host: settings.console?.host,
                port: settings.console?.port ?? 0),
            logger: logger,
            addingPages: { registry, router in
                try ConsoleAddress.remember(settings.consoleURL, in: settings.stateDirectory)
                let desk = AccountDesk(registry: registry, key: try ConsoleKey(stateDirectory: settings.stateDirectory))
                let place = ConsoleSettings(
                    base: settings.consoleURL, isBehindTLSProxy: settings.isBehindTLSProxy,
                    decisionsDirectory: settings.recordsDecisions ? settings.decisionsDirectory : nil)
                try Console(registry: registry, desk: desk, settings: place, logger: logger).add(to: router)
            })
    }
}
