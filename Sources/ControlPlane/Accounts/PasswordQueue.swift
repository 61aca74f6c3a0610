import Foundation
import Synchronization

/// Where passwords are hashed: one at a time, on a thread that no task waits on, and few wait their turn. So many sign-ins at once can neither
/// take the memory nor keep pages, probes and the publishing of snapshots from their threads.
package final class PasswordQueue: Sendable {
    /// Whose password it is, as far as that can be told before it is hashed.
    enum Asker: Hashable, Sendable {
        /// Somebody who is signed in, holds a link, or comes from where the account has signed in before.
        case known
        /// Anybody else, at an address (of IPv6 a /64).
        case stranger(at: String)
    }

    /// What new passwords cost, and what an account that does not exist costs.
    let cost: PasswordCost
    private let queue = DispatchQueue(label: "passwords", qos: .utility)
    private let places = Mutex(PasswordPlaces())

    /// A queue of its own thread.
    package init(cost: PasswordCost = .standard) { self.cost = cost }

    /// Runs the work in its turn; `SignInRefusal.busy` where too many wait already.
    func run<Value: Sendable>(for asker: Asker, _ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        guard places.withLock({ $0.take(for: asker) }) else { throw SignInRefusal.busy }
        defer { places.withLock { $0.giveBack(of: asker) } }
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try work() }) }
        }
    }
}

/// Who waits. Strangers have half of the places, and one address few of them: who fills those keeps neither people at their usual place nor
/// links out. Newcomers such a crowd does keep out, as long as it spends five attempts a second: of an address's attempts twenty come at
/// once and then one in thirty seconds, so that this takes 150 addresses for as long as it lasts; a link from an admin goes around it.
struct PasswordPlaces: Sendable {
    private(set) var taken = 0
    private var strangers: [String: Int] = [:]

    private var strangersTaken: Int { strangers.values.reduce(0, +) }

    /// Takes a place, or none where there is none for this asker.
    mutating func take(for asker: PasswordQueue.Asker) -> Bool {
        guard taken < Limits.passwordsWaiting else { return false }
        if case .stranger(let address) = asker {
            guard strangersTaken < Limits.strangersPasswordsWaiting, strangers[address, default: 0] < Limits.passwordsWaitingPerAddress
            else {
                return false
            }
            strangers[address, default: 0] += 1
        }
        taken += 1
        return true
    }

    mutating func giveBack(of asker: PasswordQueue.Asker) {
        taken -= 1
        guard case .stranger(let address) = asker, let count = strangers[address] else { return }
        strangers[address] = count > 1 ? count - 1 : nil
    }
}
