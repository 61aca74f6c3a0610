/// A calendar day, written `DD-MM-YYYY` on the wire and kept as days since 1970-01-01 so that ranges and gaps are arithmetic.
package struct Day: Hashable, Comparable, Sendable {
    /// Days since 1970-01-01.
    package let number: Int

    /// A day by its number since 1970-01-01.
    package init(number: Int) { self.number = number }

    /// The day it is at this second, where days begin `utcOffsetSeconds` east of Greenwich.
    package init(at secondsSince1970: Int, utcOffsetSeconds: Int) {
        let local = secondsSince1970 + utcOffsetSeconds
        number = local >= 0 ? local / 86_400 : (local - 86_399) / 86_400
    }

    /// Strict: two digits, two digits, four digits, and a day that exists.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[2] == UInt8(ascii: "-"), bytes[5] == UInt8(ascii: "-") else { return nil }
        guard let day = Self.number(bytes[0..<2]), let month = Self.number(bytes[3..<5]), let year = Self.number(bytes[6..<10]) else {
            return nil
        }
        guard year >= 1900, (1...12).contains(month), day >= 1 else { return nil }
        let candidate = Day(year: year, month: month, day: day)
        guard candidate.text == text else { return nil }
        self = candidate
    }

    /// Howard Hinnant's days_from_civil: the year is taken to begin in March, so the leap day comes last.
    package init(year: Int, month: Int, day: Int) {
        let year = month <= 2 ? year - 1 : year
        let era = year / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        number = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private var civil: (year: Int, month: Int, day: Int) {
        let shifted = number + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    /// The calendar year, by which age is judged.
    package var year: Int { civil.year }

    /// `DD-MM-YYYY`.
    package var text: String {
        let (year, month, day) = civil
        return "\(padded(day, to: 2))-\(padded(month, to: 2))-\(padded(year, to: 4))"
    }

    /// Earlier is less.
    package static func < (left: Day, right: Day) -> Bool { left.number < right.number }

    /// So many days later.
    package static func + (day: Day, days: Int) -> Day { Day(number: day.number + days) }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            value = value * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return value
    }
}

/// A number with leading zeros to a fixed width.
func padded(_ number: Int, to width: Int) -> String {
    let digits = String(number)
    return digits.count >= width ? digits : String(repeating: "0", count: width - digits.count) + digits
}
