import ControlPlane
import Foundation
import Glibc

/// A process to keep running.
struct ChildPlan: Sendable {
    /// What messages call it.
    let name: String
    /// The program's path.
    let executable: String
    let arguments: [String]
    /// Whether SIGHUP means something to it.
    var readsPoliciesAgain = false
    /// Where it writes its process id once it serves, if a successor can take over from it while it runs.
    var readyFile: String?

    /// Everything that `serve` starts, in this order.
    static func all(for settings: ServeSettings) throws -> [ChildPlan] {
        let gateway = try ownPath()
        let dataPlane = try dataPlaneProgram()
        let places = ["--state", settings.stateDirectory, "--policies", settings.policiesDirectory]
        let parent = ["--parent", String(getpid())]
        var plans: [ChildPlan] = []
        if settings.embedsCoreStore {
            plans.append(
                ChildPlan(
                    name: "core store", executable: gateway,
                    arguments: ["core-store", "run"] + places + ["--core-store-listen", settings.coreStoreListen.description] + parent))
        }
        plans.append(
            ChildPlan(
                name: "control plane", executable: gateway,
                arguments: ["control-plane"] + places + [
                    "--console", settings.console?.description ?? "off", "--decisions",
                    settings.recordsDecisions ? settings.decisionsDirectory : "off",
                ] + consoleArguments(settings) + parent,
                readsPoliciesAgain: true))
        plans.append(
            ChildPlan(
                name: "data plane", executable: dataPlane, arguments: dataPlaneArguments(settings) + parent,
                readyFile: settings.stateDirectory + "/data-plane.pid"))
        return plans
    }

    /// What the control plane is told of its console.
    static func consoleArguments(_ settings: ServeSettings) -> [String] {
        guard settings.console != nil else { return [] }
        let certified = settings.consoleCertificate.map { ["--console-tls-certificate", $0.certificate, "--console-tls-key", $0.key] }
        return ["--console-url", settings.consoleURL] + (settings.isBehindTLSProxy ? ["--behind-tls-proxy"] : []) + (certified ?? [])
            + settings.trustedProxies.flatMap { ["--trusted-proxies", $0] }
            + settings.metricsFrom.flatMap { ["--metrics-from", $0] }
    }

    /// The data plane's program, which lies beside this one; throws where it does not.
    static func dataPlaneProgram() throws -> String {
        let gateway = try ownPath()
        let dataPlane = URL(fileURLWithPath: gateway).deletingLastPathComponent().appending(path: "gateway-data-plane").path
        guard FileManager.default.isExecutableFile(atPath: dataPlane) else {
            throw Failure("\(dataPlane) is missing: it belongs beside \(gateway)")
        }
        return dataPlane
    }

    /// What the data plane is told, but for who started it.
    static func dataPlaneArguments(_ settings: ServeSettings) -> [String] {
        [
            "--snapshot", settings.stateDirectory + "/snapshot", "--levels", settings.stateDirectory + "/levels",
            "--listen", settings.listen?.description ?? "off", "--production-store",
            settings.coreStore.list(embedded: settings.coreStoreListen),
            "--sandbox-store", settings.sandboxStore.list(embedded: settings.coreStoreListen), "--loops", String(settings.loops),
            "--handover", settings.stateDirectory + "/handover", "--pid-file", settings.stateDirectory + "/data-plane.pid",
            "--metrics", ControlPlaneMetrics.socket(of: settings.stateDirectory),
        ] + (settings.recordsDecisions ? ["--decisions", settings.decisionsDirectory] : []) + settings.passed
    }

    /// The path of this program, links followed: the data plane is looked for beside the file, not beside a link.
    private static func ownPath() throws -> String {
        let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        guard let path else { throw Failure("cannot find this program's own path in /proc") }
        return path
    }
}
