import ArgumentParser

/// The options of `Setting.passed`, one property each, named as the setting without hyphens (`clientCA` is `client-ca`); a list is `[String]`,
/// yes or no a `@Flag`. That none is missing and none too many is a test.
struct PassedOptions: ParsableArguments {
    @Option(help: Setting.help("drain-milliseconds")) var drainMilliseconds: String?
    @Option(help: Setting.help("core-store-authority")) var coreStoreAuthority: String?
    @Option(help: Setting.help("sandbox-store-authority")) var sandboxStoreAuthority: String?
    @Option(help: Setting.help("health-check-milliseconds")) var healthCheckMilliseconds: String?
    @Option(help: Setting.help("health-check-path")) var healthCheckPath: String?
    @Option(help: Setting.help("resolve-milliseconds")) var resolveMilliseconds: String?
    @Option(help: Setting.help("listen-tls")) var listenTLS: String?
    @Option(help: Setting.help("tls-certificate")) var tlsCertificate: [String] = []
    @Option(help: Setting.help("tls-key")) var tlsKey: [String] = []
    @Option(help: Setting.help("client-certificate")) var clientCertificate: String?
    @Option(help: Setting.help("client-ca")) var clientCA: String?
    @Option(help: Setting.help("client-crl")) var clientCRL: String?
    @Option(help: Setting.help("hsts-seconds")) var hstsSeconds: String?
    @Option(help: Setting.help("core-store-ca")) var coreStoreCA: String?
    @Option(help: Setting.help("core-store-certificate")) var coreStoreCertificate: String?
    @Option(help: Setting.help("core-store-key")) var coreStoreKey: String?
    @Flag(help: Setting.help("plain-text-is-protected-elsewhere")) var plainTextIsProtectedElsewhere = false
    @Option(help: Setting.help("trusted-proxies")) var trustedProxies: [String] = []
    @Option(help: Setting.help("proxy-protocol")) var proxyProtocol: String?
    @Option(help: Setting.help("client-address")) var clientAddress: String?
    @Option(help: Setting.help("maximum-connections")) var maximumConnections: String?
    @Option(help: Setting.help("maximum-connections-per-address")) var maximumConnectionsPerAddress: String?
    @Option(help: Setting.help("decision-bytes")) var decisionBytes: String?
    @Option(help: Setting.help("decision-days")) var decisionDays: String?

    /// What was given, by key; a list's values with commas between them.
    var given: [String: String] {
        var texts: [String: String] = [:]
        for child in Mirror(reflecting: self).children {
            guard let setting = PassedOptions.setting(of: child.label ?? "") else { continue }
            if let text = (child.value as? Option<String?>)?.wrappedValue { texts[setting.key] = text }
            if let list = (child.value as? Option<[String]>)?.wrappedValue, !list.isEmpty {
                texts[setting.key] = list.joined(separator: ",")
            }
            if (child.value as? Flag<Bool>)?.wrappedValue == true { texts[setting.key] = "yes" }
        }
        return texts
    }

    /// The setting that a property's label (`_clientCA`) means.
    static func setting(of label: String) -> Setting? {
        let letters = label.filter { $0 != "_" }.lowercased()
        return Setting.passed.first { $0.key.replacing("-", with: "") == letters }
    }
}
