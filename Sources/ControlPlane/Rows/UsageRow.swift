import Decisions
import Registry

/// One count.
package struct UsageRow: Encodable, Sendable {
    /// When the minute, hour or day began, by the policy's clocks.
    package let from: String
    /// Which of them it is.
    package let by: String
    /// Whose requests; nil where no application was known.
    package let application: String?
    /// For what; nil where no route was found.
    package let scope: String?
    /// What became of them.
    package let verdict: String
    /// How many.
    package let count: Int64

    /// The row of a count.
    package init(_ count: UsageCount, by span: UsageSpan, offset: Int64) {
        from = count.start.text(offsetMinutes: offset)
        by = span.rawValue
        (application, scope) = (count.series.application?.text, count.series.scope?.name)
        (verdict, self.count) = (count.series.verdict, count.count)
    }
}

extension WallTime {
    /// As in RFC 3339, to the second, by clocks so many minutes ahead of UTC.
    fileprivate func text(offsetMinutes: Int64) -> String {
        let local = WallTime(seconds: seconds + offsetMinutes * 60)
        let sign = offsetMinutes < 0 ? "-" : "+"
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return local.timestamp().prefix(19) + sign + two(abs(offsetMinutes) / 60) + ":" + two(abs(offsetMinutes) % 60)
    }
}
