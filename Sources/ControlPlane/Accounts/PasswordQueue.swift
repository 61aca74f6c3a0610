import Foundation
import Synchronization

/// Where passwords are hashed: one at a time, on a thread that no task waits on, and few wait their turn. So many sign-ins at once can neither
/// take the memory nor keep pages, probes and the publishing of snapshots from their threads.
package final class PasswordQueue: Sendable {
    /// What new passwords cost, and what an account that does not exist costs.
    let cost: PasswordCost
    private let queue = DispatchQueue(label: "passwords", qos: .utility)
    private let waiting = Mutex(0)

    /// A queue of its own thread.
    package init(cost: PasswordCost = .standard) { self.cost = cost }

    /// Runs the work in its turn; `SignInRefusal.busy` where too many wait already.
    func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        let hasRoom = waiting.withLock { waiting in
            guard waiting < Limits.passwordsWaiting else { return false }
            waiting += 1
            return true
        }
        guard hasRoom else { throw SignInRefusal.busy }
        defer { waiting.withLock { $0 -= 1 } }
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try work() }) }
        }
    }
}
