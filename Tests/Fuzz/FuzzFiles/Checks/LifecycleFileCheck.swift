import Registry

@testable import ControlPlane

/// What must hold for any text of a lifecycle file.
enum LifecycleFileCheck {
    /// Either all rules are there or there is a fault with its place; and the registry reads what it was given as it was meant.
    static func rules(_ text: String) {
        var faults = FaultList()
        let tree = parseFileTree(text, file: "input", into: &faults)
        let rules = tree.flatMap { LifecycleFile($0, into: &faults).rules }
        FaultCheck.places(of: faults.faults, in: text, mustHaveOne: rules == nil)
        guard faults.faults.isEmpty, let tree, let rules else { return }
        let kept = LifecycleFile(tree, isStored: true, into: &faults).rules
        hold(faults.faults.isEmpty && kept == rules, "the registry reads other rules than it was given")
    }
}
