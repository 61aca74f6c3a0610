import CTransport
import Glibc

/// The signals a data plane listens to, as a descriptor (signalfd(2)), so that one thread can wait for them and for sockets at once.
package final class Signals {
    /// What a signal asks for.
    package enum Wish: Sendable {
        /// SIGTERM, SIGINT.
        case end
        /// SIGUSR2.
        case replace
    }

    private let descriptor: Int32

    /// Holds SIGTERM, SIGINT and SIGUSR2 back in this thread and all started after; SIGPIPE and SIGHUP are ignored.
    package init() throws {
        signal(SIGPIPE, SIG_IGN)
        signal(SIGHUP, SIG_IGN)
        var set = Signals.held()
        unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
        descriptor = unsafe signalfd(-1, &set, Int32(SFD_NONBLOCK | SFD_CLOEXEC))
        guard descriptor >= 0 else { throw SystemFault("signalfd") }
    }

    deinit { Glibc.close(descriptor) }

    /// Waits at most so long for a signal, or for something to read on one of these descriptors; gives the signal's wish.
    package func wait(watching others: [Int32] = [], milliseconds: Int32) -> Wish? {
        var watched = ([descriptor] + others).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        _ = unsafe poll(&watched, nfds_t(watched.count), milliseconds)
        var received = signalfd_siginfo()
        guard unsafe read(descriptor, &received, MemoryLayout<signalfd_siginfo>.size) == MemoryLayout<signalfd_siginfo>.size else {
            return nil
        }
        return received.ssi_signo == UInt32(SIGUSR2) ? .replace : .end
    }

    private static func held() -> sigset_t {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for signal in [SIGTERM, SIGINT, SIGUSR2] { unsafe sigaddset(&set, signal) }
        return set
    }
}
