import Crypto
import Foundation
package import Registry

/// Codes of six digits that change every 30 seconds (RFC 6238 with SHA-1, which is what every authenticator app can do).
package enum TimeBasedCode {
    /// How long a code is shown.
    static let stepSeconds: Int64 = 30
    /// Bytes of a secret: as long as the hash (RFC 4226 §4, R6).
    static let secretBytes = 20

    /// The number of the step a time lies in.
    static func step(at time: WallTime) -> Int64 { time.seconds / stepSeconds }

    /// The code of a step (RFC 4226 §5.3).
    package static func code(of secret: [UInt8], step: Int64, digits: Int = 6) -> String {
        let counter = (0..<8).map { UInt8(truncatingIfNeeded: step >> Int64(56 - $0 * 8)) }
        let hash = Array(HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: SymmetricKey(data: secret)))
        let offset = Int(hash[19] & 15)
        let number = hash[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
        let ten = (0..<digits).reduce(UInt32(1)) { power, _ in power * 10 }
        let text = String(number % ten)
        return String(repeating: "0", count: digits - text.count) + text
    }

    /// The code that is shown at a time.
    package static func code(of secret: [UInt8], at time: WallTime) -> String { code(of: secret, step: step(at: time)) }

    /// The step whose code this is, of the one now and its neighbours, for clocks differ; nil if it is none of them or not later than the
    /// step used last: a code works once.
    static func acceptedStep(of code: String, secret: [UInt8], at now: WallTime, usedBefore used: Int64) -> Int64? {
        let current = step(at: now)
        var found: Int64?
        // All three are always compared: which one it was takes no time to tell.
        for candidate in (current - 1)...(current + 1) where isSame(TimeBasedCode.code(of: secret, step: candidate).utf8, code.utf8) {
            found = candidate
        }
        return found.flatMap { $0 > used ? $0 : nil }
    }

    /// What a person types: digits, with or without a space between.
    static func typed(_ text: String) -> String { text.filter { !$0.isWhitespace } }
}

/// A secret as authenticator apps take it.
package struct CodeEnrolment: Hashable, Sendable {
    /// The secret in base32, in groups of four: for typing.
    package let secret: String
    /// The same as a link that an app on the same device opens.
    package let link: String

    /// The name that apps show beside an account's.
    static let issuer = "Partner gateway"

    init(secret bytes: [UInt8], account: String) {
        let text = Base32.text(bytes)
        var groups: [Substring] = []
        var rest = text[...]
        while !rest.isEmpty {
            groups.append(rest.prefix(4))
            rest = rest.dropFirst(4)
        }
        secret = groups.joined(separator: " ")
        let issuer = CodeEnrolment.issuer.replacing(" ", with: "%20")
        link = "otpauth://totp/\(issuer):\(account)?secret=\(text)&issuer=\(issuer)&algorithm=SHA1&digits=6&period=30"
    }
}

/// Base32 without padding (RFC 4648 §6): what authenticator apps read.
enum Base32 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")

    static func text(_ bytes: [UInt8]) -> String {
        var (text, held, bits) = ("", UInt32(0), 0)
        for byte in bytes {
            held = held << 8 | UInt32(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(alphabet[Int(held >> UInt32(bits) & 31)])
            }
            held &= (1 << UInt32(bits)) - 1
        }
        if bits > 0 { text.append(alphabet[Int(held << UInt32(5 - bits) & 31)]) }
        return text
    }
}
