import Crypto
import Foundation
import Registry

/// The key that signs checkpoints, in `audit.key` of a state folder, and its public half in `audit.pub` (Ed25519, PEM as OpenSSL has it).
struct AuditKey {
    private let key: Curve25519.Signing.PrivateKey

    /// RFC 8410: what stands before the 32 bytes of a private key in PKCS #8.
    private static let prefix: [UInt8] = [0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20]

    /// Where it is in a state folder.
    static func path(in stateDirectory: String) -> String { stateDirectory + "/audit.key" }

    /// Where its public half is.
    static func publicPath(in stateDirectory: String) -> String { stateDirectory + "/audit.pub" }

    /// The key of a state folder, made where it is missing, which only its owner can read.
    init(stateDirectory: String) throws(RegistryError) {
        let path = AuditKey.path(in: stateDirectory)
        do {
            key = try FileLock.holding(stateDirectory + "/audit.lock", seconds: Limits.busySeconds) {
                try AuditKey.read(path) ?? AuditKey.make(path)
            }
            let shown = publicKey.pem
            let publicPath = AuditKey.publicPath(in: stateDirectory)
            guard FileManager.default.contents(atPath: publicPath) != Data(shown.utf8) else { return }
            try Data(shown.utf8).write(to: URL(fileURLWithPath: publicPath), options: .atomic)
        } catch let error as RegistryError {
            throw error
        } catch {
            throw .storage("cannot make \(path): \(error.localizedDescription)")
        }
    }

    /// What its signatures are checked by.
    var publicKey: AuditPublicKey { AuditPublicKey(key.publicKey) }

    func signature(of bytes: [UInt8]) throws(RegistryError) -> [UInt8] {
        do { return Array(try key.signature(for: bytes)) } catch { throw .storage("cannot sign a checkpoint: \(error)") }
    }

    private static func read(_ path: String) throws(RegistryError) -> Curve25519.Signing.PrivateKey? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard let text = FileManager.default.contents(atPath: path),
            let bytes = Pem.bytes(String(decoding: text, as: UTF8.self), "PRIVATE KEY"),
            bytes.starts(with: prefix), let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: bytes.dropFirst(prefix.count))
        else { throw .storage("\(path) cannot be read as an Ed25519 key in PEM") }
        return key
    }

    private static func make(_ path: String) throws -> Curve25519.Signing.PrivateKey {
        let key = Curve25519.Signing.PrivateKey()
        let text = Pem.text(prefix + Array(key.rawRepresentation), "PRIVATE KEY")
        // Readable by its owner before anything is in it, and there whole or not at all.
        let fresh = path + ".new"
        try? FileManager.default.removeItem(atPath: fresh)
        guard FileManager.default.createFile(atPath: fresh, contents: nil, attributes: [.posixPermissions: 0o600]) else {
            throw RegistryError.storage("cannot make \(path): the folder cannot be written")
        }
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: fresh))
        try file.write(contentsOf: Data(text.utf8))
        try file.synchronize()
        try file.close()
        try FileManager.default.moveItem(atPath: fresh, toPath: path)
        return key
    }
}

/// What checkpoints are checked by: it may be kept anywhere, and should be kept elsewhere.
package struct AuditPublicKey: Sendable {
    private let key: Curve25519.Signing.PublicKey

    /// RFC 8410: what stands before the 32 bytes of a public key.
    private static let prefix: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]

    init(_ key: Curve25519.Signing.PublicKey) { self.key = key }

    /// The key of a PEM file's text; nil if it is of another form.
    package init?(pem: String) {
        guard let bytes = Pem.bytes(pem, "PUBLIC KEY"), bytes.starts(with: AuditPublicKey.prefix),
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes.dropFirst(AuditPublicKey.prefix.count))
        else { return nil }
        self.key = key
    }

    /// As OpenSSL reads it.
    package var pem: String { Pem.text(AuditPublicKey.prefix + Array(key.rawRepresentation), "PUBLIC KEY") }

    func isValid(_ signature: [UInt8], of bytes: [UInt8]) -> Bool { key.isValidSignature(signature, for: bytes) }
}

/// PEM (RFC 7468) of what fits on one line.
private enum Pem {
    static func text(_ bytes: [UInt8], _ label: String) -> String {
        "-----BEGIN \(label)-----\n\(Data(bytes).base64EncodedString())\n-----END \(label)-----\n"
    }

    static func bytes(_ text: String, _ label: String) -> [UInt8]? {
        let lines = text.split(whereSeparator: \.isNewline)
        guard lines.count >= 3, lines.first == "-----BEGIN \(label)-----", lines.last == "-----END \(label)-----" else { return nil }
        return Data(base64Encoded: lines.dropFirst().dropLast().joined()).map { Array($0) }
    }
}
