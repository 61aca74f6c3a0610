import ArgumentParser
import ControlPlane
import Foundation
import Glibc
import Registry

/// Starts everything and keeps it running.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Start the gateway and keep it running, until SIGTERM or Ctrl-C.",
        discussion: """
            Starts the data plane, the control plane and, where a store is embedded, the reference core store; restarts what dies. On \
            an empty state folder it imports the partner files, issues one sandbox key and prints a curl line that uses it. SIGHUP \
            reads the policies again, SIGUSR2 replaces the data plane ('gateway upgrade'). Each option can also be given by its environment \
            variable or in the --config file; the command line wins, then the environment, then the file.
            """)

    @OptionGroup var options: StateOptions
    @Option(help: Setting.partners.help) var partners: String?
    @Option(help: Setting.policies.help) var policies: String?
    @Option(help: Setting.listen.help) var listen: String?
    @OptionGroup var console: ConsoleOptions
    @Option(help: Setting.coreStore.help) var coreStore: String?
    @Option(help: Setting.sandboxStore.help) var sandboxStore: String?
    @Option(help: Setting.coreStoreListen.help) var coreStoreListen: String?
    @Option(help: Setting.loops.help) var loops: String?
    @Option(help: Setting.decisions.help) var decisions: String?
    @OptionGroup var passed: PassedOptions

    func run() async throws {
        let settings = try options.settings(
            console.joined(with: [
                .partners: partners, .policies: policies, .listen: listen, .coreStore: coreStore, .sandboxStore: sandboxStore,
                .coreStoreListen: coreStoreListen, .loops: loops, .decisions: decisions,
            ]), passed: passed)
        if let objection = settings.consoleObjection { throw Failure("could not start: \(objection)") }
        // A log that nobody reads any more must not end the gateway.
        signal(SIGPIPE, SIG_IGN)
        // Until the supervisor listens to it, a wish for an upgrade is no reason to die.
        signal(SIGUSR2, SIG_IGN)
        let lock = try StateLock(stateDirectory: settings.stateDirectory)
        // Before the first start, whose key is shown once: a missing program must not cost it.
        let supervisor = Supervisor(
            children: try ChildPlan.all(for: settings), drainMilliseconds: settings.drainMilliseconds,
            upgradeReport: UpgradeReport(stateDirectory: settings.stateDirectory))
        try checkFirstStart(settings)
        let report = try FirstStart.run(
            stateDirectory: settings.stateDirectory, partnersDirectory: settings.partnersDirectory,
            policiesDirectory: settings.policiesDirectory, keepingPolicy: true, at: .now())
        tell(report)
        try report.registry.close()
        let news = Announcement(
            settings: settings, key: report.issuedKey, adminLink: report.adminLink, hasActiveAccount: report.hasActiveAccount
        ) { supervisor.isServing }
        let announcement = Task { await news.make() }
        let failure = await supervisor.run()
        announcement.cancel()
        lock.release()
        // The child's own message, above this one, has said why.
        if let failure { throw Failure("could not start: the \(failure); everything else was stopped") }
        Message.write("Stopped.")
    }

    /// Nor may settings that cannot start cost the key. Later there is none to lose, and the data plane says at its own start what is wrong.
    private func checkFirstStart(_ settings: ServeSettings) throws {
        let hasStarted = ["/registry.sqlite", "/snapshot"].allSatisfy {
            FileManager.default.fileExists(atPath: settings.stateDirectory + $0)
        }
        guard !hasStarted, let fault = try DataPlaneCheck.fault(of: settings) else { return }
        throw Failure("could not start: \(fault); nothing was started or imported")
    }

    private func tell(_ report: StartReport) {
        for fault in report.faults { Message.write(fault.description) }
        if !report.faults.isEmpty { Message.write("The policy files are faulty: the policy accepted last stays in force.") }
        if let kept = report.policyKept { Message.write("Not taken: \(kept).") }
        if let imported = report.imported {
            Message.write("First start: imported \(imported.partnersAdded) partners with \(imported.applicationsAdded) applications.")
        }
    }
}
