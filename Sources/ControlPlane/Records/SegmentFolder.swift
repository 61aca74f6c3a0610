package import Decisions
import Foundation
import Registry

/// The folder of decision records as its readers see it: one process or none writes it, and nobody is asked.
package struct SegmentFolder: Sendable {
    /// The folder's path; it need not be there.
    package let path: String

    /// A segment that somebody removed while it was looked for.
    package struct Gone: Error, CustomStringConvertible {
        let entry: SegmentName

        /// One sentence.
        package var description: String { "the segment \(entry.file) was removed while it was read: it was the oldest, ask again" }
    }

    /// The folder at that path.
    package init(_ path: String) { self.path = path }

    /// All segments, the oldest first; none where there is no folder.
    ///
    /// One is sealed beside itself, renamed, and its live form is removed: one look may miss both forms, two looks together cannot.
    package func entries() throws -> [SegmentName] {
        var files: Set<String> = []
        for _ in 0..<2 {
            guard FileManager.default.fileExists(atPath: path) else { return [] }
            files.formUnion(try FileManager.default.contentsOfDirectory(atPath: path))
        }
        return [SegmentName](files: files)
    }

    /// Opens a segment in whichever form it now has.
    func open(_ entry: SegmentName) throws -> SegmentFile {
        let names = entry.isSealed ? [entry] : [entry.inOtherForm, entry, entry.inOtherForm]
        let paths = names.map { "\(path)/\($0.file)" }
        for path in paths {
            if let file = SegmentFile(at: path) { return file }
        }
        if let there = paths.first(where: { FileManager.default.fileExists(atPath: $0) }) {
            throw RegistryError.storage("\(there) cannot be read: is it another user's?")
        }
        throw Gone(entry: entry)
    }
}

/// An open segment: what is removed stays readable.
final class SegmentFile {
    let path: String
    private let handle: FileHandle

    /// Nil where it is not there.
    init?(at path: String) {
        guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
        self.path = path
        self.handle = handle
    }

    deinit { try? handle.close() }

    /// The file's name.
    var name: String { String(path[(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)...]) }

    /// Whether it has the form that nobody writes any more.
    var isSealed: Bool { path.hasSuffix(".sealed") }

    /// Its bytes now.
    func byteCount() throws -> Int { Int(try handle.seekToEnd()) }

    /// Gives its bytes, fewer where it ends before.
    func bytes(from offset: Int, count: Int) throws -> [UInt8] {
        try handle.seek(toOffset: UInt64(offset))
        var bytes: [UInt8] = []
        while bytes.count < count, let piece = try handle.read(upToCount: count - bytes.count), !piece.isEmpty { bytes += piece }
        return bytes
    }

    /// The same as the readers of segments ask for it.
    var source: SegmentSource { { [self] offset, count in try bytes(from: offset, count: count) } }

    /// A reader of all that is in it.
    func reader() throws -> SegmentReader { try SegmentReader(source, byteCount: try byteCount()) }
}
