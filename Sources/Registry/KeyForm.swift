/// How a key is spelt: `pgw_sandbox_` or `pgw_production_`, 43 base62 characters of randomness, then 6 base62 digits of the CRC-32 of all before.
/// The checksum tells a typo from a guess before hashing, and lets secret scanners find leaked keys.
package enum KeyForm {
    /// Characters of randomness: 43 of 62 hold 256 bits.
    package static let randomCharacters = 43
    /// Characters of checksum: 6 of 62 hold 32 bits.
    package static let checksumCharacters = 6

    private static let commonPrefix = Array("pgw_".utf8)
    private static let sandboxPrefix = Array("pgw_sandbox_".utf8)
    private static let productionPrefix = Array("pgw_production_".utf8)
    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    /// What a presented key's spelling says.
    package enum Reading: Equatable, Sendable {
        /// Of the right form with a true checksum.
        case wellFormed(Environment)
        /// Begins with `pgw_` as our keys do, but its environment, length, characters or checksum are wrong.
        case mistyped
        /// Nothing of ours.
        case foreign
    }

    /// Reads the spelling of a presented key; constant work for its length, no allocation.
    package static func read(_ key: Span<UInt8>) -> Reading {
        let environment: Environment
        let prefixLength: Int
        if begins(key, with: productionPrefix) {
            (environment, prefixLength) = (.production, productionPrefix.count)
        } else if begins(key, with: sandboxPrefix) {
            (environment, prefixLength) = (.sandbox, sandboxPrefix.count)
        } else {
            return begins(key, with: commonPrefix) ? .mistyped : .foreign
        }
        return hasTrueChecksum(key, after: prefixLength) ? .wellFormed(environment) : .mistyped
    }

    /// Whether what follows the prefix has the length, the characters and the checksum of a secret of ours.
    package static func hasTrueChecksum(_ key: Span<UInt8>, after prefixLength: Int) -> Bool {
        let signed = prefixLength + randomCharacters
        guard key.count == signed + checksumCharacters else { return false }
        var worst: UInt8 = 0
        for index in prefixLength..<key.count { worst = max(worst, digitValues[Int(key[index])]) }
        guard worst < 62 else { return false }
        var stated: UInt64 = 0
        for index in signed..<key.count { stated = stated * 62 + UInt64(digitValues[Int(key[index])]) }
        return stated == UInt64(Checksum.crc32(key.extracting(0..<signed)))
    }

    /// A new key for the environment from a source of randomness, which must be a cryptographic one outside tests.
    package static func make(_ environment: Environment, using generator: inout some RandomNumberGenerator) -> String {
        make(after: environment == .production ? productionPrefix : sandboxPrefix, using: &generator)
    }

    /// A new secret of the same spelling behind another prefix.
    package static func make(after prefix: [UInt8], using generator: inout some RandomNumberGenerator) -> String {
        var bytes = prefix
        for _ in 0..<randomCharacters { bytes.append(alphabet[Int.random(in: 0..<62, using: &generator)]) }
        var checksum = UInt64(Checksum.crc32(bytes.span))
        var digits: [UInt8] = []
        for _ in 0..<checksumCharacters {
            digits.append(alphabet[Int(checksum % 62)])
            checksum /= 62
        }
        bytes.append(contentsOf: digits.reversed())
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func begins(_ key: Span<UInt8>, with prefix: [UInt8]) -> Bool {
        guard key.count >= prefix.count else { return false }
        for index in 0..<prefix.count where key[index] != prefix[index] { return false }
        return true
    }

    /// The value of each byte as a base62 digit, 255 where it is none; a table, because every request's key is looked through.
    private static let digitValues: InlineArray<256, UInt8> = [
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 255, 255, 255, 255, 255, 255,
        255, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24,
        25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 255, 255, 255, 255, 255,
        255, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50,
        51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    ]
}
