import ArgumentParser
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
    @OptionGroup var parent: ParentOption

    func run() async throws {
        let settings = try options.settings([.policies: policies, .console: console])
        let watch = parent.endWithParent()
        defer { watch?.cancel() }
        // Off: nobody is told the port, and only this machine could reach it.
        let console = settings.console ?? Endpoint(host: "127.0.0.1", port: 0)
        try await runControlPlane(
            ControlPlaneSettings(
                stateDirectory: settings.stateDirectory, policiesDirectory: settings.policiesDirectory, host: console.host,
                port: console.port),
            logger: processLogger("control-plane"))
    }
}
