import CTransport
import Glibc

/// The same program started again, from the file that lies at its path now.
package final class SuccessorProcess {
    /// Its process id.
    package let pid: Int32
    private var hasEnded = false

    /// Where this program was started from; read at the start, for the file may be replaced.
    package static func ownPath() throws -> String {
        guard let path = unsafe realpath("/proc/self/exe", nil) else { throw SystemFault("resolve /proc/self/exe") }
        defer { unsafe free(path) }
        return unsafe String(cString: path)
    }

    /// Starts it with these arguments and this process's environment, no signal held back, and no descriptor but the first three: what somebody
    /// left open in this process is not to outlive it.
    package init(_ path: String, _ arguments: [String]) throws {
        var words = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
        defer { unsafe words.forEach { unsafe free($0) } }
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        var started: pid_t = 0
        let outcome = unsafe posix_spawn(&started, path, &actions, &attributes, &words, environ)
        guard outcome == 0 else { throw SystemFault("start \(path)", number: outcome) }
        pid = started
    }

    /// How it ended, told once; nil while it runs.
    package func ending() -> String? {
        var status: Int32 = 0
        guard !hasEnded, unsafe waitpid(pid, &status, WNOHANG) == pid else { return nil }
        hasEnded = true
        return status & 0x7F == 0 ? "exited with status \(status >> 8 & 0xFF)" : "was ended by signal \(status & 0x7F)"
    }
}
