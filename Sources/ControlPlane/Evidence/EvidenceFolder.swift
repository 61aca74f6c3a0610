import Crypto
import Foundation
import Glibc
import Registry

/// The files of evidence, in `evidence` of a state folder, each under the SHA-256 of its content: outside of anything that is served.
struct EvidenceFolder {
    private let path: String

    init(stateDirectory: String) { path = stateDirectory + "/evidence" }

    /// Keeps a file: whole and on disk before this returns, readable by its owner only. The same content twice is one file.
    func keep(_ bytes: [UInt8]) throws(RegistryError) -> Registry.Digest {
        let digest = EvidenceFolder.digest(of: bytes)
        do {
            if try content(digest) != nil { return digest }
            let manager = FileManager.default
            try manager.createDirectory(atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            // Made beside, synced and renamed by Foundation; nobody else may enter the folder before its mode is set.
            try Data(bytes).write(to: URL(fileURLWithPath: file(digest)), options: .atomic)
            try manager.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file(digest))
            guard let folder = FileHandle(forReadingAtPath: path), fsync(folder.fileDescriptor) == 0 else {
                throw RegistryError.storage("cannot sync the folder \(path)")
            }
            try folder.close()
            return digest
        } catch let error as RegistryError { throw error } catch {
            throw RegistryError.storage("cannot keep evidence in \(path): \(error.localizedDescription)")
        }
    }

    /// A file's content, or nil where it is not kept, or no longer what it was.
    func content(_ digest: Registry.Digest) throws(RegistryError) -> [UInt8]? {
        guard let content = FileManager.default.contents(atPath: file(digest)) else { return nil }
        let bytes = Array(content)
        return EvidenceFolder.digest(of: bytes) == digest ? bytes : nil
    }

    private func file(_ digest: Registry.Digest) -> String { path + "/" + CertificateText.text(digest) }

    static func digest(of bytes: [UInt8]) -> Registry.Digest {
        guard let digest = Registry.Digest(Array(SHA256.hash(data: bytes))) else { preconditionFailure("SHA-256 has 32 bytes") }
        return digest
    }
}
