package import Registry

/// An account in a list.
package struct AccountRow: Encodable, Sendable {
    /// What it signs in with.
    package let id: String
    /// What pages call the person.
    package let person: String
    /// Where it stands.
    package let state: String
    /// What it may do.
    package let roles: [String]
    /// What its pages are written in.
    package let language: String
    /// When it was invited.
    package let created: String
    /// By whom.
    package let createdBy: String
    /// When it signed in last.
    package let lastSignIn: String?

    /// The row of an account.
    package init(_ account: Account) {
        id = account.name
        person = account.displayName
        state = account.state.rawValue
        roles = Role.allCases.filter(account.roles.contains).map(\.name)
        language = account.language.rawValue
        created = account.created.text
        createdBy = account.createdBy
        lastSignIn = account.lastSignIn?.text
    }
}

/// A token in a list: never the token itself.
package struct AccessTokenRow: Encodable, Sendable {
    /// Its own id.
    package let id: String
    /// Whose it is.
    package let account: String
    /// What its owner calls it.
    package let name: String
    /// What it may be used for.
    package let scopes: [String]
    /// How it stands now.
    package let state: String
    /// When it was made.
    package let created: String
    /// By whom.
    package let createdBy: String
    /// When it ends by itself.
    package let expires: String
    /// When it was used last.
    package let lastUsed: String?
    /// Who ended it.
    package let revokedBy: String?
    /// Why.
    package let reason: String?

    /// The row of a token as it is now.
    package init(_ token: AccessTokenEntry, at now: WallTime) {
        id = token.id
        account = token.account
        name = token.name
        scopes = token.scopes.names
        state = token.standing(at: now)
        created = token.created.text
        createdBy = token.createdBy
        expires = token.expires.text
        lastUsed = token.lastUsed?.text
        revokedBy = token.revokedBy
        reason = token.revokedReason
    }
}
