/// A week of the calendar (ISO 8601): it begins on Monday, and the first of a year is the one with its first Thursday.
package struct CalendarWeek: Hashable, Comparable, Sendable {
    /// Its year, which its Thursday tells.
    package let year: Int
    /// 1 to 53.
    package let number: Int
    /// Its Monday, as days since 1970-01-01.
    package let firstDay: Int64

    /// The week of a day, given as days since 1970-01-01.
    package init(of day: Int64) {
        // 1 January 1970 was a Thursday.
        let weekday = ((day + 3) % 7 + 7) % 7
        firstDay = day - weekday
        let thursday = firstDay + 3
        year = CivilDate(epochSeconds: thursday * DayClock.daySeconds).year
        var first = thursday
        while CivilDate(epochSeconds: (first - 7) * DayClock.daySeconds).year == year { first -= 7 }
        number = Int((thursday - first) / 7) + 1
    }

    /// `2021-W23`.
    package var text: String { "\(year)-W\(number < 10 ? "0" : "")\(number)" }

    /// Earlier before later.
    package static func < (left: CalendarWeek, right: CalendarWeek) -> Bool { left.firstDay < right.firstDay }
}
