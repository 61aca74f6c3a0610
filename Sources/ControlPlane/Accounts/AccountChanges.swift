import GRDB
package import Registry

/// Who is to be invited.
package struct Invitation: Sendable {
    let name: String
    let displayName: String
    let roles: Set<Role>
    let language: Language

    /// In form, or a sentence that says what is not. Without a name of its own the person is called as the account.
    package init(name: String, displayName: String = "", roles: Set<Role>, language: Language = .english) throws(RegistryError) {
        self.name = try AccountForm.name(name)
        self.displayName = try AccountForm.displayName(displayName.isEmpty ? self.name : displayName)
        self.roles = roles
        self.language = language
    }
}

extension RegistryStore {
    /// Makes an account and a link by which its owner sets a password; the link's secret is returned once and kept nowhere.
    package func invite(
        _ invitation: Invitation, by actor: Actor, random: RandomBytes = systemRandomBytes, at now: WallTime
    ) throws(RegistryError) -> SecretToken {
        let token = SecretToken(random: random(32))
        try write(deciding: "invite", of: invitation.name, by: actor, at: now) {
            try RegistryStore.invite(invitation, token: token, by: actor, at: now, $0)
        }
        return token
    }

    /// Writes what is decided of an account. Whoever comes through the console or the API must be an admin at this very moment; the machine's
    /// owner needs no account. What is refused is on record.
    private func write<Value>(
        deciding what: String, of name: String, by actor: Actor, reason: String = "", at now: WallTime, _ body: (Database) throws -> Value
    ) throws(RegistryError) -> Value {
        let attempt = AuditAttempt(
            AuditAction(stringLiteral: "account." + what), of: AuditSubject("account", name), by: actor, reason: reason, at: now)
        return try write(asked: attempt, as: .unpublishedDecision) { database in
            switch actor.origin {
            case .console, .api: try demand(RoleSet([.admin]), of: actor, to: "change accounts", at: now, database)
            case .commandLine, .gateway: break
            }
            return try body(database)
        }
    }

    static func invite(
        _ invitation: Invitation, token: SecretToken, by actor: Actor, at now: WallTime, _ database: Database
    ) throws {
        let name = invitation.name
        guard try account(name, database) == nil else {
            throw RegistryError.outOfForm("there is an account '\(name)' already: 'recover' makes it another link")
        }
        try database.execute(
            sql: "INSERT INTO account (name, display_name, state, language, created, created_by) VALUES (?, ?, 'invited', ?, ?, ?)",
            arguments: [name, invitation.displayName, invitation.language.rawValue, now.nanoseconds, actor.name])
        try setRoles(invitation.roles, of: name, database)
        try putLink(token, of: name, seconds: Limits.invitationSeconds, at: now, database)
        try record(AccountEvent(what: "invite", account: name, after: text(invitation.roles)), by: actor, at: now, database)
    }

    /// Makes another link for an account: its owner sets a new password and a new code secret by it. Until then the old ones hold.
    package func recover(
        _ name: String, by actor: Actor, random: RandomBytes = systemRandomBytes, at now: WallTime
    ) throws(RegistryError) -> SecretToken {
        let name = try AccountForm.name(name)
        let token = SecretToken(random: random(32))
        try write(deciding: "recover", of: name, by: actor, at: now) { database in
            let account = try RegistryStore.existingAccount(name, database)
            guard account.state != .disabled else {
                throw RegistryError.outOfForm("the account '\(name)' is disabled: enable it first")
            }
            let seconds = account.state == .invited ? Limits.invitationSeconds : Limits.recoverySeconds
            try RegistryStore.putLink(token, of: name, seconds: seconds, at: now, database)
            try RegistryStore.record(AccountEvent(what: "recover", account: name), by: actor, at: now, database)
        }
        return token
    }

    /// Gives an account exactly these roles.
    package func setRoles(_ roles: Set<Role>, of name: String, by actor: Actor, at now: WallTime) throws(RegistryError) -> Account {
        let name = try AccountForm.name(name)
        return try write(deciding: "set-roles", of: name, by: actor, at: now) { database in
            let before = try RegistryStore.existingAccount(name, database)
            guard before.roles != roles else { throw RegistryError.outOfForm("the account '\(name)' has exactly these roles already") }
            if !roles.contains(.admin) { try RegistryStore.leaveAnAdmin(beside: before, database) }
            try RegistryStore.setRoles(roles, of: name, database)
            try RegistryStore.record(
                AccountEvent(
                    what: "set-roles", account: name, before: RegistryStore.text(before.roles), after: RegistryStore.text(roles)),
                by: actor, at: now, database)
            return try RegistryStore.existingAccount(name, database)
        }
    }

    /// Keeps an account from signing in, and ends its sessions at once; its links and tokens too.
    package func disable(_ name: String, reason: String, by actor: Actor, at now: WallTime) throws(RegistryError) -> Account {
        let (name, reason) = (try AccountForm.name(name), try Person.reason(reason))
        return try write(deciding: "disable", of: name, by: actor, reason: reason, at: now) { database in
            let before = try RegistryStore.existingAccount(name, database)
            guard before.state != .disabled else { throw RegistryError.outOfForm("the account '\(name)' is disabled already") }
            try RegistryStore.leaveAnAdmin(beside: before, database)
            try database.execute(sql: "UPDATE account SET state = 'disabled' WHERE name = ?", arguments: [name])
            try database.execute(sql: "DELETE FROM account_link WHERE account = ?", arguments: [name])
            try RegistryStore.revokeTokens(of: name, by: actor, reason: "the account was disabled", at: now, database)
            return try RegistryStore.recordState(of: before, what: "disable", reason: reason, by: actor, at: now, database)
        }
    }

    /// Lets a disabled account sign in again, as it was; one that never used its invitation needs another link.
    package func enable(_ name: String, reason: String, by actor: Actor, at now: WallTime) throws(RegistryError) -> Account {
        let (name, reason) = (try AccountForm.name(name), try Person.reason(reason))
        return try write(deciding: "enable", of: name, by: actor, reason: reason, at: now) { database in
            let before = try RegistryStore.existingAccount(name, database)
            guard before.state == .disabled else { throw RegistryError.outOfForm("the account '\(name)' is not disabled") }
            try database.execute(
                sql: "UPDATE account SET state = iif(password IS NULL, 'invited', 'active') WHERE name = ?", arguments: [name])
            return try RegistryStore.recordState(of: before, what: "enable", reason: reason, by: actor, at: now, database)
        }
    }

    /// What the account's pages are written in: nobody's decision but its owner's, and no part of the history.
    package func setLanguage(_ language: Language, of name: String) throws(RegistryError) {
        try write(.note) { database in
            try database.execute(sql: "UPDATE account SET language = ? WHERE name = ?", arguments: [language.rawValue, name])
        }
    }

    private static func recordState(
        of before: Account, what: String, reason: String, by actor: Actor, at now: WallTime, _ database: Database
    ) throws -> Account {
        let after = try existingAccount(before.name, database)
        try record(
            AccountEvent(
                what: what, account: before.name, before: before.state.rawValue, after: after.state.rawValue, reason: reason),
            by: actor, at: now, database)
        return after
    }

    /// Refuses what would leave nobody who can invite and disable.
    private static func leaveAnAdmin(beside account: Account, _ database: Database) throws {
        guard account.state == .active, account.roles.contains(.admin) else { return }
        let sql = """
            SELECT EXISTS (SELECT 1 FROM account JOIN account_role ON account_role.account = account.name
            WHERE role = ? AND state = 'active' AND name <> ?)
            """
        guard try Bool.fetchOne(database, sql: sql, arguments: [Role.admin.name, account.name]) == true else {
            throw RegistryError.outOfForm("'\(account.name)' is the only active admin: let another become one first")
        }
    }

    private static func setRoles(_ roles: Set<Role>, of name: String, _ database: Database) throws {
        try database.execute(sql: "DELETE FROM account_role WHERE account = ?", arguments: [name])
        for role in roles {
            try database.execute(sql: "INSERT INTO account_role VALUES (?, ?)", arguments: [name, role.name])
        }
    }

    /// One link an account: a newer one takes the place of the one before.
    private static func putLink(_ token: SecretToken, of name: String, seconds: Int64, at now: WallTime, _ database: Database) throws {
        try database.execute(sql: "DELETE FROM account_link WHERE account = ?", arguments: [name])
        try database.execute(
            sql: "INSERT INTO account_link (digest, account, created, expires) VALUES (?, ?, ?, ?)",
            arguments: [token.digest, name, now.nanoseconds, now.nanoseconds + seconds * 1_000_000_000])
    }

    static func text(_ roles: Set<Role>) -> String { Role.allCases.filter(roles.contains).map(\.name).joined(separator: ",") }
}
