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
    static let all = [state, partners, policies, listen, console, coreStore, sandboxStore, coreStoreListen, loops] + passed

    /// Settings that go to the data plane as they are: `client-ca` is its flag `--client-ca`, and where nobody says anything and there is no
    /// default the flag is not given. To add one: a line here; a property in `PassedOptions`; its flag in `Flag.all`
    /// (Sources/DataPlane/Flag.swift); a comment and a line in deploy/gateway.yaml.example, with an example value where there is no default.
    /// Flag, variable, key of the file, help, `gateway check` and the passing on follow from these.
    static let passed: [Setting] = [
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
        key: "listen", kind: .endpoint, standard: "127.0.0.1:8080", meaning: "Where partners' applications call.")
    static let console = Setting(
        key: "console", kind: .endpointOrOff, standard: "127.0.0.1:8081",
        meaning: "Where the control plane answers: so far its probes, /livez and /readyz.")
    static let coreStore = Setting(
        key: "core-store", kind: .store, standard: "embedded", meaning: "Where production keys lead.")
    static let sandboxStore = Setting(
        key: "sandbox-store", kind: .store, standard: "embedded", meaning: "Where sandbox keys lead.")
    static let coreStoreListen = Setting(
        key: "core-store-listen", kind: .endpoint, standard: "127.0.0.1:8082",
        meaning: "Where the embedded core stores listen, for the data plane alone.")
    static let loops = Setting(
        key: "loops", kind: .count(1...256), standard: "cores", meaning: "Event loops of the data plane, a thread each.")
}
