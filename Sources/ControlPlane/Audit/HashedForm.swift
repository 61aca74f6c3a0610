import Crypto
import Registry

/// Fields written so that no two lists of fields are the same bytes: each as a netstring (its length in bytes, a colon, the bytes, a comma).
struct HashedForm {
    private(set) var bytes: [UInt8] = []

    /// A part of a form.
    init() {}

    /// Begins with what it is, so that a signature of one form is never one of another.
    init(_ purpose: String) { append(purpose) }

    /// A field; `-` where there is none, which no netstring begins with.
    mutating func append(_ field: String?) {
        guard let field else { return bytes.append(UInt8(ascii: "-")) }
        bytes += Array("\(field.utf8.count):".utf8) + Array(field.utf8) + [UInt8(ascii: ",")]
    }
}

/// SHA-256 of the bytes.
func sha256(_ bytes: [UInt8]) -> Registry.Digest {
    guard let digest = Registry.Digest(Array(SHA256.hash(data: bytes))) else { preconditionFailure("SHA-256 has 32 bytes") }
    return digest
}
