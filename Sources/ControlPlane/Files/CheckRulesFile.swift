import Registry

extension CheckRules {
    /// The `checks` of lifecycle.yaml, or nil with at least one fault added.
    init?(_ tree: FileTree, into faults: inout FaultList) {
        let keys = ["site-reachable", "registration", "usual-scopes"]
        guard let reader = FieldReader(tree, of: "checks", keys: keys, into: &faults) else { return nil }
        let asksSite = reader.required("site-reachable", into: &faults)?.choice(
            "answer", among: ["true", "false"], into: &faults, { $0 == "true" ? true : $0 == "false" ? false : nil })
        let registration = reader.required("registration", into: &faults).map { CheckRules.forms($0, into: &faults) }
        let usual = reader.required("usual-scopes", into: &faults).map { CheckRules.scopes($0, into: &faults) }
        guard let asksSite, let registration, let usual else { return nil }
        self.init(asksSite: asksSite, registrationForms: registration, usualScopes: usual)
    }

    private static func forms(_ tree: FileTree, into faults: inout FaultList) -> [PartnerKind: [String]] {
        guard let reader = FieldReader(tree, of: "registration", keys: PartnerKind.allCases.map(\.name), into: &faults) else { return [:] }
        var forms: [PartnerKind: [String]] = [:]
        for kind in PartnerKind.allCases {
            let items = reader.optional(kind.name)?.items("the list of forms", limit: Limits.registrationForms, into: &faults)
            forms[kind] = items?.compactMap { $0.text("the form", limit: 40, into: &faults) }
        }
        return forms
    }

    private static func scopes(_ tree: FileTree, into faults: inout FaultList) -> [PartnerKind: ScopeSet] {
        guard let reader = FieldReader(tree, of: "usual-scopes", keys: PartnerKind.allCases.map(\.name), into: &faults) else { return [:] }
        var scopes: [PartnerKind: ScopeSet] = [:]
        for kind in PartnerKind.allCases {
            scopes[kind] = reader.optional(kind.name)?.scopes("the list of scopes", into: &faults)
        }
        return scopes
    }
}

extension FileTree {
    /// A list of different roles, maybe none.
    func roles(_ subject: String, into faults: inout FaultList) -> RoleSet? {
        let words = Role.allCases.map(\.name)
        return items(subject, limit: Role.allCases.count, into: &faults).map { items in
            RoleSet(different(items, "role", among: words, into: &faults) { Role(name: $0) })
        }
    }

    /// A list of different kinds of evidence, maybe none.
    func evidence(_ subject: String, into faults: inout FaultList) -> EvidenceSet? {
        let words = EvidenceKind.allCases.map(\.name)
        return items(subject, limit: EvidenceKind.allCases.count, into: &faults).map { items in
            EvidenceSet(different(items, "kind of evidence", among: words, into: &faults) { EvidenceKind(name: $0) })
        }
    }

    private func different<Value: Equatable>(
        _ items: [FileTree], _ sort: String, among words: [String], into faults: inout FaultList, _ make: (String) -> Value?
    ) -> [Value] {
        var found: [Value] = []
        for item in items {
            guard let value = item.choice(sort, among: words, into: &faults, make) else { continue }
            if found.contains(value) { faults.add(at: item.position, "the \(sort) \(item.sort) is given twice") }
            found.append(value)
        }
        return found
    }
}
