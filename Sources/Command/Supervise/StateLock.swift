import Foundation
import Glibc

/// At most one `gateway serve` on a state folder. The lock is the kernel's and ends with this process, however that ends; the file's text
/// is for people.
final class StateLock {
    private let handle: FileHandle

    /// Takes the lock, making the folder where it is missing, or says who has it.
    init(stateDirectory: String) throws {
        let path = stateDirectory + "/serve.lock"
        let manager = FileManager.default
        do {
            if !manager.fileExists(atPath: stateDirectory) {
                try manager.createDirectory(
                    atPath: stateDirectory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            }
            if !manager.fileExists(atPath: path) {
                try? Data().write(to: URL(fileURLWithPath: path), options: .withoutOverwriting)
            }
        } catch {
            throw Failure("cannot make the state folder \(stateDirectory): \(error.localizedDescription)")
        }
        guard let handle = FileHandle(forUpdatingAtPath: path) else {
            throw Failure("cannot lock the state folder \(stateDirectory): \(path) cannot be written")
        }
        guard flock(handle.fileDescriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = (try? handle.readToEnd()).flatMap { $0 }.map { String(decoding: $0, as: UTF8.self) } ?? ""
            let pid = Int(holder.trimmingCharacters(in: .whitespacesAndNewlines)).map { " (pid \($0))" } ?? ""
            throw Failure(
                "another 'gateway serve'\(pid) serves the state folder \(stateDirectory): stop it first, or name another with --state")
        }
        self.handle = handle
        // The lock holds whether or not its holder's name can be written: the disk may be full.
        try? handle.truncate(atOffset: 0)
        try? handle.write(contentsOf: Data("\(getpid())\n".utf8))
    }

    /// Who serves the folder; throws where nobody does.
    static func holder(of stateDirectory: String) throws -> Int32 {
        let nobody = Failure("no 'gateway serve' runs on the state folder \(stateDirectory): start it, or name its folder with --state")
        guard let handle = FileHandle(forReadingAtPath: stateDirectory + "/serve.lock") else { throw nobody }
        // The lock says whether anyone serves, not the text, which outlives its writer.
        guard flock(handle.fileDescriptor, LOCK_SH | LOCK_NB) != 0 else { throw nobody }
        let text = try handle.readToEnd().map { String(decoding: $0, as: UTF8.self) } ?? ""
        guard let pid = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)), pid > 1 else {
            throw Failure("\(stateDirectory)/serve.lock does not say who serves the folder: send SIGUSR2 to 'gateway serve'")
        }
        return pid
    }

    /// Lets go of the folder.
    func release() { try? handle.close() }
}
