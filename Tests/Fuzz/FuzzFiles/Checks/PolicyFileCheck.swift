import Registry

@testable import ControlPlane

/// What must hold for any text of a partner or policy file.
enum PolicyFileCheck {
    /// A partner file is read or has a fault; what is read without one is read again from what an export writes.
    static func partner(_ text: String) {
        var faults = FaultList()
        let file = tree(text, into: &faults).flatMap { PartnerFile($0, into: &faults) }
        FaultCheck.places(of: faults.faults, in: text, mustHaveOne: file == nil)
        guard let file, faults.faults.isEmpty else { return }
        for written in [file.declaration.yaml, file.declaration.json] {
            let again = tree(written, into: &faults).flatMap { PartnerFile($0, into: &faults) }
            hold(faults.faults.isEmpty && again?.declaration == file.declaration, "what is exported imports as it was:\n\(written)")
        }
    }

    /// plans.yaml, beside routes that are in order.
    static func plans(_ text: String) {
        var faults = FaultList()
        let plans = tree(text, into: &faults).map { PlansFile($0, into: &faults) }
        let isRead = plans != nil
        policy(plans, goodRoutes, text, &faults, isRead)
    }

    /// routes.yaml, beside plans that are in order.
    static func routes(_ text: String) {
        var faults = FaultList()
        let routes = tree(text, into: &faults).map { RoutesFile($0, into: &faults) }
        let isRead = routes != nil
        policy(goodPlans, routes, text, &faults, isRead)
    }

    /// A policy without a fault is the same in its canonical form, and a data plane reads it from a snapshot file.
    private static func policy(_ plans: PlansFile?, _ routes: RoutesFile?, _ text: String, _ faults: inout FaultList, _ isRead: Bool) {
        CrossCheck.policy(plans, routes, into: &faults)
        FaultCheck.places(of: faults.faults, in: text, mustHaveOne: !isRead)
        guard faults.faults.isEmpty, let plans, let routes else { return }
        guard let assembled = CanonicalPolicy.assemble(plans, routes) else { fatalError("no fault and no policy") }
        let policy = CanonicalPolicy.sealed(assembled)
        let again = CanonicalPolicy.policy(plans: CanonicalPolicy.plans(policy), routes: CanonicalPolicy.routes(policy))
        hold(again == policy, "the canonical form reads as another policy")
        guard let snapshot = try? Snapshot(revision: 1, policy: policy, applications: [], credentials: []) else {
            fatalError("the check lets a policy pass that no snapshot can hold")
        }
        let read = try? SnapshotFile.decode(SnapshotFile.encode(snapshot))
        hold(read?.policy == policy, "the check lets a policy pass that a data plane refuses")
    }

    private static func tree(_ text: String, into faults: inout FaultList) -> FileTree? {
        parseFileTree(text, file: "input", into: &faults)
    }

    private static var goodPlans: PlansFile {
        let buckets = Scope.allCases.map { "      \($0.name): { tokens: 100, per: 300 s, burst: 1000000 }\n" }.joined()
        let kinds = PartnerKind.allCases.map { "  \($0.name): plan\n" }.joined()
        let text = "anonymous: plan\ndefaults:\n\(kinds)plans:\n  - id: plan\n    buckets:\n\(buckets)"
        var faults = FaultList()
        let file = tree(text, into: &faults).map { PlansFile($0, into: &faults) }
        guard let file, faults.faults.isEmpty else { fatalError("\(faults.faults)") }
        return file
    }

    private static var goodRoutes: RoutesFile {
        let text = """
            routes:
              - id: find
                method: GET
                path: /api/v2/find
                scope: search
                cost: 1
                identities: application
                maximum-body: 0 B
                timeouts: { first-byte: 5 s, request: 15 s }
            """
        var faults = FaultList()
        let file = tree(text, into: &faults).map { RoutesFile($0, into: &faults) }
        guard let file, faults.faults.isEmpty else { fatalError("\(faults.faults)") }
        return file
    }
}

/// Every fault says where it is, in the text, and what is wrong there.
enum FaultCheck {
    static func places(of faults: [ConfigurationFault], in text: String, mustHaveOne: Bool) {
        hold(!mustHaveOne || !faults.isEmpty, "nothing is read and nothing is said")
        // What YAML takes for a line's end, and places behind the last one.
        let breaks = text.unicodeScalars.count { ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"].contains($0) }
        let scalars = text.unicodeScalars.count
        for fault in faults {
            hold(fault.line >= 1 && fault.line <= breaks + 2, "a fault on line \(fault.line) of \(breaks + 1)")
            hold(fault.column >= 1 && fault.column <= scalars + 2, "a fault in column \(fault.column)")
            hold(!fault.problem.isEmpty && !fault.file.isEmpty, "a fault says what is wrong and in which file")
        }
    }
}
