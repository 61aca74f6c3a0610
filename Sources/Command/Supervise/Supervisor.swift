import Foundation
import Synchronization
import UnixSignals

/// Keeps processes running until it is told to stop.
final class Supervisor: Sendable {
    /// From SIGTERM to SIGKILL: all is over within 5 s.
    static let graceMilliseconds: Int64 = 4_500
    /// The same, for a child that ends by itself.
    static let graceSeconds: Int64 = 5

    private let plans: [ChildPlan]
    private let roster = Mutex(Roster())

    /// Who runs, and whether anyone may start.
    private struct Roster {
        var running: [String: ChildProcess] = [:]
        var isStopping = false
    }

    init(children plans: [ChildPlan]) { self.plans = plans }

    /// Starts everything; returns when everything has ended, because a signal asked for it (nil) or because a child could not start: its
    /// name and how it ended.
    func run() async -> String? {
        // Trapped before anything starts: no signal may be lost.
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
        return await withTaskGroup(of: String?.self) { group in
            group.addTask {
                for await signal in signals {
                    guard signal == .sighup else { break }
                    self.passOnHangUp()
                }
                return nil
            }
            for plan in plans { group.addTask { await self.keepRunning(plan) } }
            // Children are kept running until the end, so the first task to return is why it ends.
            let failure = await group.next() ?? nil
            stop()
            // Whoever waits to be started again wakes and sees that it is over.
            group.cancelAll()
            let killer = Task {
                try await Task.sleep(for: .milliseconds(Supervisor.graceMilliseconds))
                killRemaining()
            }
            await group.waitForAll()
            killer.cancel()
            return failure
        }
    }

    /// Returns when all is over (nil), or when the child cannot be started: its name and how it ended.
    private func keepRunning(_ plan: ChildPlan) async -> String? {
        var policy = RestartPolicy()
        while !roster.withLock({ $0.isStopping }) {
            let started = ContinuousClock.now
            var story = "could not be started"
            var end: ChildProcess.Ending?
            do {
                let child = try ChildProcess(plan)
                enrol(child, as: plan.name)
                let ending = await child.ending()
                roster.withLock { $0.running[plan.name] = nil }
                story = "(pid \(child.pid)) \(ending)"
                end = ending
            } catch {
                story += ": \(error.localizedDescription)"
            }
            if roster.withLock({ $0.isStopping }) { return nil }
            let ran = Int64((ContinuousClock.now - started) / .milliseconds(1))
            if let end, policy.isInVain(end, afterRunningMilliseconds: ran) { return "\(plan.name) \(end)" }
            let wait = policy.wait(afterRunningMilliseconds: ran)
            Message.write("The \(plan.name) \(story); starting it again \(wait == 0 ? "at once" : "in \(wait) ms").")
            try? await Task.sleep(for: .milliseconds(wait))
        }
        return nil
    }

    /// A child that was started while the end began is told so at once.
    private func enrol(_ child: ChildProcess, as name: String) {
        let isTooLate = roster.withLock { roster in
            roster.running[name] = child
            return roster.isStopping
        }
        if isTooLate { child.send(SIGTERM) }
    }

    private func stop() {
        let running = roster.withLock { roster in
            roster.isStopping = true
            return Array(roster.running.values)
        }
        for child in running { child.send(SIGTERM) }
    }

    private func passOnHangUp() {
        let names = plans.filter(\.readsPoliciesAgain).map(\.name)
        let children = roster.withLock { roster in names.compactMap { roster.running[$0] } }
        for child in children { child.send(SIGHUP) }
    }

    private func killRemaining() {
        for (name, child) in roster.withLock({ $0.running }) {
            Message.write("The \(name) (pid \(child.pid)) did not end in time: killed.")
            child.send(SIGKILL)
        }
    }
}
