import Registry

/// A partner file as read: the declaration, and where in the file its references stand.
struct PartnerFile {
    var declaration: PartnerDeclaration
    var position: FilePosition
    var applications: [ApplicationPositions]

    /// Where one application's references stand.
    struct ApplicationPositions {
        var identifier: FilePosition
        var scopes: FilePosition
        var plan: FilePosition?
    }

    private static let keys = ["id", "kind", "name", "registration", "site", "contacts", "applications"]
    private static let applicationKeys = [
        "id", "name", "purpose", "scopes", "plan", "allowed-addresses", "certificates", "state", "resumes-in", "granted", "received",
    ]

    /// The file's content, or nil with at least one fault added.
    init?(_ tree: FileTree, into faults: inout FaultList) {
        guard let reader = FieldReader(tree, of: "a partner", keys: PartnerFile.keys, into: &faults) else { return nil }
        let place = reader.required("id", into: &faults)
        let id = place?.identifier("the partner id", into: &faults)
        let kind = reader.required("kind", into: &faults)?.choice(
            "kind", among: PartnerKind.allCases.map(\.name), into: &faults, PartnerKind.init(name:))
        let name = reader.required("name", into: &faults)?.text("the name", limit: 100, into: &faults)
        let registration = reader.required("registration", into: &faults)?.text("the registration number", limit: 40, into: &faults)
        let site = reader.required("site", into: &faults).flatMap { PartnerFile.site($0, into: &faults) }
        let contacts = reader.required("contacts", into: &faults).flatMap { PartnerFile.contacts($0, into: &faults) }
        let items = reader.required("applications", into: &faults)?
            .items("the list of applications", limit: Limits.applicationsPerPartner, into: &faults)
        let applications = items?.map { PartnerFile.application($0, into: &faults) } ?? []
        guard let id, let place, let kind, let name, let registration, let site, let contacts, items != nil else { return nil }
        position = place.position
        self.applications = applications.compactMap { $0?.positions }
        declaration = PartnerDeclaration(
            id: id, kind: kind, name: name, registration: registration, site: site, contacts: contacts,
            applications: applications.compactMap { $0?.declaration })
    }

    private static func site(_ tree: FileTree, into faults: inout FaultList) -> String? {
        guard let text = tree.text("the site", limit: 200, into: &faults) else { return nil }
        guard text.hasPrefix("https://"), text.count > 10, !text.contains(" ") else {
            faults.add(at: tree.position, "the site '\(text)' is out of form", expected: "https://…")
            return nil
        }
        return text
    }

    private static func contacts(_ tree: FileTree, into faults: inout FaultList) -> [ContactRole: String]? {
        let roles = ContactRole.allCases.map(\.rawValue)
        guard let reader = FieldReader(tree, of: "contacts", keys: roles, into: &faults) else { return nil }
        var contacts: [ContactRole: String] = [:]
        for role in ContactRole.allCases {
            guard let entry = reader.optional(role.rawValue) else { continue }
            guard let address = entry.text("the contact", limit: 100, into: &faults) else { continue }
            guard address != PartnerDeclaration.erased else { continue }
            let parts = address.split(separator: "@", omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty, parts[1].contains("."), !address.contains(" ") else {
                faults.add(at: entry.position, "the contact '\(address)' is out of form", expected: "a mail address")
                continue
            }
            contacts[role] = address
        }
        if reader.optional(ContactRole.technical.rawValue) == nil { _ = reader.required(ContactRole.technical.rawValue, into: &faults) }
        return contacts
    }

    private static func application(
        _ tree: FileTree, into faults: inout FaultList
    ) -> (declaration: ApplicationDeclaration, positions: ApplicationPositions)? {
        guard let reader = FieldReader(tree, of: "an application", keys: applicationKeys, into: &faults) else { return nil }
        let place = reader.required("id", into: &faults)
        let id = place?.identifier("the application id", into: &faults)
        let name = reader.required("name", into: &faults)?.text("the name", limit: 100, into: &faults)
        let purpose = reader.required("purpose", into: &faults)?.text("the purpose", into: &faults)
        let asked = reader.required("scopes", into: &faults)
        let scopes = asked?.scopes("the list of scopes", into: &faults)
        let plan = reader.optional("plan")?.identifier("the plan", into: &faults)
        let ranges = reader.optional("allowed-addresses").map { addresses($0, into: &faults) }
        let bound = reader.optional("certificates").map { certificates($0, into: &faults) }
        let granted = reader.optional("granted")?.scopes("the list of granted scopes", into: &faults)
        let state = lifecycle(reader, into: &faults)
        let received = reader.optional("received")?.received(into: &faults)
        guard let id, let place, let name, let purpose, let asked, let scopes else { return nil }
        if let granted, !granted.isSubset(of: scopes) {
            faults.add(at: reader.optional("granted")?.position ?? place.position, "scopes are granted that are not asked for")
        }
        let declaration = ApplicationDeclaration(
            id: id, name: name, purpose: purpose, scopes: scopes, plan: plan, allowedAddresses: ranges, certificates: bound,
            state: state.state, resumesIn: state.resumesIn, granted: granted, received: received)
        let positions = ApplicationPositions(
            identifier: place.position, scopes: asked.position, plan: reader.optional("plan")?.position)
        return (declaration, positions)
    }

    private static func lifecycle(
        _ reader: FieldReader, into faults: inout FaultList
    ) -> (state: ApplicationState?, resumesIn: ApplicationState?) {
        func state(_ key: String, into faults: inout FaultList) -> ApplicationState? {
            reader.optional(key)?.choice(
                "state", among: ApplicationState.allCases.map(\.name), into: &faults, ApplicationState.init(name:))
        }
        let (current, next) = (state("state", into: &faults), state("resumes-in", into: &faults))
        if let next, let position = reader.optional("resumes-in")?.position {
            let isMisspelt = current == nil && reader.optional("state") != nil
            if !isMisspelt && current != .suspended && current != .revoked {
                faults.add(at: position, "resumes-in belongs to a suspended or revoked application only")
            } else if [.suspended, .revoked, .rejected].contains(next) {
                faults.add(at: position, "nothing resumes in '\(next.name)'", expected: "the state before")
            }
        }
        return (current, next)
    }

    private static func addresses(_ tree: FileTree, into faults: inout FaultList) -> [AddressRange] {
        let items = tree.items("the list of allowed addresses", limit: Limits.rangesPerApplication, into: &faults) ?? []
        var ranges: [AddressRange] = []
        for item in items {
            guard case .scalar(let text) = item.content, let range = AddressText.range(text) else {
                faults.add(
                    at: item.position, "\(item.sort) is not a block of addresses",
                    expected: "a CIDR block such as 203.0.113.0/24 or 2001:db8::/32, with no bits set beyond its prefix")
                continue
            }
            ranges.append(range)
        }
        return ranges
    }

    private static func certificates(_ tree: FileTree, into faults: inout FaultList) -> [Digest] {
        let items = tree.items("the list of certificates", limit: Limits.certificatesPerApplication, into: &faults) ?? []
        var certificates: [Digest] = []
        for item in items {
            guard case .scalar(let text) = item.content, let digest = CertificateText.digest(text) else {
                faults.add(
                    at: item.position, "\(item.sort) is not a certificate's fingerprint",
                    expected: "its SHA-256: 64 hexadecimal digits, or 32 pairs with colons between")
                continue
            }
            if certificates.contains(digest) { faults.add(at: item.position, "the certificate is given twice") }
            certificates.append(digest)
        }
        return certificates
    }
}
