import Foundation
import Synchronization

/// A real process of a test, with what it has written so far.
package final class RunningProgram: Sendable {
    /// The process's id.
    package let pid: Int32
    private let process: Process
    private let output = Collected()
    private let errors = Collected()

    private final class Collected: Sendable {
        let bytes = Mutex<(bytes: [UInt8], isComplete: Bool)>(([], false))

        /// On a thread of its own: Foundation's `readabilityHandler` watches a descriptor that its handle may close while it is still watched, and
        /// the events of whatever has the number next end the tests in libdispatch.
        func collect(from pipe: Pipe) {
            let handle = pipe.fileHandleForReading
            Thread.detachNewThread {
                var isOver = false
                while !isOver {
                    let piece = handle.availableData
                    isOver = piece.isEmpty
                    self.bytes.withLock { collected in
                        collected.bytes += piece
                        collected.isComplete = isOver
                    }
                }
            }
        }

        var text: String { bytes.withLock { String(decoding: $0.bytes, as: UTF8.self) } }
        var isComplete: Bool { bytes.withLock { $0.isComplete } }
    }

    /// Starts it with these arguments, the environment of the tests and these variables.
    package init(_ program: String, _ arguments: [String], environment: [String: String] = [:]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        let (outputPipe, errorPipe) = (Pipe(), Pipe())
        process.standardOutput = outputPipe
        process.standardError = errorPipe
        output.collect(from: outputPipe)
        errors.collect(from: errorPipe)
        try process.run()
        self.process = process
        pid = process.processIdentifier
    }

    deinit {
        if process.isRunning { kill(pid, SIGKILL) }
        guard let kept = Kept.folder else { return }
        try? errors.text.write(toFile: "\(kept)/\(UUID().uuidString).stderr", atomically: true, encoding: .utf8)
    }

    /// What it wrote to stdout so far.
    package var outputSoFar: String { output.text }

    /// What it wrote to stderr so far.
    package var errorsSoFar: String { errors.text }

    /// Whether it still runs.
    package var isRunning: Bool { process.isRunning }

    /// Sends it a signal.
    package func send(_ signal: Int32) { kill(pid, signal) }

    /// Waits for its end; nil if it has not ended in time.
    package func status(withinSeconds seconds: Double = 30) async -> Int32? {
        // Its children may hold the pipes a little longer than it lives, and a machine with much to do may read them late.
        let hasEnded = await eventually(withinSeconds: seconds) { !process.isRunning }
        guard hasEnded else { return nil }
        _ = await eventually(withinSeconds: 10) { output.isComplete && errors.isComplete }
        return process.terminationReason == .uncaughtSignal ? 128 + process.terminationStatus : process.terminationStatus
    }
}
