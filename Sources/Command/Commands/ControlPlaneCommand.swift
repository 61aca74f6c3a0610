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
    @Option(help: Setting.decisions.help) var decisions: String?
    @OptionGroup var parent: ParentOption

    func run() async throws {
        let settings = try options.settings([.policies: policies, .console: console, .decisions: decisions])
        let watch = parent.endWithParent()
        defer { watch?.cancel() }
        try await runControlPlane(
            ControlPlaneSettings(
                stateDirectory: settings.stateDirectory, policiesDirectory: settings.policiesDirectory,
                decisionsDirectory: settings.recordsDecisions ? settings.decisionsDirectory : nil, host: settings.console?.host,
                port: settings.console?.port ?? 0),
            logger: processLogger("control-plane"))
    }
}
