import CTransport
import Glibc

/// A system call's failure: which call, on what, and the system's number for it.
package struct SystemFault: Error, CustomStringConvertible {
    /// The call and its object, such as "bind 127.0.0.1:8080".
    package var doing: String
    /// `errno`.
    package var number: Int32

    init(_ doing: String, number: Int32 = errno) {
        self.doing = doing
        self.number = number
    }

    /// The sentence for people.
    package var description: String { "\(doing): \(unsafe String(cString: strerror(number)))" }
}

/// Whole files read and looked at, without Foundation.
package enum FileReading {
    /// What tells one version of a file from the next without reading it.
    package struct Mark: Equatable, Sendable {
        var device: UInt
        var inode: UInt
        var size: Int
        var seconds: Int
        var nanoseconds: Int
        /// Wall seconds at which the file came to its name, or was changed last, in whatever way.
        var changedSeconds: Int
    }

    /// The file's mark, or nil where there is no file.
    package static func mark(_ path: String) -> Mark? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        return Mark(
            device: status.st_dev, inode: status.st_ino, size: status.st_size, seconds: status.st_mtim.tv_sec,
            nanoseconds: status.st_mtim.tv_nsec, changedSeconds: status.st_ctim.tv_sec)
    }

    /// The file's bytes, at most so many.
    package static func read(_ path: String, limitBytes: Int) throws -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemFault("open \(path)") }
        defer { Glibc.close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: TransportLimits.filePieceBytes)
        while true {
            let count = unsafe piece.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            guard count >= 0 else { throw SystemFault("read \(path)") }
            guard count > 0 else { return bytes }
            bytes.append(contentsOf: piece[0..<count])
            guard bytes.count <= limitBytes else { throw SystemFault("read \(path)", number: EFBIG) }
        }
    }

    /// Puts a short text at a path in one step: whoever reads sees the old file or the new one.
    package static func replace(_ path: String, with text: String) throws {
        let beside = "\(path).\(getpid())"
        let descriptor = unsafe open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SystemFault("open \(beside)") }
        defer { Glibc.close(descriptor) }
        let bytes = Array(text.utf8)
        let written = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
        guard written == bytes.count, unsafe rename(beside, path) == 0 else {
            let fault = SystemFault("write \(path)")
            unsafe unlink(beside)
            throw fault
        }
    }

    /// Removes a file, if it is there.
    package static func remove(_ path: String) { unsafe unlink(path) }
}
