import Foundation
import GRDB
import Registry

extension RegistryStore {
    /// All accounts by name.
    package func allAccounts() throws(RegistryError) -> [Account] {
        try read { database in
            let roles = try Row.fetchAll(database, sql: "SELECT account, role FROM account_role")
            let byAccount = Dictionary(grouping: roles) { $0["account"] as String }
            return try Row.fetchAll(database, sql: "SELECT * FROM account ORDER BY name").map {
                try RegistryStore.account($0, roles: (byAccount[$0["name"]] ?? []).map { $0["role"] })
            }
        }
    }

    /// One account.
    package func account(_ name: String) throws(RegistryError) -> Account {
        let name = try AccountForm.name(name)
        return try read { database in try RegistryStore.existingAccount(name, database) }
    }

    /// Whether anybody can sign in: from then on, who says `--by` must be one of them.
    package func hasActiveAccount() throws(RegistryError) -> Bool {
        try read { try RegistryStore.hasActiveAccount($0) }
    }

    static func hasActiveAccount(_ database: Database) throws -> Bool {
        try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM account WHERE state = 'active')") ?? false
    }

    static func existingAccount(_ name: String, _ database: Database) throws -> Account {
        guard let account = try account(name, database) else { throw RegistryError.unknown("account", name) }
        return account
    }

    static func account(_ name: String, _ database: Database) throws -> Account? {
        guard let row = try Row.fetchOne(database, sql: "SELECT * FROM account WHERE name = ?", arguments: [name]) else { return nil }
        let roles = try String.fetchAll(database, sql: "SELECT role FROM account_role WHERE account = ?", arguments: [name])
        return try account(row, roles: roles)
    }

    private static func account(_ row: Row, roles: [String]) throws -> Account {
        guard let state = Account.State(rawValue: row["state"]), let language = Language(rawValue: row["language"]) else {
            throw RegistryRows.damaged("account")
        }
        let lastSignIn: Int64? = row["last_sign_in"]
        return Account(
            name: row["name"], displayName: row["display_name"], roles: Set(roles.compactMap(Role.init(name:))), state: state,
            language: language, created: WallTime(nanoseconds: row["created"]), createdBy: row["created_by"],
            lastSignIn: lastSignIn.map(WallTime.init(nanoseconds:)))
    }

    /// What an account is recognised by.
    struct Credentials: Sendable {
        var account: Account
        /// nil until the invitation is used.
        var password: PasswordHash?
        /// Sealed.
        var secret: Data?
        /// The step whose code was used last.
        var codeStep: Int64
        /// Whether it has signed in from the address that was asked about.
        var isKnownThere: Bool
    }

    /// An account's credentials, for somebody at an address; nil where there is no such account.
    static func credentials(_ name: String, at address: String, now: WallTime, _ database: Database) throws -> Credentials? {
        guard let account = try account(name, database),
            let row = try Row.fetchOne(
                database, sql: "SELECT password, secret, code_step FROM account WHERE name = ?", arguments: [name])
        else { return nil }
        let oldest = now.nanoseconds - Limits.addressSeconds * 1_000_000_000
        let isKnown = try Bool.fetchOne(
            database, sql: "SELECT EXISTS (SELECT 1 FROM account_address WHERE account = ? AND address = ? AND seen > ?)",
            arguments: [name, SignInThrottle.household(address), oldest])
        let password: String? = row["password"]
        return Credentials(
            account: account, password: password.flatMap(PasswordHash.init), secret: row["secret"], codeStep: row["code_step"],
            isKnownThere: isKnown ?? false)
    }

    /// Remembers that the account signed in from there.
    static func rememberAddress(_ address: String, of name: String, at now: WallTime, _ database: Database) throws {
        try database.execute(
            sql: "INSERT INTO account_address VALUES (?, ?, ?) ON CONFLICT (account, address) DO UPDATE SET seen = excluded.seen",
            arguments: [name, SignInThrottle.household(address), now.nanoseconds])
        try database.execute(
            sql: """
                DELETE FROM account_address WHERE account = ?1 AND address NOT IN
                (SELECT address FROM account_address WHERE account = ?1 ORDER BY seen DESC LIMIT ?2)
                """,
            arguments: [name, Limits.addressesPerAccount])
    }
}
