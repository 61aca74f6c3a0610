import Foundation

/// What computes for longer than a page may: one after the other, on a thread that no task waits on.
struct SlowWork: Sendable {
    private let queue = DispatchQueue(label: "console", qos: .utility)

    /// Runs the work in its turn.
    func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try work() }) }
        }
    }
}
