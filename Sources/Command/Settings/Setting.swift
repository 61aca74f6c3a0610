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
        ArgumentHelp("\(meaning) (\(kind.form); \(variable); default: \(standard))", valueName: kind.valueName)
    }

    /// The one table. None is secret: keys and signing keys live in the state directory.
    static let all = [
        state, partners, policies, listen, console, coreStore, sandboxStore, coreStoreListen, loops,
    ]

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

/// The forms a setting's value can have.
enum SettingKind: Sendable {
    case folder, endpoint, endpointOrOff, store
    case count(ClosedRange<Int>)

    /// The form in words, with its unit or range.
    var form: String {
        switch self {
        case .folder: "a folder's path"
        case .endpoint: "an address and a port from 1 to 65535, such as 127.0.0.1:8080 or [::1]:8080"
        case .endpointOrOff: "an address and a port from 1 to 65535, such as 127.0.0.1:8081, or off"
        case .store: "embedded, or a URL such as http://10.0.0.5:8082"
        case .count(let range): "a number from \(range.lowerBound) to \(range.upperBound), or cores"
        }
    }

    /// What stands for the value in the help.
    var valueName: String {
        switch self {
        case .folder: "DIR"
        case .endpoint: "ADDRESS:PORT"
        case .endpointOrOff: "ADDRESS:PORT|off"
        case .store: "embedded|URL"
        case .count: "N"
        }
    }

    /// Whether a text is of this form.
    func allows(_ text: String) -> Bool {
        switch self {
        case .folder: !text.isEmpty && !text.utf8.contains(0)
        case .endpoint: Endpoint(text) != nil
        case .endpointOrOff: text == "off" || Endpoint(text) != nil
        case .store: StoreLocation(text) != nil
        case .count(let range): text == "cores" || Int(text).map { range.contains($0) && String($0) == text } ?? false
        }
    }
}
