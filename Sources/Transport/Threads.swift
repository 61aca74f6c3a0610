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

    /// Lets every other thread of the machine go before this one; on Linux a thread has a priority of its own (setpriority(2)).
    package static func giveWay() { setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 19) }

    /// Sends this process a SIGTERM.
    package static func askToEnd() { kill(getpid(), SIGTERM) }

    /// This process.
    package static var process: Int32 { getpid() }

    /// The process that started this one.
    package static var parent: Int32 { getppid() }

    /// Writes a line to standard error, whole.
    package static func writeError(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe write(2, $0.baseAddress, $0.count) }
    }
}
