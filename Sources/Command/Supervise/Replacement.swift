import Foundation
import Glibc
import Synchronization

// A running data plane replaced by the program that lies beside this one now: its successor takes the listening sockets over and says that it
// serves; only then the old one stops accepting, finishes what it has, and ends. Where that fails the old one never noticed.
extension Supervisor {
    /// A successor that is not ready by now will not be: a data plane waits 10 s for a snapshot.
    private static let readySeconds = 20
    /// How often one is looked at.
    private static let lookMilliseconds = 20

    /// A task that was cancelled waits too: by itself `Task.sleep` would return at once there, without letting anybody else run.
    private static func untilNextLook() async {
        await Task { try? await Task.sleep(for: .milliseconds(lookMilliseconds)) }.value
    }

    /// Replaces the data plane, and writes down what came of it. Who asks meanwhile gets the same outcome.
    func replaceDataPlane() async {
        guard let plan = plans.first(where: { $0.readyFile != nil }), let readyFile = plan.readyFile else { return }
        guard roster.withLock({ $0.replacing.insert(plan.name).inserted }) else {
            return Message.write("The data plane is being replaced already.")
        }
        let report = await replacement(of: plan, by: readyFile)
        // Before the outcome can be read: whoever asks after that is to be served.
        roster.withLock { _ = $0.replacing.remove(plan.name) }
        Message.write(report.text)
        do {
            try upgradeReport.write(isDone: report.isDone, report.text)
        } catch {
            Message.write(
                "The upgrade's outcome cannot be written down, so 'gateway upgrade' will not learn it: \(error.localizedDescription)")
        }
    }

    private func replacement(of plan: ChildPlan, by readyFile: String) async -> (isDone: Bool, text: String) {
        do {
            let (old, successor) = try start(plan)
            do {
                try await isReady(successor, by: readyFile)
                settle(plan, successor, after: old)
                return (true, "The data plane (pid \(old.pid)) was replaced by pid \(successor.pid), and finishes its requests.")
            } catch {
                roster.withLock { $0.arriving[plan.name] = nil }
                successor.send(SIGKILL)
                throw error
            }
        } catch let failure as Failure {
            return (false, "The data plane was not replaced: \(failure.description)")
        } catch {
            return (false, "The data plane was not replaced: \(error.localizedDescription)")
        }
    }

    private func start(_ plan: ChildPlan) throws -> (old: ChildProcess, successor: ChildProcess) {
        let old = roster.withLock { $0.isStopping ? nil : $0.running[plan.name] }
        guard let old else { throw Failure("it does not run") }
        let successor = try ChildProcess(plan)
        let isTooLate = roster.withLock { roster in
            roster.arriving[plan.name] = successor
            return roster.isStopping
        }
        if isTooLate { successor.send(SIGTERM) }
        return (old, successor)
    }

    /// Waits until it has written its process id, which it does when it serves.
    private func isReady(_ successor: ChildProcess, by file: String) async throws {
        let deadline = ContinuousClock.now + .seconds(Supervisor.readySeconds)
        while true {
            if Supervisor.hasSaid(successor, in: file) { return }
            if let ending = successor.endingSoFar { throw Failure("its successor (pid \(successor.pid)) \(ending)") }
            guard ContinuousClock.now < deadline else {
                throw Failure("its successor (pid \(successor.pid)) was not ready in \(Supervisor.readySeconds) s, and was ended")
            }
            await Supervisor.untilNextLook()
        }
    }

    /// Whether a process has written its id there, which it does when it serves.
    private static func hasSaid(_ child: ChildProcess, in file: String) -> Bool {
        FileManager.default.contents(atPath: file) == Data("\(child.pid)\n".utf8)
    }

    /// Whether the data plane that runs now has said that it serves.
    var isServing: Bool {
        plans.allSatisfy { plan in
            guard let file = plan.readyFile else { return true }
            return roster.withLock { $0.running[plan.name] }.map { Supervisor.hasSaid($0, in: file) } ?? false
        }
    }

    private func settle(_ plan: ChildPlan, _ successor: ChildProcess, after old: ChildProcess) {
        roster.withLock { roster in
            roster.arriving[plan.name] = nil
            roster.running[plan.name] = successor
            roster.leaving[old.pid] = old
        }
        old.replace()
        Task { await seeOff(old) }
    }

    /// Says how a replaced process ended; 0 is as it should be.
    private func seeOff(_ old: ChildProcess) async {
        while true {
            if let ending = old.endingSoFar {
                Message.write("The \(old.name) before (pid \(old.pid)) \(ending).")
                return roster.withLock { $0.leaving[old.pid] = nil }
            }
            await Supervisor.untilNextLook()
        }
    }

    /// Who has the place of a process that ended or was replaced; nil where nobody took it. An end in the middle of a replacement waits for its
    /// outcome: the successor has the sockets already.
    func successor(of child: ChildProcess, under plan: ChildPlan) async -> ChildProcess? {
        while roster.withLock({ $0.replacing.contains(plan.name) }) {
            await Supervisor.untilNextLook()
        }
        let running = roster.withLock { $0.running[plan.name] }
        return running === child ? nil : running
    }

    /// Waits until those who were replaced have ended too.
    func everyoneHasLeft() async {
        while roster.withLock({ $0.all.contains { $0.endingSoFar == nil } }) {
            await Supervisor.untilNextLook()
        }
    }
}

/// What came of the last upgrade, in a file of the state folder: the command that asked for it reads it there.
struct UpgradeReport: Sendable {
    private let path: String

    init(stateDirectory: String) { path = stateDirectory + "/upgrade" }

    /// Forgets the last one.
    func clear() throws {
        guard FileManager.default.fileExists(atPath: path) else { return }
        try FileManager.default.removeItem(atPath: path)
    }

    func write(isDone: Bool, _ text: String) throws {
        try Data("\(isDone ? "done" : "failed") \(text)\n".utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    }

    /// nil until there is one.
    func read() -> (isDone: Bool, text: String)? {
        guard let bytes = FileManager.default.contents(atPath: path) else { return nil }
        let parts = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .newlines).split(separator: " ", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        return (parts[0] == "done", String(parts[1]))
    }
}
