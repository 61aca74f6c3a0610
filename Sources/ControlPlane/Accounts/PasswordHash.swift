import Crypto
import CryptoExtras
import Foundation

/// What a guess at a password costs (RFC 7914).
package struct PasswordCost: Hashable, Sendable {
    /// The binary logarithm of N: 16 takes 64 MiB and a fifth of a second of one core.
    package var rounds: Int
    /// r, in units of 128 bytes.
    package var blockSize: Int
    /// p.
    package var parallelism: Int

    /// What new passwords cost; those before keep what they have.
    package static let standard = PasswordCost(rounds: 16)

    /// A cost of so many doublings.
    package init(rounds: Int, blockSize: Int = 8, parallelism: Int = 1) {
        (self.rounds, self.blockSize, self.parallelism) = (rounds, blockSize, parallelism)
    }
}

/// A password as it is kept: scrypt's parameters, salt and result.
struct PasswordHash: Hashable, Sendable {
    let cost: PasswordCost
    let salt: Data
    let hash: Data

    static let saltBytes = 16
    private static let hashBytes = 32

    /// Hashes a password: takes long, and so belongs on the `PasswordQueue`.
    init(_ password: String, cost: PasswordCost, salt: [UInt8]) throws {
        self.cost = cost
        self.salt = Data(salt)
        hash = try PasswordHash.derive(password, cost: cost, salt: self.salt)
    }

    /// `scrypt$16$8$1$SALT$HASH`, as kept; nil if out of form.
    init?(_ text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "scrypt", let rounds = Int(parts[1]), let blockSize = Int(parts[2]),
            let parallelism = Int(parts[3]),
            (1...20).contains(rounds), (1...32).contains(blockSize), (1...16).contains(parallelism),
            let salt = Data(base64Encoded: String(parts[4])), let hash = Data(base64Encoded: String(parts[5])), hash.count == Self.hashBytes
        else { return nil }
        cost = PasswordCost(rounds: rounds, blockSize: blockSize, parallelism: parallelism)
        (self.salt, self.hash) = (salt, hash)
    }

    /// One that no password has, for accounts that do not exist: to find that out takes as long.
    init(ofNobodyAt cost: PasswordCost) {
        self.cost = cost
        salt = Data(repeating: 0, count: Self.saltBytes)
        hash = Data(repeating: 0, count: Self.hashBytes)
    }

    var text: String {
        "scrypt$\(cost.rounds)$\(cost.blockSize)$\(cost.parallelism)$\(salt.base64EncodedString())$\(hash.base64EncodedString())"
    }

    /// Whether this is the password: takes as long as hashing.
    func matches(_ password: String) throws -> Bool {
        isSame(try PasswordHash.derive(password, cost: cost, salt: salt), hash)
    }

    /// What is kept is a MAC under scrypt's result: keys give their own bytes to unsafe code only, and none is needed here.
    private static func derive(_ password: String, cost: PasswordCost, salt: Data) throws -> Data {
        let key = try scrypt(password, cost: cost, salt: salt, bytes: hashBytes)
        return Data(HMAC<SHA256>.authenticationCode(for: Data("password".utf8), using: key))
    }

    /// scrypt itself.
    static func scrypt(_ password: String, cost: PasswordCost, salt: Data, bytes: Int) throws -> SymmetricKey {
        // The same password typed on another keyboard may come composed otherwise.
        try KDF.Scrypt.deriveKey(
            from: Data(password.precomposedStringWithCanonicalMapping.utf8), salt: salt, outputByteCount: bytes, rounds: 1 << cost.rounds,
            blockSize: cost.blockSize, parallelism: cost.parallelism)
    }
}

/// What a new password must be. Length is what counts; the second factor does the rest.
package enum PasswordFault: Error, Hashable, Sendable {
    case tooShort, tooLong, hasName, tooPlain, notTheSame

    /// The first thing wrong with a new password for an account; nil if nothing is.
    static func of(_ password: String, repeated: String, account: String) -> PasswordFault? {
        guard password == repeated else { return .notTheSame }
        guard password.count >= Limits.passwordCharacters else { return .tooShort }
        guard password.utf8.count <= Limits.passwordBytes else { return .tooLong }
        guard !password.lowercased().contains(account) else { return .hasName }
        return Set(password).count < Limits.passwordDistinctCharacters ? .tooPlain : nil
    }
}
