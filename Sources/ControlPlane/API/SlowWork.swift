import Dispatch
import Synchronization

/// What computes or reads for longer than others can wait: one after the other, on a thread that no task waits on. What publishes has the tasks'
/// threads, of which there is one a core, and reads the registry through the same few readers: of these, this takes one.
package final class SlowWork: Sendable {
    /// So many wait already.
    package struct Busy: Error, CustomStringConvertible {
        /// In words.
        package var description: String { "so many wait for long work that no more can" }
    }

    private let queue: DispatchQueue
    private let waiting = Mutex(0)

    /// Work of one part of the control plane, by its name.
    package init(_ name: String) { queue = DispatchQueue(label: name, qos: .utility) }

    /// Runs the work in its turn, or throws `Busy`.
    package func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        let mayWait = waiting.withLock { waiting in
            guard waiting < Limits.slowWorkWaiting else { return false }
            waiting += 1
            return true
        }
        guard mayWait else { throw Busy() }
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { [self] in
                let result = Result { try work() }
                waiting.withLock { $0 -= 1 }
                continuation.resume(with: result)
            }
        }
    }
}
