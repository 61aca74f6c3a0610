import DecisionLoad
import Decisions
import Foundation
import Registry
import Support
import Testing

/// A served folder with a log of its own: two sealed segments and a live one, of one request a second up to some minutes ago.
struct RecordedFolder {
    let served: ServedFolder
    let files: SegmentFiles
    private var load: DecisionLoad

    init(seed: UInt64 = 1, records count: Int = 200, requestsPerSecond: Double = 1) throws {
        served = try ServedFolder()
        let now = Int64(Date().timeIntervalSince1970)
        load = DecisionLoad(
            seed: seed, requestsPerSecond: requestsPerSecond,
            from: Moment(wall: WallTime(seconds: now - Int64(3 * count) - 600), monotonic: MonotonicTime(nanoseconds: 1)))
        files = try SegmentFiles(served.path + "/decisions", facts: load.facts)
        for number in 0..<3 {
            let stem = try begin()
            try append(count, to: stem)
            if number < 2 { try files.seal(stem) }
        }
    }

    var path: String { served.path }
    var policy: Policy { load.policy }
    /// In the order they were judged in.
    var ordered: [Decision] { files.all.sorted { $0.monotonicNanoseconds < $1.monotonicNanoseconds } }

    func begin() throws -> String {
        try files.begin(at: WallTime(nanoseconds: files.all.map(\.wallNanoseconds).max() ?? 1_767_225_600_000_000_000))
    }

    mutating func append(_ count: Int, to stem: String) throws {
        var records: [DecisionWords] = []
        load.append(count, to: &records)
        try files.append(records, to: stem)
    }

    func application(of decision: Decision) -> String? {
        if case .application(let record) = load.facts.fact(decision.application) { record.id.text } else { nil }
    }
}
