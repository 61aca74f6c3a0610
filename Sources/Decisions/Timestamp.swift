package import Registry

extension WallTime {
    /// The time as RFC 3339 has it, in UTC with nine digits of the second: `2021-05-03T00:00:00.000000000Z`.
    package var timestamp: String {
        let (day, second) = (seconds.floored(by: 86_400), seconds - seconds.floored(by: 86_400) * 86_400)
        let date = CivilDate(daysSince1970: day)
        let clock = [second / 3_600, second / 60 % 60, second % 60].map { $0.padded(to: 2) }.joined(separator: ":")
        let remainder = nanoseconds % 1_000_000_000
        let fraction = (remainder < 0 ? remainder + 1_000_000_000 : remainder).padded(to: 9)
        return "\(date.year.padded(to: 4))-\(date.month.padded(to: 2))-\(date.day.padded(to: 2))T\(clock).\(fraction)Z"
    }
}

/// A day of the Gregorian calendar.
private struct CivilDate {
    let year: Int64
    let month: Int64
    let day: Int64

    /// By years that begin in March, so that the leap day is the last of one (H. Hinnant, "chrono-compatible low-level date algorithms").
    init(daysSince1970 days: Int64) {
        let shifted = days + 719_468
        let era = shifted.floored(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }
}

extension Int64 {
    fileprivate func floored(by divisor: Int64) -> Int64 { self / divisor - (self % divisor < 0 ? 1 : 0) }

    fileprivate func padded(to width: Int) -> String {
        let digits = String(self)
        return String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits
    }
}
