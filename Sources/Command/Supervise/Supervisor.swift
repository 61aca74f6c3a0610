import Foundation
import Synchronization
import UnixSignals

/// Keeps processes running until it is told to stop.
final class Supervisor: Sendable {
    /// From the end of the time to drain to SIGKILL: with the default of 4 s all is over within 5. The data plane's last log lines have 300.
    private static let graceMilliseconds: Int64 = 500
    /// What the control plane and the core store take to end, however little the data plane may.
    private static let othersMilliseconds: Int64 = 4_000
    /// The same, for a child that ends by itself.
    static let graceSeconds: Int64 = 5

    let plans: [ChildPlan]
    let roster = Mutex(Roster())
    /// Where what came of an upgrade is written.
    let upgradeReport: UpgradeReport
    private let drainMilliseconds: Int64

    /// Who runs, and whether anyone may start.
    struct Roster {
        var running: [String: ChildProcess] = [:]
        /// Whose replacement is under way, from the wish to its outcome.
        var replacing: Set<String> = []
        /// Started to take a place, and not ready yet.
        var arriving: [String: ChildProcess] = [:]
        /// Replaced, and still finishing requests.
        var leaving: [Int32: ChildProcess] = [:]
        var isStopping = false

        var all: [ChildProcess] { Array(running.values) + Array(arriving.values) + Array(leaving.values) }
    }

    init(children plans: [ChildPlan], drainMilliseconds: Int64, upgradeReport: UpgradeReport) {
        self.plans = plans
        self.drainMilliseconds = drainMilliseconds
        self.upgradeReport = upgradeReport
    }

    /// Starts everything; returns when everything has ended, because a signal asked for it (nil) or because a child could not start: its
    /// name and how it ended.
    func run() async -> String? {
        // Trapped before anything starts: no signal may be lost.
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup, .sigusr2)
        return await withTaskGroup(of: String?.self) { group in
            group.addTask {
                for await signal in signals {
                    switch signal {
                    case .sighup: self.passOnHangUp()
                    case .sigusr2: Task { await self.replaceDataPlane() }
                    default: return nil
                    }
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
                try await Task.sleep(for: .milliseconds(Supervisor.patienceMilliseconds(drainMilliseconds: self.drainMilliseconds)))
                self.killRemaining()
            }
            await group.waitForAll()
            await everyoneHasLeft()
            killer.cancel()
            return failure
        }
    }

    /// Returns when all is over (nil), or when the child cannot be started: its name and how it ended.
    private func keepRunning(_ plan: ChildPlan) async -> String? {
        var policy = RestartPolicy()
        var successor: ChildProcess?
        while !roster.withLock({ $0.isStopping }) || successor != nil {
            // A successor has served already, or it would not be one.
            let started = successor == nil ? ContinuousClock.now : .now - .milliseconds(RestartPolicy.wellAfterMilliseconds)
            var story = "could not be started"
            var end: ChildProcess.Ending?
            do {
                let child = try successor ?? ChildProcess(plan)
                enrol(child, as: plan.name)
                let ending = await child.ending()
                successor = await self.successor(of: child, under: plan)
                if successor != nil { continue }
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
            return roster.all
        }
        for child in running { child.send(SIGTERM) }
    }

    private func passOnHangUp() {
        let names = plans.filter(\.readsPoliciesAgain).map(\.name)
        let children = roster.withLock { roster in names.compactMap { roster.running[$0] } }
        for child in children { child.send(SIGHUP) }
    }

    /// How long a child may take to end before it is killed.
    static func patienceMilliseconds(drainMilliseconds: Int64) -> Int64 { max(drainMilliseconds, othersMilliseconds) + graceMilliseconds }

    private func killRemaining() {
        for child in roster.withLock({ $0.all }) where child.endingSoFar == nil {
            Message.write("The \(child.name) (pid \(child.pid)) did not end in time: killed.")
            child.send(SIGKILL)
        }
    }
}
