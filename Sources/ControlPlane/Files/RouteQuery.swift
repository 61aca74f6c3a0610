import Registry

/// A route's query parameters: `required` and `optional`, each a mapping from name to form.
enum RouteQuery {
    private static let maximumParameters = Route.maximumParameters
    private static let forms = "date, digits 6, digits 1-6, degrees, or one of [A, B]"

    /// The parameters; whatever is wrong is added to the faults and left out.
    static func read(_ tree: FileTree, into faults: inout FaultList) -> [Parameter] {
        guard let reader = FieldReader(tree, of: "a query", keys: ["required", "optional"], into: &faults) else { return [] }
        var parameters: [Parameter] = []
        for (key, isRequired) in [("required", true), ("optional", false)] {
            guard let entries = reader.optional(key)?.namedEntries("the list of \(key) parameters", into: &faults) else { continue }
            for entry in entries {
                guard (1...40).contains(entry.key.utf8.count), entry.key.allSatisfy({ ("a"..."z").contains($0) || $0 == "_" }) else {
                    faults.add(at: entry.position, "the parameter name '\(entry.key)' is out of form", expected: "a-z and '_'")
                    continue
                }
                if parameters.contains(where: { $0.name == entry.key }) {
                    faults.add(at: entry.position, "the parameter '\(entry.key)' is both required and optional")
                }
                guard let form = form(entry.value, into: &faults) else { continue }
                parameters.append(Parameter(name: entry.key, form: form, isRequired: isRequired))
            }
        }
        if parameters.count > maximumParameters {
            faults.add(at: tree.position, "the query has \(parameters.count) parameters", expected: "at most \(maximumParameters)")
        }
        return parameters
    }

    /// A form's spelling.
    static func text(_ form: ParameterForm) -> String {
        switch form {
        case .date: "date"
        case .digits(let least, let most): least == most ? "digits \(least)" : "digits \(least)-\(most)"
        case .degrees: "degrees"
        case .oneOf(let words): "one of [\(words.joined(separator: ", "))]"
        }
    }

    private static func form(_ tree: FileTree, into faults: inout FaultList) -> ParameterForm? {
        guard case .scalar(let text) = tree.content, let form = form(text) else {
            faults.add(at: tree.position, "the parameter form \(tree.sort) is unknown", expected: forms)
            return nil
        }
        return form
    }

    private static func form(_ text: String) -> ParameterForm? {
        if text == "date" { return .date }
        if text == "degrees" { return .degrees }
        if text.hasPrefix("digits ") {
            guard text.dropFirst(7).allSatisfy({ ("0"..."9").contains($0) || $0 == "-" }) else { return nil }
            let bounds = text.dropFirst(7).split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
            guard let least = bounds.first ?? nil, let most = bounds.last ?? nil, bounds.count <= 2 else { return nil }
            return (1...32).contains(least) && (least...32).contains(most) ? .digits(least: least, most: most) : nil
        }
        guard text.hasPrefix("one of ["), text.hasSuffix("]") else { return nil }
        let words = text.dropFirst(8).dropLast().split(separator: ",", omittingEmptySubsequences: false).map { word in
            String(word.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
        let areGood = words.allSatisfy { word in
            (1...40).contains(word.utf8.count) && word.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != 0x5B && $0 != 0x5D }
        }
        return areGood && (1...64).contains(words.count) && Set(words).count == words.count ? .oneOf(words) : nil
    }
}
