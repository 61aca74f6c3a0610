import Registry

extension PartnerDeclaration {
    /// The declaration as a partner file: importing it gives the same declaration.
    package var yaml: String {
        var text = "id: \(YamlText.scalar(id.text))\nkind: \(kind.name)\nname: \(YamlText.scalar(name))\n"
        text += "registration: \(YamlText.scalar(registration))\nsite: \(YamlText.scalar(site))\ncontacts:"
        let (contacts, roles) = (declaredContacts, ContactRole.allCases.filter { declaredContacts[$0] != nil })
        text += "\n"
        for role in roles { text += "  \(role.rawValue): \(YamlText.scalar(contacts[role] ?? ""))\n" }
        text += applications.isEmpty ? "applications: []\n" : "applications:\n"
        return text + applications.map(\.yaml).joined()
    }
}

extension PartnerDeclaration {
    /// Several in one file, as a list.
    package static func yaml(_ partners: [PartnerDeclaration]) -> String {
        guard !partners.isEmpty else { return "[]\n" }
        return partners.map { partner in
            partner.yaml.split(separator: "\n").enumerated().map { ($0.offset == 0 ? "- " : "  ") + $0.element + "\n" }.joined()
        }.joined()
    }
}

extension ApplicationDeclaration {
    fileprivate var yaml: String {
        var text = "  - id: \(YamlText.scalar(id.text))\n    name: \(YamlText.scalar(name))\n    purpose: \(YamlText.scalar(purpose))\n"
        text += "    scopes: \(YamlText.list(scopes.scopes.map(\.name)))\n"
        if let plan { text += "    plan: \(YamlText.scalar(plan.text))\n" }
        if let allowedAddresses, !allowedAddresses.isEmpty {
            text += "    allowed-addresses:\n" + allowedAddresses.map { "      - \"\(AddressText.text($0))\"\n" }.joined()
        }
        if let certificates, !certificates.isEmpty {
            text += "    certificates:\n" + certificates.map { "      - \"\(CertificateText.text($0))\"\n" }.joined()
        }
        if let state { text += "    state: \(state.name)\n" }
        if let resumesIn { text += "    resumes-in: \(resumesIn.name)\n" }
        if let granted { text += "    granted: \(YamlText.list(granted.scopes.map(\.name)))\n" }
        if let received { text += "    received: \(YamlText.scalar(received.text))\n" }
        return text
    }
}
