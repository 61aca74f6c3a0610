import Glibc

/// Threads and signals, as far as a data plane needs them.
package enum Threads {
    private final class Work {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// A thread's name, to wait for its end.
    package struct Handle: Sendable {
        fileprivate let thread: pthread_t
    }

    /// Starts a thread with a stack of 1 MiB.
    package static func start(_ body: @escaping @Sendable () -> Void) throws -> Handle {
        var thread = pthread_t()
        let work = unsafe Unmanaged.passRetained(Work(body)).toOpaque()
        let outcome = unsafe pthread_create(
            &thread, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            }, work)
        guard outcome == 0 else {
            unsafe Unmanaged<Work>.fromOpaque(work).release()
            throw SystemFault("start a thread", number: outcome)
        }
        return Handle(thread: thread)
    }

    /// Waits for a thread's end.
    package static func join(_ handle: Handle) { _ = pthread_join(handle.thread, nil) }

    /// Waits so long.
    package static func pause(milliseconds: Int) { usleep(UInt32(milliseconds) * 1_000) }

    /// Keeps SIGTERM and SIGINT from ending the process, in this thread and all started after: `waitForEnd` takes them. SIGPIPE is ignored.
    package static func holdSignals() {
        signal(SIGPIPE, SIG_IGN)
        signal(SIGHUP, SIG_IGN)
        var set = endSignals()
        unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Waits for SIGTERM or SIGINT.
    package static func waitForEnd() {
        var set = endSignals()
        var received: Int32 = 0
        while unsafe sigwait(&set, &received) != 0 {}
    }

    /// Sends this process a SIGTERM.
    package static func askToEnd() { kill(getpid(), SIGTERM) }

    /// The process that started this one.
    package static var parent: Int32 { getppid() }

    /// Writes a line to standard error, whole.
    package static func writeError(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe write(2, $0.baseAddress, $0.count) }
    }

    private static func endSignals() -> sigset_t {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        unsafe sigaddset(&set, SIGTERM)
        unsafe sigaddset(&set, SIGINT)
        return set
    }
}
