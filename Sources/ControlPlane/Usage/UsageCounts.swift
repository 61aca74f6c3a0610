import Admission
import Decisions
package import Registry

/// What is counted by itself: requests of one application for one scope with one verdict.
package struct UsageSeries: Hashable, Sendable {
    /// The application; nil where none was known.
    package let application: Identifier?
    /// The scope; nil where no route was found.
    package let scope: Scope?
    /// `admitted`, the refusal's slug, or `dropped`: records that there was no room for, of which nothing else is known.
    package let verdict: String

    /// Records that are missing.
    package static let dropped = UsageSeries(application: nil, scope: nil, verdict: "dropped")

    /// A series from its parts.
    init(application: Identifier?, scope: Scope?, verdict: String) {
        (self.application, self.scope, self.verdict) = (application, scope, verdict)
    }
}

/// Requests of one series in one minute.
struct UsageCell: Hashable {
    /// Whole minutes since 1970.
    var minute: Int64
    /// Minutes ahead of UTC of the policy's days, which begin no day or hour within a minute.
    var offset: Int64
    var series: UsageSeries
}

/// Counts of a part of a segment. Records are told apart by their numbers, and only what was counted by their names: there are many of the
/// ones, and few of the others.
struct UsageCounts {
    private struct Numbers: Hashable {
        var minute: Int64
        var application: UInt32
        var rules: UInt32
        var route: Int16
        var verdict: UInt8
    }

    private var counts: [Numbers: Int64] = [:]
    private var dropped: [Int64: Int64] = [:]
    private var last: (numbers: Numbers, count: Int64)?

    /// Records counted.
    private(set) var records = 0
    /// Entries of missing records counted.
    private(set) var drops = 0

    /// What is read of a sealed segment.
    static let columns = DecisionColumns([.wall, .application, .rules, .route, .verdict])

    /// Counts a record of a live segment.
    mutating func add(_ words: DecisionWords) {
        guard let decision = Decision(words) else { return }
        add(
            wall: decision.wallNanoseconds, application: decision.application, rules: decision.rules, route: decision.route,
            verdict: decision.verdict.rawValue)
    }

    /// Counts a record of a sealed segment.
    mutating func add(_ block: borrowing DecisionBlock, _ index: Int) {
        add(
            wall: Int64(bitPattern: block[.wall, index]), application: UInt32(truncatingIfNeeded: block[.application, index]),
            rules: UInt32(truncatingIfNeeded: block[.rules, index]), route: Int16(truncatingIfNeeded: block[.route, index]),
            verdict: UInt8(truncatingIfNeeded: block[.verdict, index]))
    }

    private mutating func add(wall: Int64, application: UInt32, rules: UInt32, route: Int16, verdict: UInt8) {
        records += 1
        let numbers = Numbers(
            minute: UsageCounts.minute(of: wall), application: application, rules: rules, route: route, verdict: verdict)
        if last?.numbers == numbers {
            last?.count += 1
            return
        }
        settle()
        last = (numbers, 1)
    }

    /// Counts what is missing.
    mutating func add(_ entry: DroppedRecords) {
        drops += 1
        let minute = UsageCounts.minute(of: entry.wallNanoseconds)
        dropped[minute] = (dropped[minute] ?? 0).plusClamped(Int64(clamping: entry.count))
    }

    /// By what the numbers mean.
    mutating func cells(_ facts: [UInt32: Fact]) -> [UsageCell: Int64] {
        settle()
        last = nil
        var cells: [UsageCell: Int64] = [:]
        for (numbers, count) in counts {
            let policy = facts[numbers.rules]?.policy
            let route = policy.flatMap { $0.routes.indices.contains(Int(numbers.route)) ? $0.routes[Int(numbers.route)] : nil }
            let series = UsageSeries(
                application: facts[numbers.application]?.application?.id, scope: route?.scope,
                verdict: Verdict(rawValue: numbers.verdict)?.name ?? "unknown")
            let offset = policy?.dayOffsetMinutes ?? DayClock.indianMinutes
            cells[UsageCell(minute: numbers.minute, offset: offset, series: series), default: 0] += count
        }
        // What is missing names no policy: the segment's latest is the nearest.
        let policies = facts.filter { $0.value.policy != nil }
        let offset = policies.max { $0.key < $1.key }?.value.policy?.dayOffsetMinutes ?? DayClock.indianMinutes
        for (minute, count) in dropped { cells[UsageCell(minute: minute, offset: offset, series: .dropped)] = count }
        return cells
    }

    private mutating func settle() {
        if let last { counts[last.numbers, default: 0] += last.count }
    }

    private static func minute(of wall: Int64) -> Int64 {
        let length: Int64 = 60_000_000_000
        return wall / length - (wall % length < 0 ? 1 : 0)
    }
}
