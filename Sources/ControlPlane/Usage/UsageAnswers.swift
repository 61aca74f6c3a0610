import Decisions
import GRDB
package import Registry

/// How many requests there were in one minute, hour or day, of one series.
package struct UsageCount: Hashable, Sendable {
    /// When the minute, hour or day began.
    package let start: WallTime
    /// Of what.
    package let series: UsageSeries
    /// How many.
    package let count: Int64
}

extension UsageStore {
    /// Counts of all that began before the end of a span and ended after its beginning, by time and then by name; of one application, or all. No
    /// more than so many of them where that is said: minutes of a month are more than memory should hold.
    package func counts(
        by span: UsageSpan, since first: WallTime, until last: WallTime, of application: Identifier? = nil, atMost most: Int? = nil
    ) throws(RegistryError) -> [UsageCount] {
        let minute: Int64 = 60_000_000_000
        return try read { database in
            let sql = """
                SELECT start, application, scope, verdict, count FROM \(span.rawValue) JOIN series ON series.number = series
                WHERE start > ? AND start <= ? AND (? IS NULL OR application = ?) ORDER BY start, application, scope, verdict
                LIMIT ?
                """
            let rows = try Row.fetchCursor(
                database, sql: sql,
                arguments: [
                    first.nanoseconds / minute - span.minutes, last.nanoseconds / minute, application?.text, application?.text,
                    most ?? -1,
                ])
            var counts: [UsageCount] = []
            while let row = try rows.next() {
                // The day of the first moment that a record may have began before it.
                let (start, isOver) = (row["start"] as Int64).multipliedReportingOverflow(by: minute)
                counts.append(
                    UsageCount(start: WallTime(nanoseconds: isOver ? .min : start), series: try UsageSeries(row), count: row["count"]))
            }
            return counts
        }
    }

    /// Applications that anything was counted of.
    package func applications() throws(RegistryError) -> Set<Identifier> {
        try read { database in
            let rows = try Row.fetchAll(database, sql: "SELECT DISTINCT application FROM series WHERE application <> ''")
            return Set(try rows.map { try $0.identifier("application") })
        }
    }

    /// Forgets minutes and hours that are older than they are kept and that no record is left of, and segments that went long ago; these
    /// are those of the counted folder. One without any is a disk that is not mounted just now, of which nobody knows what is left.
    func forgetOld(at now: WallTime, keeping entries: [SegmentName], of place: String) throws(RegistryError) {
        guard let first = entries.first else { return }
        let (second, day): (Int64, Int64) = (1_000_000_000, 86_400)
        let oldest = min(now.seconds, first.begun.seconds - DecisionLimits.segmentSlackNanoseconds / second)
        func minute(_ days: Int64) -> Int64 { min(now.seconds - days * day, oldest) / 60 }
        let stems = Set(entries.map(\.stem))
        try write { database in
            let old = String((now.seconds - Limits.countedSegmentDays * day) * second / 1_000_000)
            for stem in try String.fetchAll(database, sql: "SELECT stem FROM segment WHERE stem < ?", arguments: [old])
            where !stems.contains(stem) {
                try database.execute(sql: "DELETE FROM share WHERE stem = ?", arguments: [stem])
                try database.execute(sql: "DELETE FROM segment WHERE stem = ?", arguments: [stem])
            }
            try UsageStore.finishAbandoned(before: now.seconds - Limits.minuteDays * day, besides: place, database)
            // What a segment has given so far may have to be taken back.
            let share = try Int64.fetchOne(database, sql: "SELECT min(minute) FROM share") ?? .max
            for (span, days) in [(UsageSpan.minute, Limits.minuteDays), (.hour, Limits.hourDays)] {
                let before = min(minute(days), share - span.minutes)
                try database.execute(sql: "DELETE FROM \(span.rawValue) WHERE start < ?", arguments: [before])
            }
        }
    }

    /// Segments of other folders, begun before then, that nothing came of since: nobody looks into those folders any more, and what was counted stays.
    private static func finishAbandoned(before seconds: Int64, besides place: String, _ database: Database) throws {
        let sql = """
            SELECT stem FROM segment WHERE is_whole = 0 AND folder <> ? AND stem < ?
            AND NOT EXISTS (SELECT * FROM share WHERE share.stem = segment.stem AND minute >= ?)
            """
        for stem in try String.fetchAll(database, sql: sql, arguments: [place, String(seconds * 1_000), seconds / 60]) {
            try database.execute(sql: "DELETE FROM share WHERE stem = ?", arguments: [stem])
            try database.execute(sql: "UPDATE segment SET is_whole = 1 WHERE stem = ?", arguments: [stem])
        }
    }
}

extension UsageSeries {
    fileprivate init(_ row: Row) throws {
        let (application, scope): (String, String) = (row["application"], row["scope"])
        self.init(
            application: application.isEmpty ? nil : try row.identifier("application"), scope: scope.isEmpty ? nil : Scope(name: scope),
            verdict: row["verdict"])
    }
}
