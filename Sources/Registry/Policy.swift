/// The rules everyone is judged by: plans and routes, validated whole and swapped whole.
package struct Policy: Hashable, Sendable {
    /// SHA-256 of the canonical policy files, 64 lower-case hex characters.
    package var version: String
    /// All plans, sorted by id.
    package var plans: [Plan]
    /// The plan of callers without a key on public routes, by client address.
    package var anonymousPlan: Identifier
    /// The plan an application gets when none is named, by its partner's kind.
    package var defaultPlans: [PartnerKind: Identifier]
    /// All routes, sorted by id.
    package var routes: [Route]
    /// Minutes ahead of UTC at which the calendar days of daily quotas begin.
    package var dayOffsetMinutes: Int64
    /// Requests a second that the core store is stated to carry, by scope; nobody is refused by it, plans are checked against it.
    package var capacityPerSecond: [Scope: Int64]

    /// A policy from its parts.
    package init(
        version: String, plans: [Plan], anonymousPlan: Identifier, defaultPlans: [PartnerKind: Identifier], routes: [Route],
        dayOffsetMinutes: Int64 = DayClock.indianMinutes, capacityPerSecond: [Scope: Int64] = [:]
    ) {
        self.version = version
        self.plans = plans.sorted { $0.id.text < $1.id.text }
        self.anonymousPlan = anonymousPlan
        self.defaultPlans = defaultPlans
        self.routes = routes.sorted { $0.id.text < $1.id.text }
        self.dayOffsetMinutes = dayOffsetMinutes
        self.capacityPerSecond = capacityPerSecond
    }

    /// The plan of that id, or nil.
    package func plan(_ id: Identifier) -> Plan? { plans.first { $0.id == id } }
}

/// What sort of organisation a partner is.
package enum PartnerKind: UInt8, CaseIterable, Sendable {
    case pharmacy, hospital, app, government

    /// The name in files and on the command line.
    package var name: String {
        switch self {
        case .pharmacy: "pharmacy"
        case .hospital: "hospital"
        case .app: "app"
        case .government: "government"
        }
    }

    /// The kind of that name, or nil.
    package init?(name: String) {
        guard let kind = PartnerKind.allCases.first(where: { $0.name == name }) else { return nil }
        self = kind
    }
}
