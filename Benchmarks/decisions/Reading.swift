import Decisions
import Foundation
import Registry

/// Reads a day that was written: whole, by column, in order, and by id.
struct Reading {
    let folder: String
    let samples: [Decision]
    let records: Int
    private let clock = ContinuousClock()

    init(folder: String, samples: [Decision], records: Int) {
        (self.folder, self.samples, self.records) = (folder, samples, records)
    }

    func run() throws {
        let paths = try paths()
        var count = 0
        var sum: UInt64 = 0
        func pass(_ name: String, _ columns: DecisionColumns, _ filter: DecisionFilter = DecisionFilter()) throws {
            let time = try clock.measure {
                for path in paths {
                    try open(path).forEachBlock(filter, columns: columns) { block, selection in count += selection.count }
                }
            }
            print(name, each(time, records))
        }
        try pass("read all columns       ", .all)
        guard count == records else { throw Benchmark.Wrong("\(count) records are read of \(records)") }
        try pass("read what usage counts ", DecisionColumns([.wall, .application, .rules, .route, .verdict]))
        var filter = DecisionFilter()
        filter.applications = Identifier("application-100").map { [$0] }
        try pass("one application of 148 ", .all, filter)
        let inputs = try paths.map { path in
            SegmentMerge.Input(try SegmentSummary(sealed: try source(path), byteCount: try size(of: path))) { try open(path) }
        }
        let merging = try clock.measure {
            var merge = SegmentMerge(inputs)
            while let found = try merge.next() { sum &+= found.decision.bytesOut }
        }
        print("merge, record by record", each(merging, records))
        let running = try clock.measure {
            var merge = SegmentMerge(inputs)
            while let bytes = try merge.nextRun({ _, block, places in places.reduce(0) { $0 &+ block[.bytesOut, $1] } }) { sum &-= bytes }
        }
        guard sum == 0 else { throw Benchmark.Wrong("a merge by runs gives other records") }
        print("merge, run by run      ", each(running, records))
        try replay(inputs, "replay, same policy    ") { $0 }
        try replay(inputs, "replay, half of it     ") { $0.halved }
        try explain()
    }

    /// A policy over the whole day, in order: what `gateway policy replay` does.
    private func replay(_ inputs: [SegmentMerge.Input], _ name: String, proposing change: (Policy) -> Policy) throws {
        guard let path = try paths().first else { return }
        let policies = try open(path).facts.values.compactMap { if case .rules(let policy, _) = $0 { policy } else { nil } }
        guard let policy = policies.first else { throw Benchmark.Wrong("no policy is in \(path)") }
        var replay = Replay(proposing: change(policy))
        let time = try clock.measure {
            var merge = SegmentMerge(inputs, columns: replay.columns)
            while try merge.nextRun({ replay.take($1, $2, of: $0) }) != nil {}
        }
        let counts = replay.report.counts
        print(name, each(time, records), "agree \(counts.agree), affected \(counts.affected), unknown \(counts.unknown)")
        guard counts.decisions + counts.unknown == records else { throw Benchmark.Wrong("not every record was replayed") }
    }

    /// By id as `explain` does it: nothing is open, nothing known but the folder.
    private func explain() throws {
        var times: [Duration] = []
        for sample in samples.shuffled().prefix(300) {
            var found: Decision?
            times.append(try clock.measure { found = try find(sample.idHigh, sample.idLow) })
            guard found == sample else { throw Benchmark.Wrong("\(sample.idHigh) is not found") }
        }
        times.sort()
        print(
            "explain by id: median \(milliseconds(times[times.count / 2])), most \(milliseconds(times[times.count - 1])) of \(times.count)")
    }

    private func find(_ high: UInt64, _ low: UInt64) throws -> Decision? {
        let time = Int64(high >> 16) * 1_000_000
        let within = TimeSpan(first: time, last: time + 999_999)
        for path in try paths() {
            let (bytes, byteCount) = (try source(path), try size(of: path))
            guard try SegmentSummary(sealed: bytes, byteCount: byteCount).wall.meets(within) else { continue }
            if let found = try SegmentReader(bytes, byteCount: byteCount).decision(high: high, low: low) { return found }
        }
        return nil
    }

    private func paths() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".sealed") }.sorted().map { folder + "/" + $0 }
    }
}

extension Policy {
    /// Half the tokens, half the burst, half of what may be in flight.
    fileprivate var halved: Policy {
        var policy = self
        for plan in policy.plans.indices {
            for scope in policy.plans[plan].allowances.indices {
                guard let allowance = policy.plans[plan].allowances[scope] else { continue }
                let bucket = allowance.bucket
                policy.plans[plan].allowances[scope] = Allowance(
                    bucket: BucketRule(
                        tokens: max(1, bucket.tokens / 2), periodNanoseconds: bucket.periodNanoseconds, burst: max(3, bucket.burst / 2)),
                    dayTokens: allowance.dayTokens / 2, concurrency: (allowance.concurrency + 1) / 2)
            }
        }
        return policy
    }
}
