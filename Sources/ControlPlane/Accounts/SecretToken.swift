import Crypto
import Foundation

/// Something only its holder knows: a one-time link's or a session's. 256 bits of randomness; what is stored is its SHA-256.
package struct SecretToken: Hashable, Sendable {
    /// 43 of A-Z, a-z, 0-9, `-` and `_` (RFC 4648 §5), for a cookie or a link.
    package let text: String

    /// A new one from 32 random bytes.
    package init(random bytes: [UInt8]) {
        precondition(bytes.count == 32, "a token has 256 bits")
        text = Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// One that came from outside; nil if it cannot be one.
    package init?(_ text: String) {
        let isWord: (UInt8) -> Bool = {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D || $0 == 0x5F
        }
        guard text.utf8.count == 43, text.utf8.allSatisfy(isWord) else { return nil }
        self.text = text
    }

    /// What is kept of it.
    var digest: Data { Data(SHA256.hash(data: Data(text.utf8))) }
}

/// Where secrets come from: the system's generator, or a seeded one in tests.
package typealias RandomBytes = @Sendable (Int) -> [UInt8]

/// The system's generator, which is a cryptographic one.
package let systemRandomBytes: RandomBytes = { count in
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
}

/// Whether two texts are the same, in a time that depends on their lengths alone.
func isSame(_ left: some Sequence<UInt8>, _ right: some Sequence<UInt8>) -> Bool {
    let (left, right) = (Array(left), Array(right))
    guard left.count == right.count else { return false }
    return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
}
