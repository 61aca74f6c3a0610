/// What the data plane is told on its command line; the supervisor writes it, a person may. The flags are the table in `Flag.swift`.
struct Settings {
    /// By flag, in the order given.
    private var given: [String: [String]] = [:]
    /// All of them, as given.
    let arguments: [String]

    /// Why the arguments make no settings.
    struct Fault: Error, CustomStringConvertible {
        var description: String
    }

    static let usage: String = {
        let column = (Flag.all.map(\.usage.count).max() ?? 0) + 2
        let lines = Flag.all.map { flag in
            "  " + flag.usage + String(repeating: " ", count: column - flag.usage.count) + flag.meaning + flag.usageRemark
        }
        return """
            usage: gateway-data-plane FLAGS
            Serves the partner API by the rules of a snapshot file that the control plane publishes. `gateway serve` starts it.

            """ + lines.joined(separator: "\n")
    }()

    init(_ arguments: [String]) throws {
        self.arguments = arguments
        var rest = arguments[...]
        while let name = rest.popFirst() {
            guard let flag = Flag.all.first(where: { $0.name == name }) else { throw Fault(description: "there is no setting \(name)") }
            if case .none = flag.form {
                given[name] = [""]
                continue
            }
            guard let value = rest.popFirst() else { throw Fault(description: "\(name) needs a value") }
            if let expected = flag.expectation(unmetBy: value) {
                throw Fault(description: "\(name) is '\(value)', expected \(expected)")
            }
            given[name, default: []].append(value)
        }
        for flag in Flag.all where given[flag.name] == nil && given[Flag.check.name] == nil {
            if case .required = flag.presence { throw Fault(description: "\(flag.name) is missing") }
        }
    }

    /// The value given last, or the default; empty where there is neither.
    func text(_ flag: Flag) -> String {
        if let last = given[flag.name]?.last { return last }
        if case .standard(let text) = flag.presence { return text }
        return ""
    }

    /// All values of one that may be repeated.
    func texts(_ flag: Flag) -> [String] { given[flag.name] ?? [] }

    /// The number of one whose form is a number; 0 where there is none.
    func number(_ flag: Flag) -> Int { Int(text(flag)) ?? 0 }

    /// Whether it was given.
    func isSet(_ flag: Flag) -> Bool { given[flag.name] != nil }
}
