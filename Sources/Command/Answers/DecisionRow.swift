import ControlPlane
import Decisions
import Registry

extension RecordedDecision: RecordRow {
    static let headings = ["TIME", "APPLICATION", "ROUTE", "VERDICT", "STATUS", "TOOK", "ID"]
    static let widths = [24, 24, 28, 22, 6, 10, 32]

    var cells: [String] {
        [
            WallTime(nanoseconds: decision.wallNanoseconds).millisecondText, application?.text ?? "-", route?.text ?? "-", verdictText,
            decision.status == 0 ? "-" : "\(decision.status)", decision.totalMicroseconds.durationText, decision.idText,
        ]
    }

    /// The verdict, and of what was let in what came instead of the core store's answer.
    private var verdictText: String {
        if decision.fault != .admitted { return decision.fault.name }
        return decision.ending == .answered ? decision.verdict.name : "\(decision.verdict.name), \(decision.ending.name)"
    }
}

extension WallTime {
    /// As in RFC 3339, in UTC, to the millisecond.
    var millisecondText: String { timestamp(digits: 3) }
}

extension UInt32 {
    /// So many microseconds in the unit that people read.
    var durationText: String {
        self < 1_000 ? "\(self) µs" : self < 10_000_000 ? "\(self / 1_000).\(self / 100 % 10) ms" : "\(self / 1_000_000) s"
    }
}
