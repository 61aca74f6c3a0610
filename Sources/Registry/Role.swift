/// What a member of the staff may be asked to do; which moves that means is data (`LifecycleRules`).
package enum Role: UInt8, CaseIterable, Sendable {
    case reviewer, approver, ops, admin, auditor

    /// The name in files, on pages and on the command line.
    package var name: String {
        switch self {
        case .reviewer: "reviewer"
        case .approver: "approver"
        case .ops: "ops"
        case .admin: "admin"
        case .auditor: "auditor"
        }
    }

    /// The role of that name, or nil.
    package init?(name: String) {
        guard let role = Role.allCases.first(where: { $0.name == name }) else { return nil }
        self = role
    }
}

/// A set of roles, one bit each.
package struct RoleSet: OptionSet, Hashable, Sendable {
    /// Bit n is the role whose raw value is n.
    package var rawValue: UInt8

    /// A set from its bits.
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A set from a list of roles.
    package init(_ roles: [Role]) {
        rawValue = roles.reduce(0) { $0 | (1 << $1.rawValue) }
    }

    /// Whether the role is in the set.
    package func contains(_ role: Role) -> Bool { rawValue & (1 << role.rawValue) != 0 }

    /// The roles in their fixed order.
    package var roles: [Role] { Role.allCases.filter { contains($0) } }
}
