package import Registry

/// How a personal access token is spelt: `pgw_pat_`, then randomness and checksum as in an application's key (`KeyForm`).
package enum AccessTokenForm {
    /// What each begins with: scanners find it by that.
    package static let prefix = "pgw_pat_"

    /// A new token from a source of randomness, which must be a cryptographic one outside tests.
    package static func make(using generator: inout some RandomNumberGenerator) -> String {
        KeyForm.make(after: Array(prefix.utf8), using: &generator)
    }

    /// What a shown text's spelling says.
    package static func read(_ text: String) -> KeyForm.Reading {
        let bytes = Array(text.utf8)
        guard bytes.starts(with: prefix.utf8) else { return bytes.starts(with: "pgw_".utf8) ? .mistyped : .foreign }
        // Which environment it is of means nothing here: a token has none.
        return KeyForm.hasTrueChecksum(bytes.span, after: prefix.utf8.count) ? .wellFormed(.production) : .mistyped
    }
}

/// What a token may be used for; its account's roles have the last word.
package enum TokenScope: UInt8, CaseIterable, Sendable {
    case read, onboard, keys, policies, accounts, audit

    /// The name on the wire and on the command line.
    package var name: String {
        switch self {
        case .read: "read"
        case .onboard: "onboard"
        case .keys: "keys"
        case .policies: "policies"
        case .accounts: "accounts"
        case .audit: "audit"
        }
    }

    /// The scope of that name, or nil.
    package init?(name: String) {
        guard let scope = TokenScope.allCases.first(where: { $0.name == name }) else { return nil }
        self = scope
    }
}

/// A set of scopes, one bit each.
package struct TokenScopes: OptionSet, Hashable, Sendable {
    /// Bit n is the scope whose raw value is n.
    package var rawValue: UInt8

    /// A set from its bits.
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A set from a list.
    package init(_ scopes: [TokenScope]) { rawValue = scopes.reduce(0) { $0 | (1 << $1.rawValue) } }

    /// Whether a scope is among them.
    package func contains(_ scope: TokenScope) -> Bool { rawValue & (1 << scope.rawValue) != 0 }

    /// The scopes in their fixed order.
    package var scopes: [TokenScope] { TokenScope.allCases.filter { contains($0) } }

    /// Their names.
    package var names: [String] { scopes.map(\.name) }
}
