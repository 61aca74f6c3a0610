import GRDB
import Registry
import Synchronization

/// Somebody who showed a good token.
package struct TokenCaller: Sendable {
    /// The token.
    package var token: AccessTokenEntry
    /// Its account as it is now: its roles are what the token may at most.
    package var account: Account
    /// Where the call came from.
    package var address: String

    /// Who does it, for the history.
    package var actor: Actor { Actor(account.name, from: .api(address: address, token: token.id)) }
}

/// Where programs show who sent them. Time comes as a parameter.
package final class TokenDesk: Sendable {
    private let registry: RegistryStore
    private let failures = Mutex(SignInLevels())
    private let requests = Mutex(RequestLevels())

    /// A desk over a registry; what it counts, a restart forgets.
    package init(registry: RegistryStore) { self.registry = registry }

    /// Who shows this text. What is not good costs the address one of its tries, as a failed sign-in does; what is good is never held up by
    /// that: nobody guesses 256 bits.
    func caller(showing text: String, from address: String, at now: WallTime) throws -> TokenCaller {
        switch AccessTokenForm.read(text) {
        case .foreign: throw try refused(.unknownToken, nil, "unknown", from: address, at: now)
        case .mistyped: throw try refused(.mistypedToken, nil, "mistyped", from: address, at: now)
        case .wellFormed: break
        }
        let found = try registry.read { database in
            let sql = "SELECT * FROM access_token WHERE digest = ?"
            return try Row.fetchOne(database, sql: sql, arguments: [RegistryStore.tokenDigest(text)]).map {
                let token = RegistryStore.token($0)
                return (token, try RegistryStore.existingAccount(token.account, database))
            }
        }
        guard let (token, account) = found else { throw try refused(.unknownToken, nil, "unknown", from: address, at: now) }
        guard token.standing(at: now) == "active" else {
            throw try refused(.endedToken, token, token.standing(at: now), from: address, at: now)
        }
        guard account.state == .active else {
            throw try refused(.endedToken, token, "the account is \(account.state.rawValue)", from: address, at: now)
        }
        // Where it cannot be written down that a token is used, the call may still read.
        try? noteUse(of: token, at: now)
        return TokenCaller(token: token, account: account, address: address)
    }

    /// Takes one request of a token's bucket.
    func spend(_ caller: TokenCaller, at now: WallTime) -> RequestLevels.Reading {
        requests.withLock { $0.spend(caller.token.id, at: now) }
    }

    private func noteUse(of token: AccessTokenEntry, at now: WallTime) throws {
        let since = now.nanoseconds - (token.lastUsed?.nanoseconds ?? .min / 2)
        guard since >= Limits.tokenUsedSeconds * 1_000_000_000 else { return }
        try registry.write(.note) { database in
            try database.execute(
                sql: "UPDATE access_token SET used = max(coalesce(used, 0), ?) WHERE id = ?", arguments: [now.nanoseconds, token.id])
        }
    }

    /// The answer to a bad token, which is on record, or that too many were shown.
    private func refused(
        _ problem: ControlProblem, _ token: AccessTokenEntry?, _ why: String, from address: String, at now: WallTime
    ) throws -> ProblemAnswer {
        let place = SignInThrottle.household(address)
        if let wait = failures.withLock({ $0.take([.address(place)], at: now) }) {
            return ProblemAnswer(.tooManyFailures, waitNanoseconds: wait)
        }
        let actor = Actor(token?.account ?? "nobody", from: .api(address: address, token: token?.id ?? "unknown"))
        let event = AuditEvent(.refuseToken, of: .token(token?.id ?? "unknown"), refusal: why)
        try registry.write(.note) { try RegistryStore.audit(event, by: actor, at: now, $0) }
        return ProblemAnswer(problem)
    }
}

/// How fast tokens ask: pure arithmetic (GCRA in integer nanoseconds) over a bounded table.
struct RequestLevels: Sendable {
    /// What one request came to.
    struct Reading: Sendable {
        /// Nanoseconds to wait; nil where it may go on.
        var wait: Int64?
        /// Requests that may follow at once.
        var remaining: Int64
        /// Nanoseconds until all may.
        var untilFull: Int64
    }

    /// When each is as if it had never asked; who is not there never has.
    private var fullAt: [String: Int64] = [:]
    private let capacity: Int

    init(capacity: Int = Limits.countedTokens) { self.capacity = capacity }

    var count: Int { fullAt.count }

    /// Takes one of a token's requests, or says how long to wait for it.
    mutating func spend(_ token: String, at now: WallTime) -> Reading {
        let (interval, burst) = (Limits.tokenNanoseconds, Limits.tokenBurst)
        // Not before now, and not beyond all taken: a clock set back must not lock anybody out for long.
        let owed = min(max((fullAt[token] ?? 0) - now.nanoseconds, 0), burst * interval)
        let wait = owed - (burst - 1) * interval
        guard wait <= 0 else { return Reading(wait: wait, remaining: 0, untilFull: owed) }
        makeRoom(for: token, at: now)
        fullAt[token] = now.nanoseconds + owed + interval
        return Reading(wait: nil, remaining: burst - (owed + interval + interval - 1) / interval, untilFull: owed + interval)
    }

    /// A full table first forgets whoever is as if they had never asked, then whoever is nearest to it.
    private mutating func makeRoom(for token: String, at now: WallTime) {
        guard fullAt.count >= capacity, fullAt[token] == nil else { return }
        fullAt = fullAt.filter { $0.value > now.nanoseconds }
        guard fullAt.count >= capacity, let nearest = fullAt.min(by: { $0.value < $1.value }) else { return }
        fullAt[nearest.key] = nil
    }
}
