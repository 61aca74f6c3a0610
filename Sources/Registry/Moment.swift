/// Wall-clock time: what calendars and expiry dates mean. It may jump.
package struct WallTime: Hashable, Comparable, Sendable {
    /// Nanoseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    package var nanoseconds: Int64

    /// A wall time from nanoseconds since 1970.
    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// A wall time from whole seconds since 1970; the nearest that fits, for nanoseconds end in 2262 and what a form says need not.
    package init(seconds: Int64) {
        let (nanoseconds, isOver) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        self.nanoseconds = isOver ? (seconds < 0 ? .min : .max) : nanoseconds
    }

    /// Whole seconds since 1970, rounded down.
    package var seconds: Int64 { nanoseconds.quotientFloored(by: 1_000_000_000) }

    /// Earlier before later.
    package static func < (left: WallTime, right: WallTime) -> Bool { left.nanoseconds < right.nanoseconds }
}

/// Time since the machine started: what buckets and timeouts count. It never goes back while the machine runs.
package struct MonotonicTime: Hashable, Comparable, Sendable {
    /// Nanoseconds since an arbitrary start (the boot, for CLOCK_MONOTONIC).
    package var nanoseconds: Int64

    /// A monotonic time from nanoseconds.
    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// Earlier before later.
    package static func < (left: MonotonicTime, right: MonotonicTime) -> Bool { left.nanoseconds < right.nanoseconds }
}

/// One reading of both clocks: decisions take it as a parameter, only the edge makes it.
package struct Moment: Sendable {
    /// For keys that expire and states that end.
    package var wall: WallTime
    /// For buckets and timeouts.
    package var monotonic: MonotonicTime

    /// A moment from both readings.
    package init(wall: WallTime, monotonic: MonotonicTime) {
        self.wall = wall
        self.monotonic = monotonic
    }
}

extension Int64 {
    /// Division that rounds towards minus infinity; the divisor is positive.
    func quotientFloored(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
