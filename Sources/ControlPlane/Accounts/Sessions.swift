import Foundation
import GRDB
package import Registry

/// A session as its owner may see it.
package struct SessionEntry: Hashable, Sendable {
    /// What it is called when it is to be ended; no secret.
    package var id: String
    /// When it began.
    package var created: WallTime
    /// When password and code were given last.
    package var authenticated: WallTime
    /// When it was used last, to the minute.
    package var seen: WallTime
    /// From where it began.
    package var address: String
    /// By which browser.
    package var agent: String
}

/// Somebody who is signed in.
package struct SignedIn: Sendable {
    /// Who, as of now.
    package var account: Account
    /// By which session.
    package var session: SessionEntry

    /// Whether password and code were given so recently that a dangerous move needs neither.
    package func isRecent(at now: WallTime) -> Bool {
        now.nanoseconds - session.authenticated.nanoseconds < Limits.recentSeconds * 1_000_000_000
    }
}

/// How far a session has come.
package enum SessionStanding: Sendable {
    /// The password was right; the code is still to come.
    case awaitsCode(account: String)
    /// Both were.
    case signedIn(SignedIn)
}

extension AccountDesk {
    /// What a session's secret is worth now, which counts as using it; nil where it is over.
    package func session(_ token: SecretToken, at now: WallTime) throws(RegistryError) -> SessionStanding? {
        let found = try registry.read { try AccountDesk.living(token, at: now, $0) }
        guard let found else { return nil }
        guard found.isFull else { return .awaitsCode(account: found.account.name) }
        if now.nanoseconds - found.entry.seen.nanoseconds >= Limits.sessionSeenSeconds * 1_000_000_000 {
            try registry.write(.note) { database in
                try database.execute(
                    sql: "UPDATE session SET seen = max(seen, ?) WHERE digest = ?", arguments: [now.nanoseconds, token.digest])
            }
        }
        return .signedIn(SignedIn(account: found.account, session: found.entry))
    }

    /// An account's sessions, the one used last first.
    package func sessions(of account: String, at now: WallTime) throws(RegistryError) -> [SessionEntry] {
        try registry.read { database in
            let rows = try Row.fetchAll(
                database, sql: "SELECT * FROM session WHERE account = ? AND stage = 'full' ORDER BY seen DESC, created DESC",
                arguments: [account])
            return rows.filter { AccountDesk.isAlive($0, at: now) }.map(AccountDesk.entry)
        }
    }

    /// Ends the session itself.
    package func signOut(_ token: SecretToken, from visitor: Visitor, at now: WallTime) throws(RegistryError) {
        try registry.write(.note) { database in
            guard let found = try AccountDesk.living(token, at: now, database) else { return }
            try database.execute(sql: "DELETE FROM session WHERE digest = ?", arguments: [token.digest])
            try RegistryStore.record(
                AccountEvent(what: "sign-out", account: found.account.name), by: visitor.actor(found.account.name), at: now, database)
        }
    }

    /// Ends one of an account's sessions by its id, or all but the one in use; says how many there were.
    package func endSessions(_ id: String?, of signedIn: SignedIn, from visitor: Visitor, at now: WallTime) throws(RegistryError) -> Int {
        let name = signedIn.account.name
        return try registry.write(.note) { database in
            let rows = try Row.fetchAll(database, sql: "SELECT * FROM session WHERE account = ?", arguments: [name])
            let chosen = rows.filter { row in
                let entry = AccountDesk.entry(row)
                return id.map { $0 == entry.id } ?? (entry.id != signedIn.session.id)
            }
            for row in chosen {
                try database.execute(sql: "DELETE FROM session WHERE digest = ?", arguments: [row["digest"] as Data])
            }
            if !chosen.isEmpty {
                try RegistryStore.record(
                    AccountEvent(what: "end-sessions", account: name, before: String(chosen.count)), by: visitor.actor(name), at: now,
                    database)
            }
            return chosen.count
        }
    }

    /// A session that is not over, with its account as it now is.
    struct Living {
        var account: Account
        var entry: SessionEntry
        var isFull: Bool
        var wrong: Int
    }

    static func living(_ token: SecretToken, at now: WallTime, _ database: Database) throws -> Living? {
        let row = try Row.fetchOne(database, sql: "SELECT * FROM session WHERE digest = ?", arguments: [token.digest])
        guard let row, isAlive(row, at: now), let account = try RegistryStore.account(row["account"], database), account.state == .active
        else { return nil }
        return Living(account: account, entry: entry(row), isFull: row["stage"] == "full", wrong: row["wrong"])
    }

    /// Idle and absolute ends; a half one has one end only. A clock set back ends nothing early.
    private static func isAlive(_ row: Row, at now: WallTime) -> Bool {
        let age = now.nanoseconds - (row["created"] as Int64)
        let idle = now.nanoseconds - (row["seen"] as Int64)
        guard row["stage"] == "full" else { return age < Limits.halfSignInSeconds * 1_000_000_000 }
        return age < Limits.sessionSeconds * 1_000_000_000 && idle < Limits.sessionIdleSeconds * 1_000_000_000
    }

    private static func entry(_ row: Row) -> SessionEntry {
        let digest: Data = row["digest"]
        return SessionEntry(
            id: digest.prefix(8).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined(),
            created: WallTime(nanoseconds: row["created"]), authenticated: WallTime(nanoseconds: row["authenticated"]),
            seen: WallTime(nanoseconds: row["seen"]), address: row["address"], agent: row["agent"])
    }

    /// Begins a full session after password and code: recorded, the address remembered, the oldest sessions gone.
    static func begin(_ token: SecretToken, of name: String, from visitor: Visitor, at now: WallTime, _ database: Database) throws {
        try insert(token, of: name, isFull: true, created: now, from: visitor, at: now, database)
        try database.execute(sql: "UPDATE account SET last_sign_in = ? WHERE name = ?", arguments: [now.nanoseconds, name])
        try RegistryStore.rememberAddress(visitor.address, of: name, at: now, database)
        try RegistryStore.record(AccountEvent(what: "sign-in", account: name), by: visitor.actor(name), at: now, database)
    }

    static func insert(
        _ token: SecretToken, of name: String, isFull: Bool, created: WallTime, from visitor: Visitor, at now: WallTime,
        _ database: Database
    ) throws {
        // Whatever can no longer be alive goes first.
        try database.execute(
            sql: "DELETE FROM session WHERE created <= ? OR seen <= ? OR (stage = 'password' AND created <= ?)",
            arguments: [
                now.nanoseconds - Limits.sessionSeconds * 1_000_000_000, now.nanoseconds - Limits.sessionIdleSeconds * 1_000_000_000,
                now.nanoseconds - Limits.halfSignInSeconds * 1_000_000_000,
            ])
        try database.execute(
            sql: """
                INSERT INTO session (digest, account, stage, created, authenticated, seen, address, agent) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                token.digest, name, isFull ? "full" : "password", created.nanoseconds, now.nanoseconds, now.nanoseconds, visitor.address,
                visitor.agent,
            ])
        try database.execute(
            sql: """
                DELETE FROM session WHERE account = ?1 AND stage = ?3 AND digest NOT IN
                (SELECT digest FROM session WHERE account = ?1 AND stage = ?3 ORDER BY digest = ?4 DESC, seen DESC, created DESC LIMIT ?2)
                """,
            // Each stage for itself: a password alone ends nobody's session.
            arguments: [name, Limits.sessionsPerAccount, isFull ? "full" : "password", token.digest])
    }
}
