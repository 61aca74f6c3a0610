/// Imports point one way (see the map in the README), and the pure targets import nothing that does I/O.
func importsPointOneWay(_ file: SourceFile) -> [Finding] {
    guard let target = file.target else { return [] }
    guard let rule = importRules[target] else {
        return [Finding(file, 1, "\(target) is a new target: say in Imports.swift what it may import")]
    }
    return imports(in: file.tokens).filter { !rule.allows($0.text) }.map {
        Finding(file, $0.line, "\(target) may not import \($0.text)")
    }
}

private enum ImportRule {
    /// Nothing but these.
    case only(Set<String>)
    /// Any library, and of our own targets only these.
    case ours(Set<String>)

    func allows(_ module: String) -> Bool {
        switch self {
        case .only(let modules): modules.contains(module)
        case .ours(let modules): modules.contains(module) || importRules[module] == nil
        }
    }
}

private let importRules: [String: ImportRule] = [
    "Registry": .only(["Synchronization"]),
    "Wire": .only(["Registry", "Synchronization"]),
    "Admission": .only(["Registry", "Synchronization"]),
    "Decisions": .only(["Admission", "Registry", "Synchronization"]),
    "Exchange": .only(["Decisions", "Admission", "Wire", "Registry", "Synchronization"]),
    "Transport": .only(["Exchange", "Decisions", "Admission", "Wire", "Registry", "CTransport", "Glibc", "Synchronization"]),
    "DataPlane": .only(["Transport", "Exchange", "Decisions", "Admission", "Wire", "Registry", "Glibc", "Synchronization"]),
    "ControlPlane": .ours(["Decisions", "Admission", "Registry"]),
    "Console": .ours(["ControlPlane", "Registry"]),
    "CoreStore": .ours(["Registry"]),
    "Command": .ours(["ControlPlane", "Console", "CoreStore", "Decisions", "Admission", "Registry"]),
    "CTransport": .only([]),
]

/// The modules named by import lines: `import struct Foundation.Data` names Foundation.
private func imports(in tokens: [Token]) -> [Token] {
    let kinds = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
    return tokens.indices.compactMap { place in
        guard tokens[place].text == "import", place == 0 || tokens[place - 1].text != "." else { return nil }
        let named = tokens[(place + 1)...].first { !kinds.contains($0.text) }
        return named?.line == tokens[place].line ? named : nil
    }
}
