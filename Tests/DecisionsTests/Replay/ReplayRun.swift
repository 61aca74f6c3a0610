import Registry
import Support

@testable import Decisions

extension Replay {
    /// What all records of these segments come to.
    static func report(_ readers: [SegmentReader], proposing policy: Policy?) throws -> ReplayReport {
        var replay = Replay(proposing: policy)
        var merge = SegmentMerge(readers.map { SegmentMerge.Input($0) }, columns: replay.columns)
        while try merge.nextRun({ replay.take($1, $2, of: $0) }) != nil {}
        return replay.report
    }

    /// What becomes of each record, in the order of their time: by what the counts grow.
    static func outcomes(_ readers: [SegmentReader], proposing policy: Policy?) throws -> [ReplayCounts] {
        var replay = Replay(proposing: policy)
        var merge = SegmentMerge(readers.map { SegmentMerge.Input($0) }, columns: replay.columns)
        var outcomes: [ReplayCounts] = []
        var before = ReplayCounts()
        while true {
            let run: Void? = try merge.nextRun { reader, block, places in
                for place in places.indices {
                    replay.take(block, places[place...place], of: reader)
                    let now = replay.counts
                    outcomes.append(now.less(before))
                    before = now
                }
            }
            if run == nil { return outcomes }
        }
    }
}

extension ReplayCounts {
    func less(_ other: ReplayCounts) -> ReplayCounts {
        var counts = ReplayCounts()
        counts.agree = agree - other.agree
        counts.newlyRefused = newlyRefused - other.newlyRefused
        counts.newlyAdmitted = newlyAdmitted - other.newlyAdmitted
        counts.refusedOtherwise = refusedOtherwise - other.refusedOtherwise
        counts.unknown = unknown - other.unknown
        return counts
    }

    /// What a request counts as that cannot be judged.
    static var ofUnknown: ReplayCounts {
        var counts = ReplayCounts()
        counts.unknown = 1
        return counts
    }

    /// What one request counts as, by both verdicts.
    static func one(_ recorded: Verdict, _ proposed: Verdict) -> ReplayCounts {
        var counts = ReplayCounts()
        switch (recorded == .admitted, proposed == .admitted) {
        case _ where recorded == proposed: counts.agree = 1
        case (true, _): counts.newlyRefused = 1
        case (_, true): counts.newlyAdmitted = 1
        default: counts.refusedOtherwise = 1
        }
        return counts
    }
}

extension SegmentSample {
    /// Segments of so many records each, every other one sealed, as one process would leave them.
    static func readers(_ decisions: [Decision], _ facts: FactTable, each size: Int, boot: String = "") throws -> [SegmentReader] {
        let records = decisions.map(\.words)
        return try stride(from: 0, to: records.count, by: size).enumerated().map { index, start in
            let live = live(Array(records[start..<min(start + size, records.count)]), facts, begun: Int64(start), boot: boot)
            return try reader(index % 2 == 0 ? live : try sealed(live))
        }
    }
}
