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

    /// A segment that is there and cannot be read just now: another user's, on a disk that fails, or there is no descriptor left. Later it may be.
    package struct Unreadable: Error, CustomStringConvertible {
        let file: String
        let reason: String

        init(_ path: String, _ error: any Error) {
            file = SegmentFile.name(of: path)
            reason = SegmentFolder.reason(error)
        }

        /// A part of a sentence.
        package var description: String { "\(file) cannot be read for now (\(reason))" }
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
            do { files.formUnion(try FileManager.default.contentsOfDirectory(atPath: path)) } catch {
                throw RegistryError.storage("cannot look into \(path): \(SegmentFolder.reason(error))")
            }
        }
        return [SegmentName](files: files)
    }

    /// What the system said stands behind what Foundation makes of it, which often is a number.
    private static func reason(_ error: any Error) -> String {
        let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
        return (cause ?? error as NSError).localizedDescription
    }

    /// Opens a segment in whichever form it now has.
    func open(_ entry: SegmentName) throws -> SegmentFile {
        let names = entry.isSealed ? [entry] : [entry.inOtherForm, entry, entry.inOtherForm]
        for name in names {
            if let file = try SegmentFile(at: "\(path)/\(name.file)") { return file }
        }
        throw Gone(entry: entry)
    }
}

/// An open segment: what is removed stays readable.
final class SegmentFile {
    let path: String
    private let handle: FileHandle

    /// Nil where it is not there.
    init?(at path: String) throws {
        do {
            handle = try FileHandle(forReadingFrom: URL(filePath: path, directoryHint: .notDirectory))
        } catch {
            if (error as? CocoaError)?.code == .fileReadNoSuchFile { return nil }
            throw SegmentFolder.Unreadable(path, error)
        }
        self.path = path
    }

    deinit { try? handle.close() }

    /// The file's name.
    var name: String { SegmentFile.name(of: path) }

    static func name(of path: String) -> String {
        String(path[(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)...])
    }

    /// Whether it has the form that nobody writes any more.
    var isSealed: Bool { path.hasSuffix(".sealed") }

    /// Its bytes now.
    func byteCount() throws -> Int { try reading { Int(try handle.seekToEnd()) } }

    /// Gives its bytes, fewer where it ends before.
    func bytes(from offset: Int, count: Int) throws -> [UInt8] {
        try reading {
            try handle.seek(toOffset: UInt64(offset))
            var bytes: [UInt8] = []
            while bytes.count < count, let piece = try handle.read(upToCount: count - bytes.count), !piece.isEmpty { bytes += piece }
            return bytes
        }
    }

    private func reading<Value>(_ body: () throws -> Value) throws -> Value {
        do { return try body() } catch { throw SegmentFolder.Unreadable(path, error) }
    }

    /// The same as the readers of segments ask for it.
    var source: SegmentSource { { [self] offset, count in try bytes(from: offset, count: count) } }

    /// A reader of all that is in it.
    func reader() throws -> SegmentReader { try SegmentReader(source, byteCount: try byteCount()) }
}
