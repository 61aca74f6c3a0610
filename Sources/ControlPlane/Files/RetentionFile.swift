import Registry

extension RetentionRule {
    /// The `retention` of lifecycle.yaml, or nil with at least one fault added.
    init?(_ tree: FileTree, into faults: inout FaultList) {
        let keys = ["contacts-days", "evidence-days", "may-erase"]
        guard let reader = FieldReader(tree, of: "retention", keys: keys, into: &faults) else { return nil }
        let before = faults.faults.count
        let contacts = reader.required("contacts-days", into: &faults)?.daysKept("contacts-days", into: &faults)
        let evidence = reader.required("evidence-days", into: &faults)?.daysKept("evidence-days", into: &faults)
        let roles = reader.required("may-erase", into: &faults)?.roles("the list of roles", into: &faults)
        guard faults.faults.count == before, let roles else { return nil }
        self.init(contactsDays: contacts, evidenceDays: evidence, mayErase: roles)
    }
}

extension FileTree {
    /// A number of days, or `never`, which is none.
    fileprivate func daysKept(_ subject: String, into faults: inout FaultList) -> Int64? {
        if case .scalar("never") = content { return nil }
        return integer(subject, in: Limits.retentionDays, into: &faults)
    }
}
