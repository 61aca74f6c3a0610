import Registry

/// lifecycle.yaml as read: every part of it must be there, so that a file says the whole of what counts. Of a text that the registry kept from
/// an earlier version, what that did not know yet is as the built-in rules have it.
struct LifecycleFile {
    /// Nil where anything was wrong; the faults say what.
    private(set) var rules: LifecycleRules?

    private static let keys = [
        "moves", "paperwork", "evidence", "clocks", "extra-quota", "break-glass", "expiry", "delegation", "retention", "checks", "reasons",
    ]

    /// The file's content, or nothing with at least one fault added.
    init(_ tree: FileTree, isStored: Bool = false, into faults: inout FaultList) {
        var built: LifecycleRules? = isStored ? .standard : nil
        built?.retention = .unstated
        let before = faults.faults.count
        guard let reader = FieldReader(tree, of: "lifecycle.yaml", keys: LifecycleFile.keys, into: &faults) else { return }
        func part<Value>(_ key: String, _ known: Value?, _ read: (FileTree, inout FaultList) -> Value?) -> Value? {
            if let known, reader.optional(key) == nil { return known }
            return reader.required(key, into: &faults).flatMap { read($0, &faults) }
        }
        let roles = part("moves", built?.roles) { LifecycleFile.moves($0, built, into: &$1) }
        let paperwork = part("paperwork", built?.paperwork) { $0.roles("the list of roles", into: &$1) }
        let evidence = part("evidence", built?.evidence) { LifecycleFile.evidence($0, built, into: &$1) }
        let clocks = part("clocks", built?.clocks) { LifecycleFile.clocks($0, into: &$1) }
        let extraQuota = part("extra-quota", built?.extraQuota) { LifecycleFile.extraQuota($0, into: &$1) }
        let review = part("break-glass", built?.reviewHours) {
            LifecycleFile.number("review-hours", of: "break-glass", in: Limits.reviewHours, $0, into: &$1)
        }
        let expiry = part("expiry", built?.expiry) { LifecycleFile.expiry($0, into: &$1) }
        let delegation = part("delegation", built?.delegationDays) {
            LifecycleFile.number("most-days", of: "delegation", in: Limits.delegationDays, $0, into: &$1)
        }
        let retention = part("retention", built?.retention) { RetentionRule($0, into: &$1) }
        let checks = part("checks", built?.checks) { CheckRules($0, into: &$1) }
        let reasons = part("reasons", built?.reasons) { LifecycleFile.reasons($0, into: &$1) }
        guard faults.faults.count == before, let roles, let paperwork, let evidence, let clocks, let extraQuota, let review, let expiry,
            let delegation, let retention, let checks, let reasons
        else { return }
        rules = LifecycleRules(
            roles: roles, paperwork: paperwork, evidence: evidence, clocks: clocks, extraQuota: extraQuota, reviewHours: review,
            expiry: expiry, delegationDays: delegation, retention: retention, checks: checks, reasons: reasons)
    }

    private static func moves(
        _ tree: FileTree, _ built: LifecycleRules?, into faults: inout FaultList
    ) -> [LifecycleMove: RoleSet] {
        let names = LifecycleMove.allCases.map(\.rawValue)
        guard let reader = FieldReader(tree, of: "moves", keys: names, into: &faults) else { return [:] }
        var roles: [LifecycleMove: RoleSet] = [:]
        for move in LifecycleMove.allCases {
            if let built, reader.optional(move.rawValue) == nil {
                roles[move] = built.roles[move]
                continue
            }
            roles[move] = reader.required(move.rawValue, into: &faults)?.roles("the list of roles", into: &faults)
        }
        return roles
    }

    private static func evidence(
        _ tree: FileTree, _ built: LifecycleRules?, into faults: inout FaultList
    ) -> [PartnerKind: [LifecycleMove: EvidenceSet]] {
        guard let reader = FieldReader(tree, of: "evidence", keys: PartnerKind.allCases.map(\.name), into: &faults) else { return [:] }
        let moves = LifecycleRules.movesOnEvidence
        var evidence: [PartnerKind: [LifecycleMove: EvidenceSet]] = [:]
        for kind in PartnerKind.allCases {
            if let built, reader.optional(kind.name) == nil {
                evidence[kind] = built.evidence[kind]
                continue
            }
            guard let tree = reader.required(kind.name, into: &faults),
                let asked = FieldReader(tree, of: "a kind's evidence", keys: moves.map(\.rawValue), into: &faults)
            else { continue }
            var byMove: [LifecycleMove: EvidenceSet] = [:]
            for move in moves {
                byMove[move] = asked.optional(move.rawValue)?.evidence("the list of evidence", into: &faults)
            }
            evidence[kind] = byMove
        }
        return evidence
    }

    private static func clocks(_ tree: FileTree, into faults: inout FaultList) -> [ApplicationState: StateClock] {
        // What is final, live or revoked waits for nobody.
        let states = ApplicationState.allCases.filter { ![.rejected, .live, .revoked, .withdrawn].contains($0) }
        guard let reader = FieldReader(tree, of: "clocks", keys: states.map(\.name), into: &faults) else { return [:] }
        var clocks: [ApplicationState: StateClock] = [:]
        for state in states {
            guard let tree = reader.optional(state.name),
                let clock = FieldReader(tree, of: "a clock", keys: ["remind", "escalate"], into: &faults)
            else { continue }
            let remind = clock.required("remind", into: &faults)?.integer("remind", in: Limits.clockDays, into: &faults)
            let place = clock.required("escalate", into: &faults)
            guard let remind, let place, let escalate = place.integer("escalate", in: Limits.clockDays, into: &faults) else { continue }
            guard escalate >= remind else {
                faults.add(at: place.position, "escalate \(escalate) is before remind \(remind)", expected: "at least \(remind)")
                continue
            }
            clocks[state] = StateClock(reminderDays: remind, escalationDays: escalate)
        }
        return clocks
    }

    private static func extraQuota(_ tree: FileTree, into faults: inout FaultList) -> ExtraQuotaRule? {
        let keys = ["roles", "most-percent", "most-days", "most-days-in-30"]
        guard let reader = FieldReader(tree, of: "extra-quota", keys: keys, into: &faults) else { return nil }
        let roles = reader.required("roles", into: &faults)?.roles("the list of roles", into: &faults)
        let percent = reader.required("most-percent", into: &faults)?.integer("most-percent", in: Limits.extraPercent, into: &faults)
        let days = reader.required("most-days", into: &faults)?.integer("most-days", in: Limits.extraQuotaDays, into: &faults)
        // Older files do not say it.
        let inThirty =
            if let place = reader.optional("most-days-in-30") {
                place.integer("most-days-in-30", in: Limits.extraQuotaDaysInThirty, into: &faults)
            } else { LifecycleRules.standard.extraQuota.mostDaysInThirty }
        guard let roles, let percent, let days, let inThirty else { return nil }
        return ExtraQuotaRule(roles: roles, mostPercent: percent, mostDays: days, mostDaysInThirty: inThirty)
    }

    private static func expiry(_ tree: FileTree, into faults: inout FaultList) -> ExpiryRule? {
        guard let reader = FieldReader(tree, of: "expiry", keys: ["warn-days", "suspends"], into: &faults) else { return nil }
        let place = reader.required("warn-days", into: &faults)
        let items = place?.items("the list of days", limit: Limits.expiryWarnings, into: &faults)
        let days = items?.compactMap { $0.integer("a number of days", in: Limits.clockDays, into: &faults) }
        let suspends = reader.required("suspends", into: &faults)?.evidence("the list of evidence", into: &faults)
        guard let place, let days, let suspends else { return nil }
        if zip(days, days.dropFirst()).contains(where: { $0 <= $1 }) {
            faults.add(at: place.position, "the days of warning do not fall", expected: "the most first, such as [30, 7, 1]")
        }
        return ExpiryRule(warningDays: days, suspends: suspends)
    }

    /// A mapping of one number.
    private static func number(
        _ key: String, of subject: String, in range: ClosedRange<Int64>, _ tree: FileTree, into faults: inout FaultList
    ) -> Int64? {
        guard let inner = FieldReader(tree, of: subject, keys: [key], into: &faults) else { return nil }
        return inner.required(key, into: &faults)?.integer(key, in: range, into: &faults)
    }

    private static func reasons(_ tree: FileTree, into faults: inout FaultList) -> [String: [CannedReason]] {
        var reasons: [String: [CannedReason]] = [:]
        for entry in tree.namedEntries("reasons", into: &faults) ?? [] {
            guard (2...Limits.languageBytes).contains(entry.key.utf8.count),
                entry.key.utf8.allSatisfy({ (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0) || $0 == 0x2D })
            else {
                faults.add(at: entry.position, "'\(entry.key)' is no language", expected: "a language tag such as en, hi or pt-BR")
                continue
            }
            reasons[entry.key] = sentences(entry.value, into: &faults)
        }
        return reasons
    }

    private static func sentences(_ tree: FileTree, into faults: inout FaultList) -> [CannedReason] {
        var found: [CannedReason] = []
        for item in tree.items("the list of reasons", limit: Limits.cannedReasons, into: &faults) ?? [] {
            guard let reader = FieldReader(item, of: "a reason", keys: ["id", "text"], into: &faults) else { continue }
            let id = reader.required("id", into: &faults)?.identifier("the reason's id", into: &faults)
            let text = reader.required("text", into: &faults)?.text("the reason", limit: Limits.reasonCharacters, into: &faults)
            guard let id, let text else { continue }
            if found.contains(where: { $0.id == id }) {
                faults.add(at: item.position, "the reason '\(id.text)' is given twice in one language")
            }
            found.append(CannedReason(id: id, text: text))
        }
        return found
    }
}
