import ControlPlane
import Foundation

/// What `gateway serve` was told, all of it in form.
struct ServeSettings: Sendable, Equatable {
    var stateDirectory: String
    var partnersDirectory: String
    var policiesDirectory: String
    /// nil where it is off.
    var listen: Endpoint?
    /// nil where nothing listens by TLS.
    var listenTLS: Endpoint?
    /// Whether connections come from trusted proxies only, each with a PROXY header.
    var requiresProxyHeader: Bool
    /// nil where it is off.
    var console: Endpoint?
    /// What browsers call the console.
    var consoleURL: String
    /// Whether a proxy that speaks TLS stands in front of it.
    var isBehindTLSProxy: Bool
    /// Proxies that are believed about where somebody comes from, besides one on this machine.
    var trustedProxies: [String]
    /// Who may read the control plane's numbers, besides this machine.
    var metricsFrom: [String]
    /// What it shows browsers; nil where it speaks plain text.
    var consoleCertificate: CertificateFiles?
    /// Whether of certificate and key one only was given.
    let isHalfCertified: Bool
    var coreStore: StoreLocation
    var sandboxStore: StoreLocation
    var coreStoreListen: Endpoint
    var loops: Int
    var drainMilliseconds: Int64
    /// The folder of decision records, whether or not more are made.
    var decisionsDirectory: String
    /// Whether decisions are recorded.
    var recordsDecisions: Bool
    /// Flags of the data plane with their values, as `Setting.passed` has them.
    var passed: [String]

    /// The settings the sources give; nil if any is out of form, of which the sources' faults tell.
    init?(_ sources: SettingSources, cores: Int = ProcessInfo.processInfo.activeProcessorCount) {
        stateDirectory = ServeSettings.path(sources.text(of: .state))
        partnersDirectory = ServeSettings.path(sources.text(of: .partners))
        policiesDirectory = ServeSettings.path(sources.text(of: .policies))
        let consoleText = sources.text(of: .console)
        let loopsText = sources.text(of: .loops)
        let listenText = sources.text(of: .listen)
        guard Setting.listen.kind.allows(listenText), let coreStore = StoreLocation(sources.text(of: .coreStore)),
            let sandboxStore = StoreLocation(sources.text(of: .sandboxStore)),
            let coreStoreListen = Endpoint(sources.text(of: .coreStoreListen)), Setting.console.kind.allows(consoleText),
            let site = ServeSettings.site(sources),
            Setting.loops.kind.allows(loopsText), Setting.decisions.kind.allows(sources.text(of: .decisions)),
            let passed = ServeSettings.passed(sources),
            let drainMilliseconds = Int64(sources.text(of: .drainMilliseconds))
        else { return nil }
        listen = Endpoint(listenText)
        listenTLS = Setting.passed.first { $0.key == "listen-tls" }.flatMap { Endpoint(sources.text(of: $0)) }
        requiresProxyHeader = Setting.passed.contains { $0.key == "proxy-protocol" && sources.text(of: $0) == "required" }
        console = Endpoint(consoleText)
        let (certificate, key) = (sources.text(of: .consoleCertificate), sources.text(of: .consoleKey))
        isHalfCertified = certificate.isEmpty != key.isEmpty
        consoleCertificate = certificate.isEmpty || key.isEmpty ? nil : CertificateFiles(certificate: certificate, key: key)
        let scheme = certificate.isEmpty ? "http" : "https"
        consoleURL = site.isEmpty ? ServeSettings.site(of: Endpoint(consoleText), scheme) : site
        isBehindTLSProxy = sources.text(of: .behindTLSProxy) == "yes"
        let readers = sources.text(of: .metricsFrom)
        guard readers.isEmpty || Setting.metricsFrom.kind.allows(readers) else { return nil }
        metricsFrom = readers.isEmpty ? [] : SettingKind.items(of: readers)
        let proxies = Setting.passed.first { $0.key == "trusted-proxies" }.map(sources.text(of:)) ?? ""
        trustedProxies = proxies.split(separator: ",").map { String($0.trimmingPrefix(" ")) }
        self.coreStore = coreStore
        self.sandboxStore = sandboxStore
        self.coreStoreListen = coreStoreListen
        loops = Int(loopsText) ?? min(max(cores, 1), 256)
        let decisions = sources.text(of: .decisions)
        recordsDecisions = decisions != "off"
        decisionsDirectory = ["on", "off"].contains(decisions) ? stateDirectory + "/decisions" : ServeSettings.path(decisions)
        self.passed = passed
        self.drainMilliseconds = drainMilliseconds
    }

    /// Whether a core store is to be started beside the data plane.
    var embedsCoreStore: Bool { coreStore == .embedded || sandboxStore == .embedded }

    /// What was said of the console's URL, empty where nothing was; nil where that is out of form.
    private static func site(_ sources: SettingSources) -> String? {
        let text = sources.text(of: .consoleURL)
        return text.isEmpty || Setting.consoleURL.kind.allows(text) ? text : nil
    }

    /// What a browser on this machine calls an address; one that stands for all of them is for listening only.
    private static func site(of endpoint: Endpoint?, _ scheme: String) -> String {
        guard let endpoint else { return "" }
        return "\(scheme)://\(endpoint.reachable)"
    }

    /// What goes to the data plane as it is: a flag and a value for each item; nil if one is out of form.
    private static func passed(_ sources: SettingSources) -> [String]? {
        var arguments: [String] = []
        for setting in Setting.passed {
            let text = sources.text(of: setting)
            guard !text.isEmpty else { continue }
            guard setting.kind.allows(text) else { return nil }
            arguments += setting.kind.arguments(for: "--" + setting.key, text)
        }
        return arguments
    }

    /// Children and messages name folders without a slash at the end.
    private static func path(_ text: String) -> String {
        text.count > 1 && text.hasSuffix("/") ? String(text.dropLast()) : text
    }
}
