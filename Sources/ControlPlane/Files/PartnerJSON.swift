import Decisions
import Registry

extension PartnerDeclaration {
    /// The declaration as a JSON object with the keys of a partner file: importing it gives the same declaration.
    package var json: String {
        var json = JSONText()
        json.object { json in
            json.member("id", id.text)
            json.member("kind", kind.name)
            json.member("name", name)
            json.member("registration", registration)
            json.member("site", site)
            json.member("contacts") { json in
                for role in ContactRole.allCases { if let address = declaredContacts[role] { json.member(role.rawValue, address) } }
            }
            json.member("applications", list: applications.map(\.json))
        }
        // JSON files are read as YAML, of which they are a part, but for anchors and aliases: escaped, neither sign begins one.
        return String(decoding: json.bytes, as: UTF8.self).replacing("&", with: "\\u0026").replacing("*", with: "\\u002a")
    }
}

extension ApplicationDeclaration {
    fileprivate var json: [UInt8] {
        var json = JSONText()
        json.object { json in
            json.member("id", id.text)
            json.member("name", name)
            json.member("purpose", purpose)
            json.member("scopes", texts: scopes.scopes.map(\.name))
            if let plan { json.member("plan", plan.text) }
            if let allowedAddresses, !allowedAddresses.isEmpty {
                json.member("allowed-addresses", texts: allowedAddresses.map(AddressText.text))
            }
            if let certificates, !certificates.isEmpty { json.member("certificates", texts: certificates.map(CertificateText.text)) }
            if let state { json.member("state", state.name) }
            if let resumesIn { json.member("resumes-in", resumesIn.name) }
            if let granted { json.member("granted", texts: granted.scopes.map(\.name)) }
            if let received { json.member("received", received.text) }
        }
        return json.bytes
    }
}
