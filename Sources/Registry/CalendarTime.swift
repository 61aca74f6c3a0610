extension WallTime {
    /// A time as RFC 3339 §5.6 has it, to the second: `2026-03-01T00:00:00Z`, or with an offset of hours and minutes. Nil for anything else.
    package init?(calendar text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 20 || bytes.count == 25, let days = CalendarText.days(bytes[..<10]), bytes[10] == 0x54 || bytes[10] == 0x74,
            [13, 16].allSatisfy({ bytes[$0] == 0x3A })
        else { return nil }
        func two(_ start: Int) -> Int64? { CalendarText.number(bytes[start..<start + 2]) }
        guard let hour = two(11), let minute = two(14), let second = two(17), hour < 24, minute < 60, second < 60 else { return nil }
        var offset: Int64 = 0
        if bytes.count == 25 {
            guard bytes[19] == 0x2B || bytes[19] == 0x2D, bytes[22] == 0x3A, let hours = two(20), let minutes = two(23), hours < 24,
                minutes < 60
            else { return nil }
            offset = (hours * 60 + minutes) * (bytes[19] == 0x2D ? -60 : 60)
        } else if bytes[19] != 0x5A && bytes[19] != 0x7A {
            return nil
        }
        let seconds = ((days * 24 + hour) * 60 + minute) * 60 + second - offset
        // Nanoseconds end in 2262.
        guard seconds < Int64.max / 1_000_000_000 else { return nil }
        self.init(seconds: seconds)
    }
}

extension DayClock {
    /// A day of the calendar, `2021-06-10`, as days since 1970-01-01. Nil for anything else, and for days whose nanoseconds do not fit.
    package static func day(_ text: String) -> Int64? {
        let days = CalendarText.days(Array(text.utf8)[...])
        return days.flatMap { $0 < Int64.max / dayNanoseconds ? $0 : nil }
    }

    /// When a day begins at this offset.
    package func beginning(of day: Int64) -> WallTime { WallTime(nanoseconds: day * DayClock.dayNanoseconds - offsetNanoseconds) }
}

/// Digits of the calendar.
private enum CalendarText {
    /// `2021-06-10` as days since 1970-01-01.
    static func days(_ bytes: ArraySlice<UInt8>) -> Int64? {
        let start = bytes.startIndex
        guard bytes.count == 10, bytes[start + 4] == 0x2D, bytes[start + 7] == 0x2D, let year = number(bytes[start..<start + 4]),
            let month = number(bytes[start + 5..<start + 7]), let day = number(bytes[start + 8..<start + 10]),
            (1970...9_999).contains(year), (1...12).contains(month), (1...days(ofMonth: month, year: year)).contains(day)
        else { return nil }
        return days(toYear: year) + (1..<month).reduce(0) { $0 + days(ofMonth: $1, year: year) } + day - 1
    }

    static func number(_ digits: some Collection<UInt8>) -> Int64? {
        guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }

    private static func isLeap(_ year: Int64) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    private static func days(ofMonth month: Int64, year: Int64) -> Int64 {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days from 1970 to the beginning of a year.
    private static func days(toYear year: Int64) -> Int64 {
        func leaps(_ year: Int64) -> Int64 { year / 4 - year / 100 + year / 400 }
        return (year - 1970) * 365 + leaps(year - 1) - leaps(1969)
    }
}
