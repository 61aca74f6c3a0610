import CTransport
import Glibc
import Registry

/// What systemd is told of this process (sd_notify(3)); where nobody asked to be told, nothing happens.
package struct ServiceNotice: Sendable {
    private let path: String?
    /// How often `alive` has to be said at least, in milliseconds; nil where nobody waits for it.
    package let watchdogMilliseconds: Int64?

    /// By NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID; the last is taken away, so that a successor counts as what it becomes.
    package init() {
        self.init(
            path: Environs.text("NOTIFY_SOCKET"), watchdog: Environs.text("WATCHDOG_USEC"), watchdogProcess: Environs.text("WATCHDOG_PID"))
        unsafe unsetenv("WATCHDOG_PID")
    }

    init(path: String?, watchdog: String?, watchdogProcess: String?) {
        self.path = path
        let isOurs = watchdogProcess.map { Int32($0) == getpid() } ?? true
        watchdogMilliseconds = isOurs ? watchdog.flatMap(Int64.init).map { max(1, $0 / 1_000) } : nil
    }

    /// It serves. A successor names itself as the service's main process.
    package func ready(status: String, asMainProcess: Bool) {
        send("READY=1\nSTATUS=\(status)" + (asMainProcess ? "\nMAINPID=\(getpid())" : ""))
    }

    /// It is being replaced, and serves.
    package func reloading(status: String) {
        send("RELOADING=1\nSTATUS=\(status)\nMONOTONIC_USEC=\(SystemClock.now().monotonic.nanoseconds / 1_000)")
    }

    /// It ends.
    package func stopping(status: String) { send("STOPPING=1\nSTATUS=\(status)") }

    /// One line for people.
    package func status(_ text: String) { send("STATUS=\(text)") }

    /// All its loops turn.
    package func alive() { send("WATCHDOG=1") }

    private func send(_ text: String) {
        guard let path, let address = try? LocalAddress(path) else { return }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { Glibc.close(descriptor) }
        let bytes = Array(text.utf8)
        _ = unsafe address.withSystemForm { form, length in
            unsafe bytes.withUnsafeBytes { unsafe sendto(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL), form, length) }
        }
    }
}
