import ArgumentParser

/// One setting of `gateway serve`: a flag, an environment variable and a key of the configuration file at once.
struct Setting: Sendable {
    /// The key in the file; `--key` on the command line.
    let key: String
    /// What its value may be.
    let kind: SettingKind
    /// What counts where nobody says anything.
    let standard: String
    /// What it decides, for the help.
    let meaning: String

    /// `GATEWAY_CORE_STORE` for `core-store`.
    var variable: String { "GATEWAY_" + key.uppercased().replacing("-", with: "_") }

    /// The option's help: meaning, form, variable and default.
    var help: ArgumentHelp {
        let standard = standard.isEmpty ? "none" : standard
        return ArgumentHelp("\(meaning) (\(kind.form); \(variable); default: \(standard))", valueName: kind.valueName)
    }

    /// The one table. None is secret: keys and signing keys live in the state directory.
    static let all =
        [
            state, partners, policies, listen, console, consoleURL, behindTLSProxy, consoleCertificate, consoleKey, metricsFrom,
            coreStore, sandboxStore, coreStoreListen, loops, decisions,
        ] + passed

    /// Settings that go to the data plane as they are: `client-ca` is its flag `--client-ca`, and where nobody says anything and there is no
    /// default the flag is not given. To add one: a line here; a property in `PassedOptions`; its flag in `Flag.all`
    /// (Sources/DataPlane/Flag.swift); a comment and a line in deploy/gateway.yaml.example, with an example value where there is no default.
    /// Flag, variable, key of the file, help, `gateway check` and the passing on follow from these.
    static let passed: [Setting] = [
        drainMilliseconds,
        Setting(
            key: "core-store-authority", kind: .text("HOST:PORT"), standard: "",
            meaning: "Host that the production core store is addressed as, instead of its first address."),
        Setting(
            key: "sandbox-store-authority", kind: .text("HOST:PORT"), standard: "",
            meaning: "Host that the sandbox core store is addressed as, instead of its first address."),
        Setting(
            key: "health-check-milliseconds", kind: .number(0...600_000), standard: "1000",
            meaning: "Between two checks of each endpoint of a core store; 0 checks none."),
        Setting(
            key: "health-check-path", kind: .text("PATH"), standard: "/livez",
            meaning: "What a check asks an endpoint for; any answer below 500 within a second is healthy."),
        Setting(
            key: "resolve-milliseconds", kind: .number(100...3_600_000), standard: "5000",
            meaning: "Between two looks at the addresses of core stores given by name."),
        Setting(key: "listen-tls", kind: .endpoint, standard: "", meaning: "Where partners' applications call by TLS."),
        Setting(
            key: "tls-certificate", kind: .list(.file), standard: "",
            meaning: "Certificate with its chain, PEM; several are chosen by the name a client asks for, the first one where none fits."),
        Setting(key: "tls-key", kind: .list(.file), standard: "", meaning: "The key of each certificate, PEM, without a passphrase."),
        Setting(
            key: "client-certificate", kind: .choice(["none", "optional", "required"]), standard: "none",
            meaning: "Whether applications show a certificate over TLS."),
        Setting(key: "client-ca", kind: .file, standard: "", meaning: "Who may have signed applications' certificates, PEM."),
        Setting(key: "client-crl", kind: .file, standard: "", meaning: "Which of them are revoked, PEM: a list for each authority."),
        Setting(
            key: "hsts-seconds", kind: .number(0...63_072_000), standard: "31536000",
            meaning: "How long browsers are told to come back by TLS only; 0 tells nothing."),
        Setting(
            key: "core-store-ca", kind: .file, standard: "",
            meaning: "Who may have signed the certificates of core stores called by https, PEM, instead of the system's authorities."),
        Setting(key: "core-store-certificate", kind: .file, standard: "", meaning: "Certificate that they are shown, PEM."),
        Setting(key: "core-store-key", kind: .file, standard: "", meaning: "Its key, PEM, without a passphrase."),
        Setting(
            key: "plain-text-is-protected-elsewhere", kind: .yesOrNo, standard: "no",
            meaning: "Whether 'listen' may be an address that other machines reach: something in front speaks TLS."),
        Setting(
            key: "trusted-proxies", kind: .list(.text("CIDR")), standard: "",
            meaning: "Proxies that are believed about where clients are, such as 10.0.0.0/8."),
        Setting(
            key: "proxy-protocol", kind: .choice(["off", "required"]), standard: "off",
            meaning: "Whether connections come from trusted proxies only, each with a PROXY header of version 2."),
        Setting(
            key: "client-address", kind: .choice(["peer", "x-forwarded-for", "forwarded"]), standard: "peer",
            meaning: "Where a request of a trusted proxy names its client."),
        Setting(
            key: "maximum-connections", kind: .number(1...1_000_000), standard: "20000",
            meaning: "Clients' connections, at most 20,000 a loop."),
        Setting(
            key: "maximum-connections-per-address", kind: .number(1...1_000_000), standard: "2000",
            meaning: "Clients' connections from one address or IPv6 /64; trusted proxies are exempt."),
        Setting(
            key: "decision-bytes", kind: .number(1_048_576...1 << 50), standard: "10737418240",
            meaning: "The most bytes of all decision records; the oldest go first."),
        Setting(key: "decision-days", kind: .number(1...3_650), standard: "30", meaning: "The most days a decision record is kept."),
    ]

    /// One of `passed`, for its option's help.
    static func help(_ key: String) -> ArgumentHelp {
        guard let setting = passed.first(where: { $0.key == key }) else { preconditionFailure("there is no passed setting \(key)") }
        return setting.help
    }

    static let state = Setting(
        key: "state", kind: .folder, standard: "./state",
        meaning: "Folder of the registry, the snapshot, the levels of every bucket and the embedded core stores.")
    static let partners = Setting(
        key: "partners", kind: .folder, standard: "./partners", meaning: "Folder of partner files, imported into an empty registry.")
    static let policies = Setting(
        key: "policies", kind: .folder, standard: "./policies", meaning: "Folder of plans, routes and country data.")
    static let listen = Setting(
        key: "listen", kind: .endpointOrOff, standard: "127.0.0.1:8080",
        meaning: "Where partners' applications call in plain text; off where 'listen-tls' is enough.")
    static let console = Setting(
        key: "console", kind: .endpointOrOff, standard: "127.0.0.1:8081",
        meaning: "Where the control plane answers: the console, its probes, /livez and /readyz, and /metrics.")
    static let consoleURL = Setting(
        key: "console-url", kind: .site, standard: "",
        meaning: """
            What browsers call the console, for links that are sent to people; otherwise http, or https where it has a certificate, and \
            the address of 'console'.
            """)
    static let behindTLSProxy = Setting(
        key: "behind-tls-proxy", kind: .yesOrNo, standard: "no",
        meaning: "Whether a proxy that speaks TLS stands in front of the console: it may listen on any address, and X-Forwarded-For counts."
    )
    static let consoleCertificate = Setting(
        key: "console-tls-certificate", kind: .file, standard: "",
        meaning: "Certificate of the console with its chain, PEM: everything at its address then speaks TLS. Replaced files count at once.")
    static let consoleKey = Setting(
        key: "console-tls-key", kind: .file, standard: "", meaning: "The key of the console's certificate, PEM, without a passphrase.")
    static let metricsFrom = Setting(
        key: "metrics-from", kind: .list(.addressRange), standard: "",
        meaning: "Who may read /metrics besides this machine, such as a Prometheus at 10.0.0.9: it names applications and their rates.")
    static let coreStore = Setting(
        key: "core-store", kind: .store, standard: "embedded", meaning: "Where production keys lead.")
    static let sandboxStore = Setting(
        key: "sandbox-store", kind: .store, standard: "embedded", meaning: "Where sandbox keys lead.")
    static let coreStoreListen = Setting(
        key: "core-store-listen", kind: .endpoint, standard: "127.0.0.1:8082",
        meaning: "Where the embedded core stores listen, for the data plane alone.")
    static let loops = Setting(
        key: "loops", kind: .count(1...256), standard: "cores", meaning: "Event loops of the data plane, a thread each.")
    static let decisions = Setting(
        key: "decisions", kind: .folderOrSwitch, standard: "on",
        meaning: "Whether every decision is recorded, and where: on means in 'decisions' of the state folder.")
    static let drainMilliseconds = Setting(
        key: "drain-milliseconds", kind: .number(0...600_000), standard: "4000",
        meaning: "How long requests may take to end once the data plane is asked to stop, or was replaced.")
}

extension Setting: Hashable {
    static func == (left: Setting, right: Setting) -> Bool { left.key == right.key }

    func hash(into hasher: inout Hasher) { hasher.combine(key) }
}
