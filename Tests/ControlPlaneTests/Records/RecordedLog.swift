import DecisionLoad
import Decisions
import Foundation
import Registry
import Support

@testable import ControlPlane

/// A log of several segments of either form, and its records in the order they were judged in.
struct RecordedLog {
    let scratch: Scratch
    let files: SegmentFiles
    var load: DecisionLoad
    var random: SplitMix64
    private(set) var now = WallTime(seconds: 1_767_225_600)

    /// So many segments of some hundred records each; the last two are live.
    init(seed: UInt64, segments: Int, requestsPerSecond: Double = 2) throws {
        scratch = try Scratch()
        random = SplitMix64(seed: seed)
        load = DecisionLoad(seed: seed, requestsPerSecond: requestsPerSecond)
        files = try SegmentFiles(scratch.path + "/decisions", facts: load.facts)
        for number in 0..<segments {
            let stem = try begin(process: number % 3 == 2 ? 8 : 7)
            for _ in 0..<Int.random(in: 1...4, using: &random) { try append(Int.random(in: 1...150, using: &random), to: stem) }
            if number < segments - 2 { try files.seal(stem) }
        }
    }

    mutating func begin(process: Int32 = 7) throws -> String {
        now.nanoseconds += 1_000_000
        return try files.begin(at: now, process: process)
    }

    @discardableResult mutating func append(_ count: Int, to stem: String) throws -> [Decision] {
        var records: [DecisionWords] = []
        load.append(count, to: &records)
        try files.append(records, to: stem)
        let decisions = records.compactMap { Decision($0) }
        now.nanoseconds = max(now.nanoseconds, decisions.map(\.wallNanoseconds).max() ?? 0)
        return decisions
    }

    var folder: SegmentFolder { SegmentFolder(files.path) }

    /// What readers should find.
    var ordered: [Decision] { files.all.sorted { $0.monotonicNanoseconds < $1.monotonicNanoseconds } }

    func route(of decision: Decision) -> Route? {
        load.policy.routes.indices.contains(Int(decision.route)) ? load.policy.routes[Int(decision.route)] : nil
    }

    func application(of decision: Decision) -> Identifier? {
        if case .application(let record) = load.facts.fact(decision.application) { record.id } else { nil }
    }
}
