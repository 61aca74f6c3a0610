import Foundation
import GRDB
package import Registry

/// What a one-time link still asks of its holder.
package struct LinkStanding: Sendable {
    /// Whose it is.
    package var account: Account
    /// From when on it does nothing.
    package var expires: WallTime
    /// What the authenticator app needs; nil until a password was chosen, and for every browser but the one where it was.
    package var enrolment: CodeEnrolment?
    /// Whether a password was chosen in another browser than the one that asks.
    package var isHeldElsewhere: Bool
}

/// A link's row.
private struct Link {
    let account: Account
    let expires: WallTime
    let password: String?
    let secret: Data?
}

/// Links change nothing of an account until the code of the new secret is confirmed; then all of it at once. The new secret is sealed for the
/// browser in which the password was chosen, by what only that browser has: whoever else holds the link never sees it, and can only begin
/// anew, with another secret, which the first then notices.
extension AccountDesk {
    /// Where a link stands, for the browser that has this secret.
    package func link(_ token: SecretToken, heldBy browser: SecretToken, at now: WallTime) throws -> LinkStanding {
        standing(of: try read { try AccountDesk.link(token, at: now, $0) }, heldBy: browser)
    }

    /// Chooses the new password. The secret for the app is made with it, for this browser alone; choosing again makes another.
    package func choosePassword(
        _ password: String, repeated: String, by token: SecretToken, heldBy browser: SecretToken, from visitor: Visitor, at now: WallTime
    ) async throws -> LinkStanding {
        let before = try read { try AccountDesk.link(token, at: now, $0) }
        let name = before.account.name
        if let fault = PasswordFault.of(password, repeated: repeated, account: name) { throw SignInRefusal.password(fault) }
        let attempt = SignInThrottle.Attempt(choosingBy: token, from: visitor.address)
        try begin(attempt, named: name, from: visitor, at: now)
        let (cost, salt) = (passwords.cost, random(PasswordHash.saltBytes))
        let hash = try await passwords.run(for: .known) { try PasswordHash(password, cost: cost, salt: salt) }
        throttle.succeeded(attempt, at: now)
        let secret = try key.seal(random(TimeBasedCode.secretBytes), for: AccountDesk.owner(of: name, browser))
        return try write { database in
            let link = try AccountDesk.link(token, at: now, database)
            if standing(of: link, heldBy: browser).isHeldElsewhere {
                // Two hold it, or one has changed browsers: who looks for how an account was lost finds it here.
                try RegistryStore.record(AccountEvent(what: "begin-link-anew", account: name), by: visitor.actor(name), at: now, database)
            }
            try database.execute(
                sql: "UPDATE account_link SET password = ?, secret = ? WHERE digest = ?", arguments: [hash.text, secret, token.digest])
            return standing(of: try AccountDesk.link(token, at: now, database), heldBy: browser)
        }
    }

    /// Confirms that the app shows the right codes: the link is used up, the account active, every session before is over, and a new one begins.
    package func confirm(
        _ code: String, by token: SecretToken, heldBy browser: SecretToken, from visitor: Visitor, at now: WallTime
    ) throws -> SecretToken {
        let link = try read { try AccountDesk.link(token, at: now, $0) }
        guard let sealed = link.secret else { throw SignInRefusal.linkOver }
        let name = link.account.name
        guard let secret = try? key.open(sealed, for: AccountDesk.owner(of: name, browser)) else { throw SignInRefusal.linkElsewhere }
        let attempt = SignInThrottle.Attempt(.link, account: name, from: visitor.address, isKnownThere: false)
        try begin(attempt, named: name, from: visitor, at: now)
        let step = TimeBasedCode.acceptedStep(of: TimeBasedCode.typed(code), secret: secret, at: now, usedBefore: 0)
        guard let step else {
            try refuse(name, "wrong code", from: visitor, at: now)
            throw SignInRefusal.wrongCode
        }
        let (session, own) = (SecretToken(random: random(32)), try key.seal(secret, for: name))
        try write { database in
            let link = try AccountDesk.link(token, at: now, database)
            guard link.secret == sealed else { throw SignInRefusal.linkOver }
            try database.execute(sql: "DELETE FROM account_link WHERE digest = ?", arguments: [token.digest])
            try database.execute(sql: "DELETE FROM session WHERE account = ?", arguments: [name])
            try database.execute(
                sql: "UPDATE account SET state = 'active', password = ?, secret = ?, code_step = ? WHERE name = ?",
                arguments: [link.password, own, step, name])
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

    private func standing(of link: Link, heldBy browser: SecretToken) -> LinkStanding {
        let name = link.account.name
        let secret = link.secret.flatMap { try? key.open($0, for: AccountDesk.owner(of: name, browser)) }
        return LinkStanding(
            account: link.account, expires: link.expires, enrolment: secret.map { CodeEnrolment(secret: $0, account: name) },
            isHeldElsewhere: link.secret != nil && secret == nil)
    }

    /// For whom a link's secret is sealed: no account has this name, so that what stands in a link's row opens nothing elsewhere.
    private static func owner(of account: String, _ browser: SecretToken) -> String {
        account + " in " + browser.digest.base64EncodedString()
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
