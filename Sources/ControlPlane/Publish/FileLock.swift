import Foundation
import Glibc

/// A lock between processes, exclusive unless it is shared, held on a file of a state folder (flock: it ends with its holder, however that ends).
enum FileLock {
    /// Runs the body while no other process holds the lock; gives up after some seconds.
    static func holding<Value>(_ path: String, seconds: Int, isShared: Bool = false, _ body: () throws -> Value) throws -> Value {
        if let value = try holding(path, attempts: seconds * 100 + 1, isShared: isShared, body) { return value }
        throw isHeld(path, seconds: seconds)
    }

    /// Runs the body if no other process holds the lock now; nil if one does. Never waits: for tasks, whose threads are few.
    static func holdingIfFree<Value>(_ path: String, _ body: () throws -> Value) throws -> Value? {
        try holding(path, attempts: 1, body)
    }

    /// Somebody keeps the lock.
    static func isHeld(_ path: String, seconds: Int) -> RegistryError {
        .storage("another process has held \(path) for \(seconds) s")
    }

    private static func holding<Value>(
        _ path: String, attempts: Int, isShared: Bool = false, _ body: () throws -> Value
    ) throws -> Value? {
        if !FileManager.default.fileExists(atPath: path) {
            // Two processes may both get here: neither truncates what the other made.
            try? Data().write(to: URL(fileURLWithPath: path), options: .withoutOverwriting)
            try? FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        }
        guard let handle = FileHandle(forUpdatingAtPath: path) else {
            throw RegistryError.storage("cannot lock \(path): the file or its folder cannot be written")
        }
        defer { try? handle.close() }
        for attempt in 1...attempts {
            if flock(handle.fileDescriptor, (isShared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0 { return try body() }
            guard errno == EWOULDBLOCK || errno == EINTR else { throw RegistryError.storage("cannot lock \(path): error \(errno)") }
            if attempt < attempts { usleep(10_000) }
        }
        return nil
    }
}
