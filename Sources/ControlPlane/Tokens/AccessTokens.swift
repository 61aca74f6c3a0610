import Crypto
import Decisions
import Foundation
import GRDB
package import Registry

/// A personal access token as the registry holds it: never the token itself.
package struct AccessTokenEntry: Hashable, Sendable {
    /// Its own id, which the history names.
    package var id: String
    /// Whose it is: it never may do more than this account may at that moment.
    package var account: String
    /// What its owner calls it.
    package var name: String
    /// What it may be used for.
    package var scopes: TokenScopes
    /// When it was made.
    package var created: WallTime
    /// By whom.
    package var createdBy: String
    /// When it ends by itself.
    package var expires: WallTime
    /// When it was used last, to the minute; nil where it never was.
    package var lastUsed: WallTime?
    /// When it was revoked; nil where it was not.
    package var revoked: WallTime?
    /// By whom.
    package var revokedBy: String?
    /// Why.
    package var revokedReason: String?

    /// How it stands, in a word.
    package func standing(at now: WallTime) -> String {
        if revoked != nil { return "revoked" }
        return expires <= now ? "expired" : "active"
    }
}

/// A token to be made.
package struct TokenWish: Sendable {
    /// What its owner calls it.
    package var name: String
    /// What it may be used for: at least one.
    package var scopes: TokenScopes
    /// When it ends.
    package var expires: WallTime

    /// A wish from its parts.
    package init(name: String, scopes: TokenScopes, expires: WallTime) { (self.name, self.scopes, self.expires) = (name, scopes, expires) }
}

/// A token just made: the only time its text exists outside its owner's hands.
package struct IssuedToken: Sendable {
    /// What the registry keeps.
    package var entry: AccessTokenEntry
    /// The token itself: hand it over, keep it nowhere.
    package var token: String
}

extension RegistryStore {
    /// Makes a token for an account: by its owner, or by the machine's. Its text is returned here once and kept nowhere.
    package func createToken(_ wish: TokenWish, of account: String, by actor: Actor, at now: WallTime) throws(RegistryError) -> IssuedToken
    {
        let attempt = AuditAttempt(.createToken, of: AuditSubject("account", account), by: actor, at: now)
        return try write(asked: attempt, as: .unpublishedDecision) { database in
            let (actor, name) = (try Person.actor(actor), try RegistryStore.tokenName(wish.name))
            let owner = try RegistryStore.existingAccount(AccountForm.name(account), database)
            guard actor.origin == .commandLine || actor.name == owner.name else {
                throw RegistryError.outOfForm("a token of '\(owner.name)' is made by '\(owner.name)', or on the machine")
            }
            guard owner.state == .active else {
                throw RegistryError.outOfForm("the account '\(owner.name)' is \(owner.state.rawValue): only an active one has tokens")
            }
            guard !wish.scopes.isEmpty else { throw RegistryError.outOfForm("a token has at least one scope") }
            let longest = now.nanoseconds + Limits.tokenDaysAtMost * 86_400_000_000_000
            guard wish.expires > now, wish.expires.nanoseconds <= longest else {
                throw RegistryError.outOfForm("a token ends in time to come, within \(Limits.tokenDaysAtMost) days")
            }
            let sql = "SELECT count(*) FROM access_token WHERE account = ? AND revoked IS NULL AND expires > ?"
            let living = try Int.fetchOne(database, sql: sql, arguments: [owner.name, now.nanoseconds]) ?? 0
            guard living < Limits.tokensPerAccount else {
                throw RegistryError.outOfForm("'\(owner.name)' has \(living) tokens, the most there may be: revoke one first")
            }
            return try RegistryStore.insertToken(
                TokenWish(name: name, scopes: wish.scopes, expires: wish.expires), of: owner.name, by: actor, at: now, database)
        }
    }

    /// All tokens by the time of their making, the newest first, or those of one account.
    package func tokens(of account: String? = nil) throws(RegistryError) -> [AccessTokenEntry] {
        let account = try account.map { text throws(RegistryError) in try AccountForm.name(text) }
        return try read { database in
            if let account { _ = try RegistryStore.existingAccount(account, database) }
            return try Row.fetchAll(
                database, sql: "SELECT * FROM access_token WHERE account = ?1 OR ?1 IS NULL ORDER BY created DESC, id", arguments: [account]
            ).map(RegistryStore.token)
        }
    }

    /// Ends a token for good, at once: one's own; an admin anybody's.
    package func revokeToken(_ id: String, by actor: Actor, reason: String, at now: WallTime) throws(RegistryError) -> AccessTokenEntry {
        let attempt = AuditAttempt(.revokeToken, of: .token(id), by: actor, reason: reason, at: now)
        return try write(asked: attempt, as: .unpublishedDecision) { database in
            let (actor, reason) = (try Person.actor(actor), try Person.reason(reason))
            guard let row = try Row.fetchOne(database, sql: "SELECT * FROM access_token WHERE id = ?", arguments: [id]) else {
                throw RegistryError.unknown("token", id)
            }
            let token = RegistryStore.token(row)
            if actor.origin != .commandLine, actor.name != token.account {
                try self.demand(RoleSet([.admin]), of: actor, to: "revoke somebody else's token", at: now, database)
            }
            guard token.revoked == nil else { throw RegistryError.outOfForm("token \(id) is revoked already") }
            try RegistryStore.revoke(token, by: actor, reason: reason, at: now, database)
            var after = token
            (after.revoked, after.revokedBy, after.revokedReason) = (now, actor.name, reason)
            return after
        }
    }

    /// Ends all that an account has.
    static func revokeTokens(of account: String, by actor: Actor, reason: String, at now: WallTime, _ database: Database) throws {
        let rows = try Row.fetchAll(
            database, sql: "SELECT * FROM access_token WHERE account = ? AND revoked IS NULL AND expires > ?",
            arguments: [account, now.nanoseconds])
        for row in rows { try revoke(token(row), by: actor, reason: reason, at: now, database) }
    }

    private static func revoke(_ token: AccessTokenEntry, by actor: Actor, reason: String, at now: WallTime, _ database: Database) throws {
        try database.execute(
            sql: "UPDATE access_token SET revoked = ?, revoked_by = ?, revoked_reason = ? WHERE id = ?",
            arguments: [now.nanoseconds, actor.name, reason, token.id])
        let event = AuditEvent(.revokeToken, of: .token(token.id), before: AuditFacts(token), reason: reason)
        try audit(event, by: actor, at: now, database)
    }

    private static func insertToken(
        _ wish: TokenWish, of account: String, by actor: Actor, at now: WallTime, _ database: Database
    ) throws -> IssuedToken {
        var generator = SystemRandomNumberGenerator()
        let text = AccessTokenForm.make(using: &generator)
        let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")
        let id = "tok-" + String((0..<12).map { _ in alphabet[Int.random(in: 0..<32, using: &generator)] })
        try database.execute(
            sql: """
                INSERT INTO access_token (id, digest, account, name, scopes, created, created_by, expires) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                id, tokenDigest(text), account, wish.name, Int64(wish.scopes.rawValue), now.nanoseconds, actor.name,
                wish.expires.nanoseconds,
            ])
        let entry = AccessTokenEntry(
            id: id, account: account, name: wish.name, scopes: wish.scopes, created: now, createdBy: actor.name, expires: wish.expires)
        try audit(AuditEvent(.createToken, of: .token(id), after: AuditFacts(entry)), by: actor, at: now, database)
        return IssuedToken(entry: entry, token: text)
    }

    /// What is kept of a token.
    static func tokenDigest(_ text: String) -> Data { Data(SHA256.hash(data: Data(text.utf8))) }

    private static func tokenName(_ text: String) throws(RegistryError) -> String {
        do { return try Person.keyName(text) } catch { throw .outOfForm("a token's name has 1 to \(Limits.nameCharacters) characters") }
    }

    static func token(_ row: Row) -> AccessTokenEntry {
        AccessTokenEntry(
            id: row["id"], account: row["account"], name: row["name"],
            scopes: TokenScopes(rawValue: UInt8(truncatingIfNeeded: row["scopes"] as Int64)),
            created: WallTime(nanoseconds: row["created"]),
            createdBy: row["created_by"], expires: WallTime(nanoseconds: row["expires"]), lastUsed: row.time("used"),
            revoked: row.time("revoked"), revokedBy: row["revoked_by"], revokedReason: row["revoked_reason"])
    }
}

extension AuditFacts {
    /// A token, without anything that would tell it.
    init(_ token: AccessTokenEntry) {
        self = [
            "account": .text(token.account), "name": .text(token.name), "scopes": .texts(token.scopes.names),
            "expires": .text(token.expires.timestamp()),
        ]
    }
}
