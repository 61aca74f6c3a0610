import Transport

/// One setting on the data plane's command line. To add one: a constant here, its name in `all`, and `settings.text(.name)`, `.texts`,
/// `.number` or `.isSet` where it is used; the usage text, the checks and the defaults follow from the table. A setting of `gateway serve`
/// too is one line more in `Setting.passed` (Sources/Command/Settings) and one `@Option` in `PassedOptions` there.
struct Flag: Sendable {
    /// As written, hyphens included.
    let name: String
    let form: Form
    let presence: Presence
    /// What it decides, in one line of the usage text.
    let meaning: String

    /// What its value may be.
    enum Form: Sendable {
        /// A path; whether the file is there is found where it is read.
        case file
        /// Any text that is not empty; the name stands for it in the usage text.
        case text(String)
        case number(ClosedRange<Int>)
        case choice([String])
        /// No value: it is there or not.
        case none
    }

    /// Whether it must be given, and how often it may be. Of one that counts once, the last counts.
    enum Presence: Sendable {
        case required, optional, repeatable
        /// The value that counts where none is given.
        case standard(String)
    }

    init(_ name: String, _ form: Form, _ presence: Presence, _ meaning: String) {
        self.name = name
        self.form = form
        self.presence = presence
        self.meaning = meaning
    }

    /// The one table, in the order of the usage text.
    static let all =
        [snapshot, levels, productionStore, sandboxStore] + endpoints + entrances
        + [loops, drainMilliseconds, handover, pidFile, parent, check] + clients + [decisions, decisionBytes, decisionDays, metrics]

    static let snapshot = Flag("--snapshot", .file, .required, "the rules, as the control plane publishes them")
    static let levels = Flag("--levels", .file, .required, "the applications' buckets; made where there is none")
    static let productionStore = Flag(
        "--production-store", .text("HOST:PORT,…"), .required, "where production keys lead, as addresses or URLs")
    static let sandboxStore = Flag("--sandbox-store", .text("HOST:PORT,…"), .required, "where sandbox keys lead")
    private static let endpoints =
        [productionAuthority, sandboxAuthority, healthCheckMilliseconds, healthCheckPath, resolveMilliseconds] + storeTLS
    private static let storeTLS = [storeAuthorities, storeCertificate, storeKey]
    static let storeAuthorities = Flag(
        "--core-store-ca", .file, .optional, "who may have signed the certificates of https core stores, PEM, instead of the system's")
    static let storeCertificate = Flag("--core-store-certificate", .file, .optional, "certificate that https core stores are shown, PEM")
    static let storeKey = Flag("--core-store-key", .file, .optional, "its key, PEM, without a passphrase")
    static let productionAuthority = Flag(
        "--core-store-authority", .text("HOST:PORT"), .optional, "Host for the production store instead of its first address")
    static let sandboxAuthority = Flag(
        "--sandbox-store-authority", .text("HOST:PORT"), .optional, "Host for the sandbox store instead of its first address")
    static let healthCheckMilliseconds = Flag(
        "--health-check-milliseconds", .number(0...600_000), .standard("1000"), "between checks of each endpoint; 0 checks none")
    static let healthCheckPath = Flag(
        "--health-check-path", .text("PATH"), .standard("/livez"), "what a check asks for: below 500 is healthy")
    static let resolveMilliseconds = Flag(
        "--resolve-milliseconds", .number(100...3_600_000), .standard("5000"), "between looks at the addresses of core stores' names")
    private static let entrances = [
        listen, plainTextIsProtected, listenTLS, tlsCertificate, tlsKey, clientCertificate, clientAuthorities, clientRevocations,
        hstsSeconds,
    ]
    static let listen = Flag(
        "--listen", .text("HOST:PORT"), .standard("127.0.0.1:8080"), "where applications call in plain text; off where only TLS is served")
    static let plainTextIsProtected = Flag(
        "--plain-text-is-protected-elsewhere", .none, .optional, "allows --listen on an address that other machines reach")
    static let listenTLS = Flag("--listen-tls", .text("HOST:PORT"), .optional, "where applications call by TLS")
    static let tlsCertificate = Flag(
        "--tls-certificate", .file, .repeatable, "certificate with its chain, PEM; the first one is shown where no name fits")
    static let tlsKey = Flag("--tls-key", .file, .repeatable, "its key, PEM, without a passphrase")
    static let clientCertificate = Flag(
        "--client-certificate", .choice(ClientCertificates.allCases.map(\.rawValue)), .standard("none"), "whether clients show one over TLS"
    )
    static let clientAuthorities = Flag("--client-ca", .file, .optional, "who may have signed clients' certificates, PEM")
    static let clientRevocations = Flag("--client-crl", .file, .optional, "which of them are revoked, PEM: a list for each authority")
    static let hstsSeconds = Flag(
        "--hsts-seconds", .number(0...63_072_000), .standard("31536000"), "Strict-Transport-Security's max-age; 0 does not send it")
    static let loops = Flag("--loops", .number(1...256), .standard("1"), "event loops, a thread each")
    static let drainMilliseconds = Flag(
        "--drain-milliseconds", .number(0...600_000), .standard("4000"), "how long requests may take to end once asked to stop")
    static let handover = Flag(
        "--handover", .file, .optional, "local socket where a successor asks for the listening sockets; asked first at a start")
    static let pidFile = Flag("--pid-file", .file, .optional, "gets this process's id once it serves")
    static let check = Flag(
        "--check", .none, .optional, "only check the settings and their files; exit 1 or 2 with a sentence where something is wrong")
    static let decisions = Flag("--decisions", .file, .optional, "folder where every decision is recorded; without it none is")
    static let decisionBytes = Flag(
        "--decision-bytes", .number(1_048_576...1 << 50), .standard("10737418240"), "the most bytes of all records; the oldest go first")
    static let decisionDays = Flag("--decision-days", .number(1...3_650), .standard("30"), "the most days a record is kept")
    static let metrics = Flag("--metrics", .file, .optional, "local socket where metrics are asked for, by HTTP")
    static let parent = Flag(
        "--parent", .number(0...Int(Int32.max)), .standard("0"), "process without which this one ends; 0 watches nobody")
}

extension Flag {
    /// The name that stands for a value; nil where there is none.
    private var valueName: String? {
        switch form {
        case .file: "FILE"
        case .text(let name): name
        case .number: "N"
        case .choice(let words): words.joined(separator: "|")
        case .none: nil
        }
    }

    /// The flag with what stands for its value, for the usage text.
    var usage: String { valueName.map { "\(name) \($0)" } ?? name }

    /// The usage line's remark on whether it must be given.
    var usageRemark: String {
        switch presence {
        case .required: " (required)"
        case .optional: ""
        case .repeatable: " (may be given more than once)"
        case .standard(let text): " (default \(text))"
        }
    }

    /// What a value was expected to be; nil where it is in form.
    func expectation(unmetBy text: String) -> String? {
        switch form {
        case .file: text.isEmpty ? "a file's path" : nil
        case .text(let name): text.isEmpty ? name : nil
        case .number(let range):
            Int(text).map(range.contains) == true ? nil : "a number from \(range.lowerBound) to \(range.upperBound)"
        case .choice(let words): words.contains(text) ? nil : "one of \(words.joined(separator: ", "))"
        case .none: nil
        }
    }
}
