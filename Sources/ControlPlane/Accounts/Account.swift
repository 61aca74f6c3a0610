package import Registry

/// A member of the team, without anything that proves it.
package struct Account: Hashable, Sendable {
    /// Where an account stands. Disabled ones are kept: the history names them.
    package enum State: String, CaseIterable, Sendable {
        /// Has not used its invitation yet, and cannot sign in.
        case invited
        /// May sign in.
        case active
        /// May not, until it is enabled again.
        case disabled
    }

    /// What it signs in with, and what the history names: 3 to 40 of a-z, 0-9, dot and hyphen.
    package var name: String
    /// What pages call the person.
    package var displayName: String
    /// What it may do; none at all is possible, and then it may only look at itself.
    package var roles: Set<Role>
    /// Where it stands.
    package var state: State
    /// What its pages are written in.
    package var language: Language
    /// When it was invited.
    package var created: WallTime
    /// By whom.
    package var createdBy: String
    /// When it signed in last; nil where it never did.
    package var lastSignIn: WallTime?

    /// An account from its parts.
    package init(
        name: String, displayName: String, roles: Set<Role>, state: State, language: Language, created: WallTime, createdBy: String,
        lastSignIn: WallTime?
    ) {
        (self.name, self.displayName, self.roles, self.state) = (name, displayName, roles, state)
        (self.language, self.created, self.createdBy, self.lastSignIn) = (language, created, createdBy, lastSignIn)
    }
}

/// What pages are written in.
package enum Language: String, CaseIterable, Sendable {
    /// English as it is spoken in India.
    case english = "en"
    /// Hindi.
    case hindi = "hi"
}

/// The form of what is said of accounts.
enum AccountForm {
    /// An account's name as people type it; spaces around it and capitals are forgiven.
    static func name(_ text: String) throws(RegistryError) -> String {
        let name = try Person.name(text)
        guard isName(name) else {
            throw .outOfForm("'\(name)' is no account's name: it has 3 to 40 of a-z, 0-9, '.' and '-', and begins with a letter")
        }
        guard !reserved.contains(name) else {
            throw .outOfForm("the history calls those without an account '\(name)': choose another name")
        }
        return name
    }

    /// What the history calls whoever failed to sign in under a name that no account has.
    private static let reserved: Set = ["nobody", "unknown"]

    static func isName(_ name: String) -> Bool {
        func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
        guard (3...40).contains(name.utf8.count), let first = name.utf8.first, isLetter(first) else { return false }
        return name.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x2E }
    }

    /// A person's own name, as written.
    static func displayName(_ text: String) throws(RegistryError) -> String {
        do { return try Person.keyName(text) } catch {
            throw .outOfForm("a person's name has 1 to \(Limits.nameCharacters) characters")
        }
    }
}
