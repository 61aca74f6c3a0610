import Dispatch
import Foundation
import Simulation
import Synchronization

/// `make simulate SCHEDULES=n SEED=n`: runs schedules on all cores until one fails or all are done.
@main
enum Simulate {
    /// What one thread found.
    private struct Found: Sendable {
        var seed: UInt64
        var schedule: Schedule
        var failure: Simulator.Failure
    }

    static func main() throws {
        let environment = ProcessInfo.processInfo.environment
        if let text = environment["SCHEDULE"], !text.isEmpty { return try replay(text) }
        let count = UInt64(environment["SCHEDULES"] ?? "") ?? 100_000
        let first = UInt64(environment["SEED"] ?? "") ?? UInt64.random(in: 0..<1_000_000_000)
        let end = Date().addingTimeInterval(Double(environment["SECONDS"] ?? "") ?? 86_400)
        let threads = Int(environment["THREADS"] ?? "") ?? ProcessInfo.processInfo.activeProcessorCount
        print("\(count) schedules from seed \(first) on \(threads) threads")
        let begun = Date()
        let (coverage, found) = try run(count, from: first, threads: threads, until: end)
        let seconds = Date().timeIntervalSince(begun)
        let rate = Double(coverage.schedules) / seconds
        print(
            """
            schedules  \(coverage.schedules) in \(String(format: "%.1f", seconds)) s: \(String(format: "%.0f", rate)) a second, \
            \(String(format: "%.0f", rate / Double(threads))) a thread
            \(coverage.text)
            """)
        guard let found else { return print("every invariant held") }
        try report(found)
        exit(1)
    }

    /// Each thread takes the next 64 seeds; the lowest failing seed is the one to report.
    private static func run(
        _ count: UInt64, from first: UInt64, threads: Int, until end: Date
    ) throws -> (Coverage, Found?) {
        let next = Mutex<UInt64>(0)
        let total = Mutex(Coverage())
        let found = Mutex<Found?>(nil)
        let fault = Mutex<String?>(nil)
        DispatchQueue.concurrentPerform(iterations: threads) { _ in
            do {
                let simulator = try Simulator()
                while found.withLock({ $0 == nil }), Date() < end {
                    let start = next.withLock { place in
                        defer { place += 64 }
                        return place
                    }
                    guard start < count else { break }
                    for place in start..<min(count, start + 64) {
                        let schedule = Schedule(seed: first &+ place)
                        guard let failure = simulator.run(schedule) else { continue }
                        found.withLock { kept in
                            if let other = kept, other.seed < first &+ place { return }
                            kept = Found(seed: first &+ place, schedule: schedule, failure: failure)
                        }
                        break
                    }
                }
                total.withLock { $0.add(simulator.coverage) }
            } catch {
                fault.withLock { $0 = "\(error)" }
            }
        }
        if let text = fault.withLock({ $0 }) { fatalError(text) }
        return (total.withLock { $0 }, found.withLock { $0 })
    }

    private static func report(_ found: Found) throws {
        print("seed \(found.seed) fails at step \(found.failure.step) of \(found.schedule.steps.count): \(found.failure.what)")
        var shrinker = Shrinker(try Simulator(), found.schedule, found.failure)
        shrinker.shrink()
        print("shrunk to \(shrinker.schedule.steps.count) steps: \(shrinker.failure.what)")
        print("make simulate SCHEDULE='\(shrinker.schedule.text)'")
    }

    private static func replay(_ text: String) throws {
        guard let schedule = Schedule(text) else {
            print("no schedule: \(text); expected: loops 1; connect; call 0 0 0; …")
            exit(2)
        }
        guard let failure = try Simulator().run(schedule) else { return print("every invariant held") }
        print("fails at step \(failure.step): \(failure.what)")
        exit(1)
    }
}
