import Foundation
import GRDB
package import Registry

extension AccountDesk {
    /// The first half: name and password. Whether it is the name or the password that is wrong is neither said nor to be told by the time
    /// it takes; a disabled account is told so to whoever knows its password.
    package func signIn(_ name: String, password: String, from visitor: Visitor, at now: WallTime) async throws -> SecretToken {
        // A name out of form is nobody's, and is counted as one name: it may be a password.
        let name = (try? AccountForm.name(name)) ?? ""
        let known = try read { try RegistryStore.credentials(name, at: visitor.address, now: now, $0) }
        let attempt = SignInThrottle.Attempt(
            .password, account: name, from: visitor.address, isKnownThere: known?.isKnownThere ?? false)
        try begin(attempt, named: known?.account.name, from: visitor, at: now)
        let isRight: Bool
        let asker: PasswordQueue.Asker =
            known?.isKnownThere == true ? .known : .stranger(at: SignInThrottle.household(visitor.address))
        do { isRight = try await matches(password, known, for: asker) } catch {
            throttle.succeeded(attempt, at: now)
            throw error
        }
        guard isRight, let known, known.account.state != .invited else {
            try refuse(known?.account.name, "wrong password", from: visitor, at: now)
            throw SignInRefusal.wrongPassword
        }
        // The attempt is given back once the code is right too: a password alone keeps nobody's place in the queue.
        guard known.account.state == .active else {
            try refuse(name, "the account is disabled", from: visitor, at: now)
            throw SignInRefusal.disabled
        }
        let token = SecretToken(random: random(32))
        try write { database in
            guard try RegistryStore.account(name, database)?.state == .active else { throw SignInRefusal.disabled }
            try AccountDesk.insert(token, of: name, isFull: false, created: now, from: visitor, at: now, database)
        }
        return token
    }

    /// The second half: the code. The session goes on under another secret.
    package func confirmSignIn(_ code: String, of token: SecretToken, from visitor: Visitor, at now: WallTime) throws -> SecretToken {
        let new = SecretToken(random: random(32))
        let attempt = try prove(code, of: token, isFull: false, from: visitor, at: now) { name, _, database in
            try AccountDesk.begin(new, of: name, from: visitor, at: now, database)
        }
        throttle.succeeded(attempt, at: now)
        return new
    }

    /// Password and code once more, before a dangerous move. The session goes on under another secret, and ends when it would have.
    package func reauthenticate(
        password: String, code: String, of token: SecretToken, from visitor: Visitor, at now: WallTime
    ) async throws -> SecretToken {
        let known = try read { database in
            try AccountDesk.living(token, at: now, database).flatMap { living in
                living.isFull
                    ? try RegistryStore.credentials(living.account.name, at: visitor.address, now: now, database) : nil
            }
        }
        guard let known else { throw SignInRefusal.sessionOver }
        let name = known.account.name
        let attempt = SignInThrottle.Attempt(.password, account: name, from: visitor.address, isKnownThere: known.isKnownThere)
        try begin(attempt, named: name, from: visitor, at: now)
        let isRight: Bool
        do { isRight = try await matches(password, known, for: .known) } catch {
            throttle.succeeded(attempt, at: now)
            throw error
        }
        guard isRight else {
            try countWrong(token, "wrong password", from: visitor, at: now)
            throw SignInRefusal.wrongPassword
        }
        throttle.succeeded(attempt, at: now)
        let new = SecretToken(random: random(32))
        _ = try prove(code, of: token, isFull: true, from: visitor, at: now) { name, created, database in
            try AccountDesk.insert(new, of: name, isFull: true, created: created, from: visitor, at: now, database)
            try RegistryStore.record(AccountEvent(what: "re-authenticate", account: name), by: visitor.actor(name), at: now, database)
        }
        return new
    }

    /// Nobody's password takes as long as somebody's.
    private func matches(
        _ password: String, _ known: RegistryStore.Credentials?, for asker: PasswordQueue.Asker
    ) async throws -> Bool {
        let (kept, cost) = (known?.password, passwords.cost)
        let isTooLong = password.utf8.count > Limits.passwordBytes
        let tried = isTooLong ? "" : password
        let isRight = try await passwords.run(for: asker) { try (kept ?? PasswordHash(ofNobodyAt: cost)).matches(tried) }
        return isRight && kept != nil && !isTooLong
    }

    /// Takes the code of a session and, in the same transaction, puts `then` in the session's place. Gives what the password before it took.
    private func prove(
        _ code: String, of token: SecretToken, isFull: Bool, from visitor: Visitor, at now: WallTime,
        then: (_ name: String, _ created: WallTime, Database) throws -> Void
    ) throws -> SignInThrottle.Attempt {
        let (asked, isKnownThere) = try read { database in
            let asked = try AccountDesk.living(token, at: now, database)
            let known = try asked.flatMap { try RegistryStore.credentials($0.account.name, at: visitor.address, now: now, database) }
            return (asked, known?.isKnownThere ?? false)
        }
        guard let asked, asked.isFull == isFull else { throw SignInRefusal.sessionOver }
        let name = asked.account.name
        // Whoever got here knows the password: guessers without it must not keep them out.
        let attempt = SignInThrottle.Attempt(.code, account: name, from: visitor.address, isKnownThere: isKnownThere)
        try begin(attempt, named: name, from: visitor, at: now)
        let isRight = try write { database in
            guard let living = try AccountDesk.living(token, at: now, database), living.isFull == isFull,
                let known = try RegistryStore.credentials(name, at: visitor.address, now: now, database), let sealed = known.secret
            else { throw SignInRefusal.sessionOver }
            let step = TimeBasedCode.acceptedStep(
                of: TimeBasedCode.typed(code), secret: try key.open(sealed, for: name), at: now, usedBefore: known.codeStep)
            guard let step else { return false }
            try database.execute(sql: "UPDATE account SET code_step = ? WHERE name = ?", arguments: [step, name])
            try database.execute(sql: "DELETE FROM session WHERE digest = ?", arguments: [token.digest])
            try then(name, living.entry.created, database)
            return true
        }
        guard isRight else {
            try countWrong(token, "wrong code", from: visitor, at: now)
            throw SignInRefusal.wrongCode
        }
        throttle.succeeded(attempt, at: now)
        return SignInThrottle.Attempt(.password, account: name, from: visitor.address, isKnownThere: isKnownThere)
    }

    /// Somebody at a session who gives the wrong thing too often is not its owner: it ends.
    private func countWrong(_ token: SecretToken, _ reason: String, from visitor: Visitor, at now: WallTime) throws {
        let hasEnded = try write { database in
            guard let living = try AccountDesk.living(token, at: now, database) else { return true }
            let name = living.account.name
            try RegistryStore.record(
                AccountEvent(what: AccountEvent.refusedSignIn, account: name, reason: reason), by: visitor.actor(name), at: now, database)
            guard living.wrong + 1 >= Limits.wrongPerSession else {
                try database.execute(sql: "UPDATE session SET wrong = wrong + 1 WHERE digest = ?", arguments: [token.digest])
                return false
            }
            try database.execute(sql: "DELETE FROM session WHERE digest = ?", arguments: [token.digest])
            return true
        }
        if hasEnded { throw SignInRefusal.sessionOver }
    }

    /// Begins an attempt; that too many have failed is on record once an episode, not at every further try.
    func begin(_ attempt: SignInThrottle.Attempt, named known: String?, from visitor: Visitor, at now: WallTime) throws {
        try throttle.begin(attempt, at: now) {
            // A registry that cannot be written keeps nobody from being told to wait.
            try? refuse(known, "too many have failed", from: visitor, at: now)
        }
    }

    func refuse(_ name: String?, _ reason: String, from visitor: Visitor, at now: WallTime) throws {
        try write { database in
            try RegistryStore.record(
                AccountEvent(what: AccountEvent.refusedSignIn, account: name, reason: reason), by: visitor.actor(name ?? "nobody"), at: now,
                database)
        }
    }
}
