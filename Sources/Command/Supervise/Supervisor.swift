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

    /// Starts everything; returns when a signal has asked for the end and everything has ended.
    func run() async {
        // Trapped before anything starts: no signal may be lost.
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
        await withTaskGroup { group in
            for plan in plans { group.addTask { await self.keepRunning(plan) } }
            for await signal in signals {
                guard signal == .sighup else { break }
                passOnHangUp()
            }
            stop()
            // Whoever waits to be started again wakes and sees that it is over.
            group.cancelAll()
            let killer = Task {
                try await Task.sleep(for: .milliseconds(Supervisor.graceMilliseconds))
                killRemaining()
            }
            await group.waitForAll()
            killer.cancel()
        }
    }

    private func keepRunning(_ plan: ChildPlan) async {
        var policy = RestartPolicy()
        while !roster.withLock({ $0.isStopping }) {
            let started = ContinuousClock.now
            var story = "could not be started"
            do {
                let child = try ChildProcess(plan)
                enrol(child, as: plan.name)
                let ending = await child.ending()
                roster.withLock { $0.running[plan.name] = nil }
                story = "(pid \(child.pid)) \(ending)"
            } catch {
                story += ": \(error.localizedDescription)"
            }
            if roster.withLock({ $0.isStopping }) { return }
            let ran = (ContinuousClock.now - started) / .milliseconds(1)
            let wait = policy.wait(afterRunningMilliseconds: Int64(ran))
            Message.write("The \(plan.name) \(story); starting it again \(wait == 0 ? "at once" : "in \(wait) ms").")
            try? await Task.sleep(for: .milliseconds(wait))
        }
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
