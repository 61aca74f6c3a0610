/// What an application may be granted: a family of routes with one bucket of its own.
package enum Scope: UInt8, CaseIterable, Sendable {
    case metadata, search, identity, beneficiary, booking, documents, vaccinator

    /// The name in policies, RateLimit fields and pages.
    package var name: String {
        switch self {
        case .metadata: "metadata"
        case .search: "search"
        case .identity: "identity"
        case .beneficiary: "beneficiary"
        case .booking: "booking"
        case .documents: "documents"
        case .vaccinator: "vaccinator"
        }
    }

    /// The scope of that name, or nil.
    package init?(name: String) {
        guard let scope = Scope.allCases.first(where: { $0.name == name }) else { return nil }
        self = scope
    }
}

/// A set of scopes, one bit each.
package struct ScopeSet: OptionSet, Hashable, Sendable {
    /// Bit n is the scope whose raw value is n.
    package var rawValue: UInt8

    /// A set from its bits.
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A set from a list of scopes.
    package init(_ scopes: [Scope]) {
        rawValue = scopes.reduce(0) { $0 | (1 << $1.rawValue) }
    }

    /// Whether the scope is in the set.
    package func contains(_ scope: Scope) -> Bool { rawValue & (1 << scope.rawValue) != 0 }

    /// The scopes in their fixed order.
    package var scopes: [Scope] { Scope.allCases.filter { contains($0) } }
}

/// Which core store a key reaches.
package enum Environment: UInt8, CaseIterable, Sendable {
    case sandbox, production

    /// The name in keys, fields and the command line.
    package var name: String { self == .sandbox ? "sandbox" : "production" }

    /// The environment of that name, or nil.
    package init?(name: String) {
        switch name {
        case "sandbox": self = .sandbox
        case "production": self = .production
        default: return nil
        }
    }
}
