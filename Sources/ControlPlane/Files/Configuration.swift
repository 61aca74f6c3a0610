import Foundation
package import Registry

/// Every fault of all partner and policy files, sorted; empty where all is well.
package func checkConfiguration(partnersDirectory: String, policiesDirectory: String) -> [ConfigurationFault] {
    var faults = FaultList()
    let (plans, routes) = readPolicyFiles(policiesDirectory, into: &faults)
    let partners = readPartnerFiles(partnersDirectory, into: &faults)
    _ = readLifecycleFile(policiesDirectory, into: &faults)
    CrossCheck.policy(plans, routes, into: &faults)
    CrossCheck.partners(partners, plans: plans, into: &faults)
    return faults.faults.sorted()
}

/// The policy of a folder under its version, whole or not at all.
package func loadPolicy(from directory: String) throws(ConfigurationFaults) -> Policy {
    var faults = FaultList()
    let (plans, routes) = readPolicyFiles(directory, into: &faults)
    CrossCheck.policy(plans, routes, into: &faults)
    guard faults.faults.isEmpty, let plans, let routes, let policy = CanonicalPolicy.assemble(plans, routes) else {
        throw ConfigurationFaults(faults.faults)
    }
    return CanonicalPolicy.sealed(policy)
}

/// The rules of a folder's `lifecycle.yaml`, whole or not at all, with the text that said so; the built-in ones, without a text, where there is
/// no such file.
package func loadLifecycleRules(from directory: String) throws(ConfigurationFaults) -> (rules: LifecycleRules, text: String?) {
    var faults = FaultList()
    let read = readLifecycleFile(directory, into: &faults)
    guard faults.faults.isEmpty, let read else { throw ConfigurationFaults(faults.faults) }
    return read
}

func readLifecycleFile(_ directory: String, into faults: inout FaultList) -> (rules: LifecycleRules, text: String?)? {
    let path = directory + "/lifecycle.yaml"
    guard FileManager.default.fileExists(atPath: path) else { return (.unwritten, nil) }
    guard let text = readText(path, into: &faults), let tree = parseFileTree(text, file: path, into: &faults) else { return nil }
    return LifecycleFile(tree, into: &faults).rules.map { ($0, text) }
}

/// The partners of a folder, or of one file, checked against the policy, whole or not at all.
package func loadPartners(from path: String, under policy: Policy) throws(ConfigurationFaults) -> [PartnerDeclaration] {
    var faults = FaultList()
    let files = readPartnerFiles(path, into: &faults)
    CrossCheck.partners(files, plans: PlansFile(policy), into: &faults)
    guard faults.faults.isEmpty else { throw ConfigurationFaults(faults.faults) }
    return files.map(\.declaration)
}

extension PlansFile {
    /// An accepted policy's plans, as if read from a file.
    init(_ policy: Policy) {
        let place = FilePosition(file: "the policy in force", line: 1, column: 1)
        plans = policy.plans.map { Entry(plan: $0, position: place, allowances: [:]) }
        anonymous = Located(value: policy.anonymousPlan, position: place)
        defaults = policy.defaultPlans.mapValues { Located(value: $0, position: place) }
    }
}

func readPolicyFiles(_ directory: String, into faults: inout FaultList) -> (PlansFile?, RoutesFile?) {
    let expected = ["plans.yaml", "routes.yaml"]
    let known = expected + ["lifecycle.yaml"]
    guard let names = yamlFiles(in: directory, into: &faults) else { return (nil, nil) }
    for name in names where !known.contains(name) {
        let guess = nearest(to: name, among: known).map { " (did you mean '\($0)'?)" } ?? ""
        let place = FilePosition(file: directory + "/" + name, line: 1, column: 1)
        faults.add(at: place, "unknown policy file\(guess)", expected: known.joined(separator: ", "))
    }
    let trees = expected.map { loadFileTree(directory + "/" + $0, into: &faults) }
    return (trees[0].map { PlansFile($0, into: &faults) }, trees[1].map { RoutesFile($0, into: &faults) })
}

func readPartnerFiles(_ path: String, into faults: inout FaultList) -> [PartnerFile] {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    let paths: [String]
    if attributes?[.type] as? FileAttributeType == .typeRegular {
        paths = [path]
    } else {
        paths = (yamlFiles(in: path, into: &faults) ?? []).map { path + "/" + $0 }
    }
    return paths.flatMap { readPartnerFile($0, into: &faults) }
}

/// One file: a partner or a list of partners in YAML, of which JSON is a part, or a table where its name ends in `.csv`.
private func readPartnerFile(_ path: String, into faults: inout FaultList) -> [PartnerFile] {
    readText(path, into: &faults).map { readPartners($0, isTable: path.lowercased().hasSuffix(".csv"), file: path, into: &faults) } ?? []
}

/// The same of a text.
func readPartners(_ text: String, isTable: Bool, file: String, into faults: inout FaultList) -> [PartnerFile] {
    guard !isTable else { return PartnerTable.read(text, file: file, into: &faults) }
    guard let tree = parseFileTree(text, file: file, into: &faults) else { return [] }
    guard case .list(let partners) = tree.content else { return PartnerFile(tree, into: &faults).map { [$0] } ?? [] }
    return partners.compactMap { PartnerFile($0, into: &faults) }
}

/// The YAML files of a folder by name; nil and a fault where it cannot be read.
private func yamlFiles(in directory: String, into faults: inout FaultList) -> [String]? {
    let place = FilePosition(file: directory, line: 1, column: 1)
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: directory) else {
        faults.add(at: place, "the folder cannot be read", expected: "a folder of YAML files")
        return nil
    }
    let files = names.filter { !$0.hasPrefix(".") && ($0.hasSuffix(".yaml") || $0.hasSuffix(".yml")) }.sorted()
    guard files.count <= Limits.folderFiles else {
        faults.add(at: place, "\(files.count) YAML files in one folder", expected: "at most \(Limits.folderFiles)")
        return nil
    }
    return files
}
