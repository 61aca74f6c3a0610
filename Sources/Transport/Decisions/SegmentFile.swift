import CTransport
import Glibc

/// A live segment's file: appended to in whole steps, locked as long as it is written, so that whoever finds it unlocked may seal it.
final class SegmentFile {
    private(set) var path: String
    private let descriptor: Int32
    /// Behind the last whole append, in bytes.
    private(set) var byteCount = 0

    /// A new file of that name, which nobody may have. It has its name only once it is locked: whoever lists the folder before sees none.
    convenience init(named final: String) throws {
        try self.init(at: final + ".begun")
        guard unsafe rename(path, final) == 0 else {
            let fault = SystemFault("make \(final)")
            remove()
            throw fault
        }
        path = final
    }

    /// A new file at a path where nobody looks, in place of what a killed process left there.
    init(at path: String) throws {
        self.path = path
        unsafe unlink(path)
        descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SystemFault("make \(path)") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw SystemFault("lock \(path)") }
    }

    // Also where `init` throws: everything is set by then.
    deinit { if descriptor >= 0 { Glibc.close(descriptor) } }

    /// Removes it.
    func remove() { unsafe unlink(path) }

    /// Waits until the disk has it.
    func settle() throws {
        guard fsync(descriptor) == 0 else { throw SystemFault("write \(path)") }
    }

    /// Appends the words, lowest byte first as this machine has them, or leaves the file as it was.
    func append(_ words: [UInt64]) throws {
        var written = 0
        let size = words.count * 8
        while written < size {
            let count = unsafe words.withUnsafeBytes { bytes in
                unsafe pwrite(descriptor, bytes.baseAddress.map { unsafe $0 + written }, size - written, off_t(byteCount + written))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let fault = SystemFault("write \(path)", number: count == 0 ? ENOSPC : errno)
                ftruncate(descriptor, off_t(byteCount))
                throw fault
            }
            written += count
        }
        byteCount += size
    }
}

/// The folder of segments: their names say when each was begun, so that names in order are segments in order.
struct SegmentFolder: Sendable {
    let path: String

    /// A segment as the folder lists it.
    struct Entry: Equatable {
        let name: String
        let byteCount: Int
        /// Wall milliseconds, from the name.
        let begunMilliseconds: Int64

        var isSealed: Bool { name.hasSuffix(".sealed") }
        var isLive: Bool { name.hasSuffix(".live") }
        /// What a killed process left half done: nobody writes it, unless it is locked.
        var isLeftOver: Bool { name.hasSuffix(".sealing") || name.hasSuffix(".begun") }

        /// Segments, those that are damaged, and what is on its way to be one.
        static let endings = [".live", ".sealed", ".damaged", ".sealing", ".begun"]
    }

    /// The folder of that path, whether it is there or not.
    init(at path: String) { self.path = path }

    /// Makes it where there is none: nobody else may read it.
    func make() throws {
        guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else { throw SystemFault("make \(path)") }
    }

    /// The names of all files in it.
    func files() throws -> [String] {
        guard let folder = unsafe opendir(path) else { throw SystemFault("read \(path)") }
        defer { unsafe closedir(folder) }
        var files: [String] = []
        while let next = unsafe readdir(folder) {
            files.append(
                unsafe withUnsafePointer(to: next.pointee.d_name) {
                    unsafe String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
                })
        }
        return files
    }

    /// All segments, the oldest first.
    func entries() throws -> [Entry] {
        var entries: [Entry] = []
        for name in try files() {
            guard Entry.endings.contains(where: { name.hasSuffix($0) }), let begun = Int64(name.prefix { $0 != "-" }) else { continue }
            var status = stat()
            guard unsafe fstatat(AT_FDCWD, "\(path)/\(name)", &status, 0) == 0 else { continue }
            entries.append(Entry(name: name, byteCount: status.st_size, begunMilliseconds: begun))
        }
        return entries.sorted { $0.name < $1.name }
    }

    /// Whether somebody writes this live segment.
    func isWritten(_ entry: Entry) -> Bool {
        let descriptor = unsafe open("\(path)/\(entry.name)", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { Glibc.close(descriptor) }
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0
    }

    /// Removes a segment; its readers, if any, keep what they have open. False where it cannot be removed.
    func remove(_ entry: Entry) -> Bool { unsafe unlink("\(path)/\(entry.name)") == 0 }

    /// Waits until the disk has the names.
    func settle() throws {
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemFault("open \(path)") }
        defer { Glibc.close(descriptor) }
        guard fsync(descriptor) == 0 else { throw SystemFault("write \(path)") }
    }
}
