import Crypto
import Foundation
import GRDB

/// What became of a code a citizen typed; a wrong one must be counted, so it is a value that commits, not a thrown refusal.
enum CodeVerdict: Sendable {
    case confirmed(accountId: String, isNew: Bool)
    case refused(Refusal)
}

extension Store {
    /// Sends a code: the digest is kept for the check, the code itself only in the outbox, which stands in for the message channel.
    /// `application` is the one the code is asked through, nil on the public call. Returns the transaction's id.
    func sendCode(to mobile: String, through application: String?) async throws -> String {
        let now = now
        let expiry = now + Limits.oneTimeCodeLifeSeconds
        var chance = chance
        let code = chance.sixDigits()
        let transaction = chance.identifier()
        try await write { database in
            try forgetOldCodes(database, at: now)
            try refuseFlood(database, of: mobile, at: now)
            try database.execute(
                sql: """
                    INSERT INTO otp_transaction (txn_id, mobile, application_id, code_sha256, sent_at, expires_at)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """, arguments: [transaction, mobile, application, digest(of: code), now, expiry])
            try database.execute(
                sql: "INSERT INTO outbox (txn_id, mobile, code, expires_at) VALUES (?, ?, ?, ?)",
                arguments: [transaction, mobile, code, expiry])
        }
        return transaction
    }

    /// Checks a code, at most three times, and opens the mobile's account at the first success.
    func confirmCode(sha256 typed: String, transaction: String, through application: String?) async throws -> CodeVerdict {
        let now = now
        var chance = chance
        let newAccount = chance.identifier()
        return try await write { database in
            let found = try Row.fetchOne(
                database,
                sql: """
                    SELECT mobile, code_sha256, wrong_tries, expires_at FROM otp_transaction
                    WHERE txn_id = ? AND application_id IS ? AND NOT used
                    """, arguments: [transaction, application])
            guard let found else { return .refused(Refusal(.unknownTransaction)) }
            guard now < found[3] else { return .refused(Refusal(.codeExpired)) }
            guard found[2] < Limits.oneTimeCodeTries else { return .refused(Refusal(.tooManyTries)) }
            guard typed == found[1] else {
                try database.execute(
                    sql: "UPDATE otp_transaction SET wrong_tries = wrong_tries + 1 WHERE txn_id = ?", arguments: [transaction])
                return .refused(Refusal(.wrongCode))
            }
            try database.execute(sql: "UPDATE otp_transaction SET used = 1 WHERE txn_id = ?", arguments: [transaction])
            try database.execute(sql: "DELETE FROM outbox WHERE txn_id = ?", arguments: [transaction])
            let mobile: String = found[0]
            if let account = try String.fetchOne(database, sql: "SELECT account_id FROM account WHERE mobile = ?", arguments: [mobile]) {
                return .confirmed(accountId: account, isNew: false)
            }
            try database.execute(sql: "INSERT INTO account VALUES (?, ?)", arguments: [newAccount, mobile])
            return .confirmed(accountId: newAccount, isNew: true)
        }
    }

    /// Codes go when they expire; transactions stay a day, because they are what the daily limit counts.
    func forgetOldCodes(_ database: Database, at now: Int) throws {
        try database.execute(sql: "DELETE FROM outbox WHERE expires_at <= ?", arguments: [now])
        try database.execute(sql: "DELETE FROM otp_transaction WHERE sent_at <= ?", arguments: [now - Limits.oneTimeCodeDaySeconds])
    }

    /// A limit is met when the n-th latest code is still within the window; it frees itself when that one leaves it.
    private func refuseFlood(_ database: Database, of mobile: String, at now: Int) throws {
        let windows = [
            (codes: Limits.oneTimeCodesInBurst, seconds: Limits.oneTimeCodeBurstSeconds),
            (codes: Limits.oneTimeCodesInDay, seconds: Limits.oneTimeCodeDaySeconds),
        ]
        var wait = 0
        for window in windows {
            let oldest = try Int.fetchOne(
                database, sql: "SELECT sent_at FROM otp_transaction WHERE mobile = ? ORDER BY sent_at DESC LIMIT 1 OFFSET ?",
                arguments: [mobile, window.codes - 1])
            if let oldest { wait = max(wait, oldest + window.seconds - now) }
        }
        if wait > 0 { throw Refusal(.codesTooOften, retryAfterSeconds: wait) }
    }

    private func digest(of code: String) -> String {
        SHA256.hash(data: Data(code.utf8)).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}

/// The last code sent to a mobile and still good, read from the outbox by another process (`gateway core-store otp`); nil if none.
package func lastCode(
    mobile: String, environment: StoreEnvironment, stateDirectory: String, clock: StoreClock = .wall
) throws -> String? {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(Limits.databaseBusySeconds)
    let queue = try DatabaseQueue(path: environment.databasePath(in: stateDirectory), configuration: configuration)
    return try queue.read { database in
        try String.fetchOne(
            database, sql: "SELECT code FROM outbox WHERE mobile = ? AND expires_at > ? ORDER BY message_id DESC LIMIT 1",
            arguments: [mobile, clock.secondsSince1970()])
    }
}
