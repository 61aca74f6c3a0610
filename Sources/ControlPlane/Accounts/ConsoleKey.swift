import Crypto
import Foundation
import Registry

/// The state folder's own key: seals what the registry must not hold in the clear, and binds forms to whoever was shown them. A registry copied
/// without `console.key` gives nobody a code.
package struct ConsoleKey: Sendable {
    private let sealing: SymmetricKey
    private let forms: SymmetricKey

    /// From 32 bytes, of which each use has a key of its own.
    init(bytes: [UInt8]) {
        let whole = SymmetricKey(data: bytes)
        func part(_ use: String) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(inputKeyMaterial: whole, info: Data(use.utf8), outputByteCount: 32)
        }
        sealing = part("totp secrets")
        forms = part("form tokens")
    }

    /// The key of a state folder; made, readable by its owner alone, where there is none.
    package init(stateDirectory: String, random: RandomBytes = systemRandomBytes) throws(RegistryError) {
        let path = stateDirectory + "/console.key"
        do {
            let bytes = try FileLock.holding(stateDirectory + "/registry.lock", seconds: Limits.busySeconds) { () throws -> [UInt8] in
                if let kept = FileManager.default.contents(atPath: path) { return Array(kept) }
                let new = random(32)
                // Under another name first: a crash in between must not leave half a key.
                let draft = path + ".new"
                try? FileManager.default.removeItem(atPath: draft)
                guard FileManager.default.createFile(atPath: draft, contents: Data(new), attributes: [.posixPermissions: 0o600]) else {
                    throw RegistryError.storage("cannot write \(path): the folder cannot be written")
                }
                try FileManager.default.moveItem(atPath: draft, toPath: path)
                return new
            }
            guard bytes.count == 32 else { throw RegistryError.storage("\(path) is damaged: it must have 32 bytes") }
            self.init(bytes: bytes)
        } catch let error as RegistryError { throw error } catch { throw RegistryError.storage(error, doing: "read \(path)") }
    }

    /// Seals a secret (AES-GCM) for one account: moved to another's row, it does not open.
    func seal(_ secret: [UInt8], for account: String) throws -> Data {
        guard let sealed = try AES.GCM.seal(secret, using: sealing, authenticating: Data(account.utf8)).combined else {
            preconditionFailure("a box with a nonce of 12 bytes has a combined form")
        }
        return sealed
    }

    /// Opens what was sealed for the account.
    func open(_ sealed: Data, for account: String) throws(RegistryError) -> [UInt8] {
        do {
            return Array(try AES.GCM.open(AES.GCM.SealedBox(combined: sealed), using: sealing, authenticating: Data(account.utf8)))
        } catch {
            throw .storage(
                "the code secret of \(account) cannot be opened: console.key is not the one it was sealed with; recover the account")
        }
    }

    /// What a form carries so that only whoever was shown it can send it: bound to a session's secret, or to a visit's.
    func formToken(for visit: SecretToken) -> String {
        Data(HMAC<SHA256>.authenticationCode(for: Data(visit.text.utf8), using: forms)).base64EncodedString()
    }

    /// Whether a form was shown to this visit.
    func isFormToken(_ text: String, for visit: SecretToken) -> Bool { isSame(text.utf8, formToken(for: visit).utf8) }
}
