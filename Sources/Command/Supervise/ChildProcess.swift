import Foundation
import Glibc
import Synchronization

/// One running process of a plan.
final class ChildProcess: Sendable {
    /// How a process ended.
    enum Ending: Sendable, CustomStringConvertible {
        case exited(Int32)
        case killed(signal: Int32)
        /// It runs on, and another one has its place.
        case replaced

        var description: String {
            switch self {
            case .exited(let status): "exited with status \(status)"
            case .killed(let signal): "was ended by signal \(signal)"
            case .replaced: "was replaced"
            }
        }
    }

    private enum Progress {
        case running
        case awaited(CheckedContinuation<Ending, Never>)
        /// Replaced before anyone waited.
        case replaced
        case ended(Ending)
    }

    /// What messages call it.
    let name: String
    /// The process's id.
    let pid: Int32
    private let process: Process
    private let progress: Progressing

    /// The state that the termination handler, on a thread of Foundation's, and the waiting task share.
    private final class Progressing: Sendable {
        private let state = Mutex<Progress>(.running)

        func end(_ ending: Ending) {
            let awaiting: CheckedContinuation<Ending, Never>? = state.withLock { state in
                defer { state = .ended(ending) }
                if case .awaited(let continuation) = state { return continuation }
                return nil
            }
            awaiting?.resume(returning: ending)
        }

        func replace() {
            let awaiting: CheckedContinuation<Ending, Never>? = state.withLock { state in
                switch state {
                case .awaited(let continuation):
                    state = .running
                    return continuation
                case .running:
                    state = .replaced
                    return nil
                case .replaced, .ended: return nil
                }
            }
            awaiting?.resume(returning: .replaced)
        }

        var endingSoFar: Ending? {
            state.withLock { state in
                if case .ended(let ending) = state { ending } else { nil }
            }
        }

        func ending() async -> Ending {
            await withCheckedContinuation { continuation in
                let ending: Ending? = state.withLock { state in
                    switch state {
                    case .ended(let ending): return ending
                    case .replaced:
                        state = .running
                        return .replaced
                    case .running, .awaited:
                        state = .awaited(continuation)
                        return nil
                    }
                }
                if let ending { continuation.resume(returning: ending) }
            }
        }
    }

    /// Starts it. What it says goes to stderr: stdout is for results.
    init(_ plan: ChildPlan) throws {
        let process = Process()
        let progress = Progressing()
        process.executableURL = URL(fileURLWithPath: plan.executable)
        process.arguments = plan.arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.standardError
        process.terminationHandler = { process in
            let status = process.terminationStatus
            progress.end(process.terminationReason == .uncaughtSignal ? .killed(signal: status) : .exited(status))
        }
        try process.run()
        self.process = process
        self.progress = progress
        name = plan.name
        pid = process.processIdentifier
    }

    /// Waits until it has ended or was replaced; one task may wait.
    func ending() async -> Ending { await progress.ending() }

    /// How it ended; nil while it runs.
    var endingSoFar: Ending? { progress.endingSoFar }

    /// Another one has its place: whoever waits for its end need not.
    func replace() { progress.replace() }

    /// Sends it a signal; nothing happens if it has ended.
    func send(_ signal: Int32) {
        if process.isRunning { kill(pid, signal) }
    }
}
