import Crypto
import Foundation
import GRDB
import Glibc
import Registry

/// The files of evidence, in `evidence` of a state folder, each under the SHA-256 of its content: outside of anything that is served.
struct EvidenceFolder {
    private let path: String

    /// What is held by whoever removes files, and by whoever copies them together with the rows that name them.
    let lock: String

    /// The end of a file's name until all of it is on disk.
    static let unfinished = ".new"

    init(stateDirectory: String) {
        path = stateDirectory + "/evidence"
        lock = stateDirectory + "/evidence.lock"
    }

    /// Keeps a file: whole and on disk before this returns, readable by its owner only. The same content twice is one file. To be called
    /// within the transaction that names it, which lets one in at a time.
    func keep(_ bytes: [UInt8]) throws(RegistryError) -> Registry.Digest {
        let digest = EvidenceFolder.digest(of: bytes)
        do {
            if try content(digest) != nil { return digest }
            let manager = FileManager.default
            if !manager.fileExists(atPath: path) {
                try manager.createDirectory(atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
                try EvidenceFolder.sync(URL(fileURLWithPath: path).deletingLastPathComponent().path)
            }
            // On disk under another name before it has its own, and the name before the row that says so.
            let fresh = file(digest) + EvidenceFolder.unfinished
            guard manager.createFile(atPath: fresh, contents: Data(bytes), attributes: [.posixPermissions: 0o600]) else {
                throw RegistryError.storage("cannot keep evidence in \(path): the folder cannot be written")
            }
            try EvidenceFolder.sync(fresh)
            try? manager.removeItem(atPath: file(digest))
            try manager.moveItem(atPath: fresh, toPath: file(digest))
            try EvidenceFolder.sync(path)
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

    /// Removes what is none of these: erased, or left by a crash before the row was there. Returns how many files it was.
    func sweep(keeping digests: Set<Registry.Digest>) throws(RegistryError) -> Int {
        let kept = Set(digests.map { CertificateText.text($0) })
        let strays = ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).filter { !kept.contains($0) }
        do { for name in strays { try FileManager.default.removeItem(atPath: path + "/" + name) } } catch {
            throw RegistryError.storage("cannot remove what nobody names in \(path): \(error.localizedDescription)")
        }
        return strays.count
    }

    /// Of which files there are rows that were not erased.
    static func digestsInUse(_ database: Database) throws -> Set<Registry.Digest> {
        let sql = "SELECT DISTINCT digest FROM evidence WHERE erased IS NULL"
        return Set(try Data.fetchAll(database, sql: sql).compactMap { Registry.Digest(Array($0)) })
    }

    private static func sync(_ path: String) throws {
        guard let file = FileHandle(forReadingAtPath: path), fsync(file.fileDescriptor) == 0 else {
            throw RegistryError.storage("cannot write \(path) to disk")
        }
        try file.close()
    }

    private func file(_ digest: Registry.Digest) -> String { path + "/" + CertificateText.text(digest) }

    static func digest(of bytes: [UInt8]) -> Registry.Digest {
        guard let digest = Registry.Digest(Array(SHA256.hash(data: bytes))) else { preconditionFailure("SHA-256 has 32 bytes") }
        return digest
    }
}
