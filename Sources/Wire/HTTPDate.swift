/// Reads `Sun, 06 Nov 1994 08:49:37 GMT`, the one form of a date that may be sent (RFC 9110 §5.6.7). The two obsolete ones are not read.
package enum HTTPDate {
    /// Seconds since 1970; nil if out of form. The day's name is not looked at.
    package static func epochSeconds(_ value: Span<UInt8>) -> Int64? {
        guard value.count == 29, isText(value, 3, ", "), isText(value, 7, " "), isText(value, 11, " "), isText(value, 16, " "),
            isText(value, 19, ":"), isText(value, 22, ":"), isText(value, 25, " GMT"), let day = number(value, 5..<7),
            let month = month(value), let year = number(value, 12..<16), let hour = number(value, 17..<19),
            let minute = number(value, 20..<22), let second = number(value, 23..<25), (1...31).contains(day), hour < 24, minute < 60,
            second <= 60
        else { return nil }
        return days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second
    }

    /// Days since 1970, counted in eras of 400 years that begin on 1 March, as `CivilDate` counts them.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func month(_ value: Span<UInt8>) -> Int64? {
        for (index, name) in months.enumerated() where isText(value, 8, name) { return Int64(index) + 1 }
        return nil
    }

    private static func number(_ value: Span<UInt8>, _ range: Range<Int>) -> Int64? {
        var number: Int64 = 0
        for index in range {
            guard (0x30...0x39).contains(value[index]) else { return nil }
            number = number * 10 + Int64(value[index] - 0x30)
        }
        return number
    }

    private static func isText(_ value: Span<UInt8>, _ start: Int, _ text: StaticString) -> Bool {
        for (index, byte) in text.description.utf8.enumerated() where value[start + index] != byte { return false }
        return true
    }

    private static let months: [StaticString] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
