import Foundation
import GRDB
package import Registry

/// What a one-time link still asks of its holder.
package struct LinkStanding: Sendable {
    /// Whose it is.
    package var account: Account
    /// From when on it does nothing.
    package var expires: WallTime
    /// What the authenticator app needs; nil until a password was chosen.
    package var enrolment: CodeEnrolment?
}

/// A link's row.
private struct Link {
    let account: Account
    let expires: WallTime
    let password: String?
    let secret: Data?
}

/// Links change nothing of an account until the code of the new secret is confirmed; then all of it at once.
extension AccountDesk {
    /// Where a link stands.
    package func link(_ token: SecretToken, at now: WallTime) throws -> LinkStanding {
        let link = try read { try AccountDesk.link(token, at: now, $0) }
        return LinkStanding(account: link.account, expires: link.expires, enrolment: try enrolment(of: link))
    }

    /// Chooses the new password. The secret for the app is made with it; choosing again makes another.
    package func choosePassword(_ password: String, repeated: String, by token: SecretToken, at now: WallTime) async throws -> LinkStanding
    {
        let before = try read { try AccountDesk.link(token, at: now, $0) }
        if let fault = PasswordFault.of(password, repeated: repeated, account: before.account.name) { throw SignInRefusal.password(fault) }
        let (cost, salt) = (passwords.cost, random(PasswordHash.saltBytes))
        let hash = try await passwords.run { try PasswordHash(password, cost: cost, salt: salt) }
        let secret = try key.seal(random(TimeBasedCode.secretBytes), for: before.account.name)
        return try write { database in
            _ = try AccountDesk.link(token, at: now, database)
            try database.execute(
                sql: "UPDATE account_link SET password = ?, secret = ? WHERE digest = ?", arguments: [hash.text, secret, token.digest])
            let link = try AccountDesk.link(token, at: now, database)
            return LinkStanding(account: link.account, expires: link.expires, enrolment: try enrolment(of: link))
        }
    }

    /// Confirms that the app shows the right codes: the link is used up, the account active, every session before is over, and a new one begins.
    package func confirm(_ code: String, by token: SecretToken, from visitor: Visitor, at now: WallTime) throws -> SecretToken {
        let link = try read { try AccountDesk.link(token, at: now, $0) }
        guard let sealed = link.secret else { throw SignInRefusal.linkOver }
        let name = link.account.name
        let attempt = SignInThrottle.Attempt(.link, account: name, from: visitor.address, isKnownThere: false)
        try begin(attempt, named: name, from: visitor, at: now)
        let secret = try key.open(sealed, for: name)
        let step = TimeBasedCode.acceptedStep(of: TimeBasedCode.typed(code), secret: secret, at: now, usedBefore: 0)
        guard let step else {
            try refuse(name, "wrong code", from: visitor, at: now)
            throw SignInRefusal.wrongCode
        }
        let session = SecretToken(random: random(32))
        try write { database in
            let link = try AccountDesk.link(token, at: now, database)
            guard link.secret == sealed else { throw SignInRefusal.linkOver }
            try database.execute(sql: "DELETE FROM account_link WHERE digest = ?", arguments: [token.digest])
            try database.execute(sql: "DELETE FROM session WHERE account = ?", arguments: [name])
            try database.execute(
                sql: "UPDATE account SET state = 'active', password = ?, secret = ?, code_step = ? WHERE name = ?",
                arguments: [link.password, sealed, step, name])
            // Who lost the password may have lost it to somebody who made tokens by it.
            try RegistryStore.revokeTokens(
                of: name, by: visitor.actor(name), reason: "the account was set up anew", at: now, database)
            try RegistryStore.record(
                AccountEvent(what: "enrol", account: name, before: link.account.state.rawValue, after: Account.State.active.rawValue),
                by: visitor.actor(name), at: now, database)
            try AccountDesk.begin(session, of: name, from: visitor, at: now, database)
        }
        throttle.succeeded(attempt, at: now)
        return session
    }

    private func enrolment(of link: Link) throws -> CodeEnrolment? {
        try link.secret.map { CodeEnrolment(secret: try key.open($0, for: link.account.name), account: link.account.name) }
    }

    private static func link(_ token: SecretToken, at now: WallTime, _ database: Database) throws -> Link {
        let row = try Row.fetchOne(
            database, sql: "SELECT * FROM account_link WHERE digest = ? AND expires > ?", arguments: [token.digest, now.nanoseconds])
        guard let row else { throw SignInRefusal.linkOver }
        return Link(
            account: try RegistryStore.existingAccount(row["account"], database), expires: WallTime(nanoseconds: row["expires"]),
            password: row["password"], secret: row["secret"])
    }
}
