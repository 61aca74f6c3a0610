import Synchronization
import Testing
import Transport

/// Clients that call one after the other on kept connections, and connect again where an answer says that it was the last.
final class KeptLoad: Sendable {
    /// What they have seen.
    struct Tally {
        var byStatus: [Int: Int] = [:]
        /// Calls without an answer, and connections refused.
        var failed = 0
        var connections = 0
    }

    private let tally = Mutex(Tally())
    private let isOver = Atomic<Bool>(false)
    private let threads = Mutex<[Threads.Handle]>([])

    init(clients: Int, port: Int) throws {
        for _ in 0..<clients {
            let thread = try Threads.start { [self] in callOn(port) }
            threads.withLock { $0.append(thread) }
        }
    }

    var soFar: Tally { tally.withLock { $0 } }

    /// Stops it and gives what was seen.
    func end() -> Tally {
        isOver.store(true, ordering: .relaxed)
        threads.withLock { $0 }.forEach(Threads.join)
        return soFar
    }

    private func callOn(_ port: Int) {
        var connection: Caller?
        while !isOver.load(ordering: .relaxed) {
            if connection == nil {
                connection = try? Caller(port: port)
                tally.withLock { $0.connections += 1 }
            }
            let answer = connection?.call()
            tally.withLock { tally in
                if let answer { tally.byStatus[answer.status, default: 0] += 1 } else { tally.failed += 1 }
            }
            if answer?.isKept != true { connection = nil }
        }
    }
}
