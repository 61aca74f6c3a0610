package import Registry

/// Fingerprints of certificates as text, both ways: SHA-256 of the DER form, as `openssl x509 -fingerprint -sha256` prints it after the '='.
package enum CertificateText {
    /// The fingerprint of 64 hexadecimal digits, or of 32 pairs with colons between; upper or lower case; nil if out of form.
    package static func digest(_ text: String) -> Digest? {
        let pairs = text.split(separator: ":", omittingEmptySubsequences: false)
        guard pairs.count == 1 || pairs.count == 32 && pairs.allSatisfy({ $0.utf8.count == 2 }) else { return nil }
        let digits = pairs.joined().utf8.compactMap { nibble($0) }
        guard digits.count == 64, text.utf8.count == 64 + pairs.count - 1 else { return nil }
        return Digest(stride(from: 0, to: 64, by: 2).map { digits[$0] << 4 | digits[$0 + 1] })
    }

    /// 64 lower-case digits.
    package static func text(_ digest: Digest) -> String {
        digest.bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    private static func nibble(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x41 + 10
        case 0x61...0x66: digit - 0x61 + 10
        default: nil
        }
    }
}
