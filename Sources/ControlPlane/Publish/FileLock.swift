import Foundation
import Glibc

/// An exclusive lock between processes, held on a file of a state folder (flock: it ends with its holder, however that ends).
enum FileLock {
    /// Runs the body while no other process holds the lock; gives up after some seconds.
    static func holding<Value>(_ path: String, seconds: Int, _ body: () throws -> Value) throws -> Value {
        if !FileManager.default.fileExists(atPath: path) {
            // Two processes may both get here: neither truncates what the other made.
            try? Data().write(to: URL(fileURLWithPath: path), options: .withoutOverwriting)
            try? FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        }
        guard let handle = FileHandle(forUpdatingAtPath: path) else {
            throw RegistryError.storage("cannot lock \(path): the file or its folder cannot be written")
        }
        defer { try? handle.close() }
        let attempts = seconds * 100
        for attempt in 0...attempts {
            if flock(handle.fileDescriptor, LOCK_EX | LOCK_NB) == 0 { return try body() }
            guard errno == EWOULDBLOCK || errno == EINTR else { throw RegistryError.storage("cannot lock \(path): error \(errno)") }
            if attempt < attempts { usleep(10_000) }
        }
        throw RegistryError.storage("another process has held \(path) for \(seconds) s")
    }
}
