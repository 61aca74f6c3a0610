package import Registry

/// A form in which partners are written.
package enum PartnerForm: String, CaseIterable, Sendable {
    case yaml, json, csv

    /// What a request or an answer calls it.
    package var mediaType: String {
        switch self {
        case .yaml: "application/yaml"
        case .json: "application/json"
        case .csv: "text/csv"
        }
    }

    /// By the type of a body; parameters of the type count for nothing. YAML where it is none of the others.
    init(contentType: String) {
        let type = contentType.prefix { $0 != ";" && $0 != " " }.lowercased()
        self = PartnerForm.allCases.first { $0.mediaType == type } ?? .yaml
    }

    /// Partners in this form, as an import reads them.
    package func text(of partners: [PartnerDeclaration]) -> String {
        switch self {
        case .yaml: PartnerDeclaration.yaml(partners)
        case .json: "[" + partners.map(\.json).joined(separator: ",\n") + "]\n"
        case .csv: ([PartnerDeclaration.tableHeadings] + partners.flatMap(\.tableRows)).map(CSVText.line).joined()
        }
    }
}

// What files say that nobody has as files: read as strictly, and told of in the same words.

/// Partners that were sent, checked against the policy, whole or not at all.
package func readPartners(_ text: String, as form: PartnerForm, under policy: Policy) throws(ConfigurationFaults) -> [PartnerDeclaration] {
    var faults = FaultList()
    let files = readPartners(text, isTable: form == .csv, file: "body", into: &faults)
    CrossCheck.partners(files, plans: PlansFile(policy), into: &faults)
    guard faults.faults.isEmpty else { throw ConfigurationFaults(faults.faults) }
    return files.map(\.declaration)
}

/// The policy of two texts under its version, whole or not at all.
package func readPolicy(plans: String, routes: String) throws(ConfigurationFaults) -> Policy {
    var faults = FaultList()
    let plansFile = parseFileTree(plans, file: "plans", into: &faults).map { PlansFile($0, into: &faults) }
    let routesFile = parseFileTree(routes, file: "routes", into: &faults).map { RoutesFile($0, into: &faults) }
    CrossCheck.policy(plansFile, routesFile, into: &faults)
    guard faults.faults.isEmpty, let plansFile, let routesFile, let policy = CanonicalPolicy.assemble(plansFile, routesFile) else {
        throw ConfigurationFaults(faults.faults)
    }
    return CanonicalPolicy.sealed(policy)
}
