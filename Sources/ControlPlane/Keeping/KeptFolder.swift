import Crypto
import Foundation
import Glibc
import Registry

/// A folder that is written beside its place and comes there whole, readable by its owner only.
struct KeptFolder {
    /// Where it is written.
    let beside: String
    private let place: String

    private static let pieceBytes = 1 << 20

    /// Begins a folder for a place where there is nothing yet.
    init(for place: String) throws {
        self.place = URL(fileURLWithPath: place).standardizedFileURL.path
        beside = self.place + ".partial-\(getpid())"
        guard KeptFolder.isFree(place) else { throw BackupFault("\(place) is there and not empty: name an empty or a new folder") }
        try FileManager.default.createDirectory(
            atPath: beside, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    /// Whether nothing is there, or an empty folder.
    static func isFree(_ place: String) -> Bool {
        guard FileManager.default.fileExists(atPath: place) else { return true }
        return (try? FileManager.default.contentsOfDirectory(atPath: place).isEmpty) ?? false
    }

    /// All files below a folder by their paths from there, in order; what is hidden and what is no plain file are none.
    static func files(below folder: String) throws -> [String] {
        let manager = FileManager.default
        guard manager.fileExists(atPath: folder) else { return [] }
        return try manager.subpathsOfDirectory(atPath: folder).filter { path in
            guard !path.split(separator: "/").contains(where: { $0.hasPrefix(".") }) else { return false }
            return try manager.attributesOfItem(atPath: folder + "/" + path)[.type] as? FileAttributeType == .typeRegular
        }.sorted()
    }

    /// Copies a file into the folder.
    func copy(_ source: String, to path: String) throws {
        let target = beside + "/" + path
        try FileManager.default.createDirectory(
            atPath: URL(fileURLWithPath: target).deletingLastPathComponent().path, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        try FileManager.default.copyItem(atPath: source, toPath: target)
    }

    /// Puts the folder in its place, on disk before it is there.
    func arrive() throws {
        for path in try FileManager.default.subpathsOfDirectory(atPath: beside) {
            let whole = beside + "/" + path
            let type = try FileManager.default.attributesOfItem(atPath: whole)[.type] as? FileAttributeType
            try FileManager.default.setAttributes(
                [.posixPermissions: type == .typeDirectory ? 0o700 : 0o600], ofItemAtPath: whole)
            try KeptFolder.sync(whole)
        }
        try KeptFolder.sync(beside)
        try makeRoom()
        try FileManager.default.moveItem(atPath: beside, toPath: place)
        try KeptFolder.sync(URL(fileURLWithPath: place).deletingLastPathComponent().path)
    }

    /// A fault of the world as a sentence; others are one already.
    static func explained(_ error: any Error, _ what: String) -> any Error {
        error is CocoaError ? BackupFault("\(what): \(error.localizedDescription)") : error
    }

    /// Leaves nothing behind.
    func abandon() { try? FileManager.default.removeItem(atPath: beside) }

    /// A file's length and SHA-256.
    static func facts(of path: String) throws -> (bytes: Int64, sha256: String) {
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        defer { try? file.close() }
        var (hash, bytes) = (SHA256(), Int64(0))
        while let piece = try file.read(upToCount: pieceBytes), !piece.isEmpty {
            hash.update(data: piece)
            bytes += Int64(piece.count)
        }
        return (bytes, HexText.text(Array(hash.finalize())))
    }

    /// Takes an empty folder out of the way: moved first, so that nothing is removed that came into it meanwhile.
    private func makeRoom() throws {
        guard FileManager.default.fileExists(atPath: place) else { return }
        let aside = beside + ".before"
        try FileManager.default.moveItem(atPath: place, toPath: aside)
        guard KeptFolder.isFree(aside) else {
            try FileManager.default.moveItem(atPath: aside, toPath: place)
            throw BackupFault("\(place) is not empty any more")
        }
        try FileManager.default.removeItem(atPath: aside)
    }

    private static func sync(_ path: String) throws {
        guard let file = FileHandle(forReadingAtPath: path), fsync(file.fileDescriptor) == 0 else {
            throw BackupFault("\(path) cannot be written to disk")
        }
        try file.close()
    }
}
