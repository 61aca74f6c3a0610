import DecisionLoad
import Decisions
import Foundation
import GRDB
import Registry
import Support
import Testing

@testable import ControlPlane

/// Counts that follow a log through whatever happens to it, against a count of everything that is in it.
struct UsageScheduleTests {
    @Test(arguments: 1...UInt64(Soak.count(200)))
    func `counts are those of the log, whoever is interrupted, restarted or counts beside`(seed: UInt64) throws {
        let schedule = try UsageSchedule(seed: seed)
        for _ in 0..<60 { try schedule.step() }
        try schedule.hold()
    }
}

/// One schedule: a log that is written, torn, sealed and cut short, and two who count it.
private final class UsageSchedule {
    private let scratch: Scratch
    private let files: SegmentFiles
    private var load: DecisionLoad
    private var random: SplitMix64
    private var now: WallTime
    private var counters: [(store: UsageStore, rollUp: UsageRollUp)] = []
    private let interruption = Interruption()
    /// What is in the counts though it is in the log no more.
    private var removed: [Decision] = []
    private var removedDrops: [DroppedRecords] = []

    init(seed: UInt64) throws {
        scratch = try Scratch()
        random = SplitMix64(seed: seed)
        // A request in 20 s: hours and days begin and end under way.
        load = DecisionLoad(seed: seed, requestsPerSecond: 0.05)
        now = WallTime(seconds: 1_767_225_600)
        files = try SegmentFiles(scratch.path + "/decisions", facts: load.facts)
        for _ in 0..<2 { counters.append(try counter()) }
    }

    private func counter() throws -> (store: UsageStore, rollUp: UsageRollUp) {
        let store = try UsageStore(stateDirectory: scratch.path, interruption: interruption.happen)
        return (store, try UsageRollUp(SegmentFolder(files.path), into: store, pieceRecords: 50))
    }

    func step() throws {
        switch Int.random(in: 0..<12, using: &random) {
        case 0: if files.live.count < 4 { _ = try files.begin(at: tick()) }
        case 1...4: try write()
        case 5: try finishOne()
        case 6: if let stem = ended() { try files.seal(stem) }
        case 7: try restart()
        case 8: try forget()
        default: try count()
        }
    }

    /// Time goes on, mostly by little.
    private func tick() -> WallTime {
        now.nanoseconds += Int64.random(in: 1...5_000_000_000, using: &random)
        return now
    }

    private func written() -> String? { files.live.filter { files.isWritten($0) }.randomElement(using: &random) }
    private func ended() -> String? { files.live.randomElement(using: &random) }

    private func write() throws {
        let stem = try written() ?? files.begin(at: tick())
        var records: [DecisionWords] = []
        load.append(Int.random(in: 1...120, using: &random), to: &records)
        try files.append(records, to: stem)
        now.nanoseconds = max(now.nanoseconds, records.compactMap { Decision($0)?.wallNanoseconds }.max() ?? 0)
        guard Int.random(in: 0..<5, using: &random) == 0 else { return }
        let entry = DroppedRecords(count: UInt64.random(in: 1...9, using: &random), wallNanoseconds: tick().nanoseconds)
        try files.append(entry, to: stem)
    }

    /// A writer is killed in the middle of something, or the machine loses its power.
    private func finishOne() throws {
        guard let stem = written() else { return }
        if Bool.random(using: &random) {
            try files.tear(stem, bytes: Int.random(in: 1...31, using: &random))
        } else {
            try files.lose(Int.random(in: 0...3, using: &random), of: stem)
        }
    }

    private func restart() throws {
        let place = Int.random(in: counters.indices, using: &random)
        try counters[place].store.close()
        counters[place] = try counter()
    }

    /// The oldest segment goes; all of it was counted, since it is not for the log to say any more.
    private func forget() throws {
        guard let oldest = files.records.keys.min(), files.records.count > 3 else { return }
        try counters[0].rollUp.catchUp()
        removed += files.records[oldest] ?? []
        removedDrops += files.drops[oldest] ?? []
        try files.remove(oldest)
    }

    private func count() throws {
        guard let counter = counters.randomElement(using: &random) else { return }
        interruption.after = Bool.random(using: &random) ? Int.random(in: 0...3, using: &random) : nil
        defer { interruption.after = nil }
        do {
            for _ in 0..<Int.random(in: 1...6, using: &random) { _ = try counter.rollUp.step() }
        } catch {
            guard interruption.takeHappened() else { throw error }
        }
    }

    /// Every table against a count of everything.
    func hold() throws {
        for stem in files.live where Bool.random(using: &random) { try files.seal(stem) }
        let counter = try counter()
        try counter.rollUp.catchUp()
        for span in UsageSpan.allCases {
            let counts = try counter.store.counts(
                by: span, since: WallTime(nanoseconds: .min), until: WallTime(nanoseconds: .max))
            let found = Dictionary(uniqueKeysWithValues: counts.map { (Key(start: $0.start, series: $0.series), $0.count) })
            #expect(found == expected(by: span), "\(span)")
        }
        #expect(counters.allSatisfy { $0.rollUp.takeComplaints().isEmpty })
        // Of segments that are whole nothing is remembered but that they are.
        let shares = try counter.store.read { try Row.fetchAll($0, sql: "SELECT DISTINCT stem FROM share").map { $0["stem"] as String } }
        #expect(Set(shares).isSubset(of: files.live))
    }

    private struct Key: Hashable {
        var start: WallTime
        var series: UsageSeries
    }

    private func expected(by span: UsageSpan) -> [Key: Int64] {
        var counts: [Key: Int64] = [:]
        let length = span.minutes * 60_000_000_000
        // Days begin at half past five; hours too, by the same clocks.
        func start(_ wall: Int64) -> WallTime {
            let offset: Int64 = 330 * 60_000_000_000
            return WallTime(nanoseconds: (wall + offset) / length * length - offset)
        }
        for decision in files.all + removed {
            let application: Identifier? =
                if case .application(let record) = load.facts.fact(decision.application) { record.id } else { nil }
            let series = UsageSeries(
                application: application, scope: decision.route < 0 ? nil : load.policy.routes[Int(decision.route)].scope,
                verdict: decision.verdict.name)
            counts[Key(start: start(decision.wallNanoseconds), series: series), default: 0] += 1
        }
        for entry in files.drops.values.flatMap({ $0 }) + removedDrops {
            counts[Key(start: start(entry.wallNanoseconds), series: .dropped), default: 0] += Int64(entry.count)
        }
        return counts
    }
}
