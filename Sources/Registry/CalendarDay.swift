/// Calendar days at a fixed offset from UTC: what daily quotas count by. No daylight saving: a day always has 24 hours.
package struct DayClock: Hashable, Sendable {
    /// Offsets of the world's time zones, in minutes: UTC−12:00 to UTC+14:00.
    package static let offsetMinutes: ClosedRange<Int64> = -720...840
    /// India's, where the policy says nothing else.
    package static let indianMinutes: Int64 = 330
    /// Nanoseconds of a day.
    package static let dayNanoseconds: Int64 = 86_400_000_000_000
    /// Seconds of a day: the window of a daily quota.
    package static let daySeconds: Int64 = 86_400

    /// Nanoseconds that the offset's clocks are ahead of UTC.
    package let offsetNanoseconds: Int64

    /// Days at this offset, in minutes ahead of UTC.
    package init(offsetMinutes: Int64) { offsetNanoseconds = offsetMinutes * 60_000_000_000 }

    /// The day of a time, as days since 1970-01-01.
    package func day(of time: WallTime) -> Int64 {
        time.nanoseconds.addingReportingOverflow(offsetNanoseconds).partialValue.quotientFloored(by: DayClock.dayNanoseconds)
    }

    /// Nanoseconds from a time to the end of a day that is not over.
    package func nanoseconds(from time: WallTime, toEndOf day: Int64) -> Int64 {
        (day + 1) * DayClock.dayNanoseconds - offsetNanoseconds - time.nanoseconds
    }
}
