/// Looks for the shortest schedule that still fails: runs of steps are left out, halving (Zeller's delta debugging), then single numbers
/// are lowered, until nothing more can go.
package struct Shrinker {
    private let simulator: Simulator
    /// The best so far.
    package private(set) var schedule: Schedule
    /// How it fails.
    package private(set) var failure: Simulator.Failure
    private var runsLeft: Int

    /// A shrinker that runs at most so many schedules.
    package init(_ simulator: Simulator, _ failing: Schedule, _ failure: Simulator.Failure, runs: Int = 20_000) {
        self.simulator = simulator
        self.failure = failure
        schedule = failing
        // What comes behind the failing step never ran.
        schedule.steps.removeSubrange(min(failing.steps.count, failure.step + 1)...)
        runsLeft = runs
    }

    /// Shrinks until nothing more can go.
    package mutating func shrink() {
        var isSmaller = true
        while isSmaller, runsLeft > 0 {
            isSmaller = false
            var length = max(1, schedule.steps.count / 2)
            while length > 0 {
                if leaveOut(length) { isSmaller = true }
                length /= 2
            }
            if lower() { isSmaller = true }
        }
    }

    private mutating func leaveOut(_ length: Int) -> Bool {
        var isSmaller = false
        var start = 0
        while start < schedule.steps.count {
            var candidate = schedule
            candidate.steps.removeSubrange(start..<min(start + length, candidate.steps.count))
            if take(candidate) { isSmaller = true } else { start += length }
        }
        return isSmaller
    }

    private mutating func lower() -> Bool {
        var isSmaller = false
        if schedule.loops > 1, take(Schedule(loops: 1, endpoints: schedule.endpoints, steps: schedule.steps)) { isSmaller = true }
        if schedule.endpoints > 1, take(Schedule(loops: schedule.loops, endpoints: 1, steps: schedule.steps)) { isSmaller = true }
        let numbers: [WritableKeyPath<Step, Int>] = [\.noise, \.part, \.who, \.size, \.what]
        for index in schedule.steps.indices {
            for number in numbers {
                for value in [0, 1, 2, schedule.steps[index][keyPath: number] / 2, schedule.steps[index][keyPath: number] - 1]
                where value >= 0 && value < schedule.steps[index][keyPath: number] {
                    var candidate = schedule
                    candidate.steps[index][keyPath: number] = value
                    if take(candidate) { isSmaller = true }
                }
            }
        }
        return isSmaller
    }

    /// Takes the candidate if it fails, in whatever way.
    private mutating func take(_ candidate: Schedule) -> Bool {
        guard runsLeft > 0 else { return false }
        runsLeft -= 1
        guard let found = simulator.run(candidate) else { return false }
        schedule = candidate
        failure = found
        if found.step + 1 < schedule.steps.count { schedule.steps.removeSubrange((found.step + 1)...) }
        return true
    }
}
