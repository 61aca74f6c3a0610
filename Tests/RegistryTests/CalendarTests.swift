import Registry
import Testing

/// Days and weeks of the calendar.
struct CalendarTests {
    @Test(
        arguments: [
            ("1970-01-01", 0), ("2021-06-10", 18_788), ("2024-02-29", 19_782), ("2262-04-10", 106_750), ("2262-04-11", nil),
            ("2021-6-10", nil), ("2021-02-29", nil), ("2021-13-01", nil), ("2021-00-01", nil), ("2021-01-00", nil), ("", nil),
            ("2021-06-10T00:00:00Z", nil), ("२०२१-०६-१०", nil),
        ] as [(String, Int64?)])
    func `a day is told by its digits`(text: String, day: Int64?) { #expect(DayClock.day(text) == day) }

    @Test func `a day begins by the clocks there`() {
        #expect(DayClock(offsetMinutes: 330).beginning(of: 18_788) == WallTime(calendar: "2021-06-10T00:00:00+05:30"))
        #expect(DayClock(offsetMinutes: -180).beginning(of: 18_788) == WallTime(calendar: "2021-06-10T03:00:00Z"))
        for offset in DayClock.offsetMinutes where offset % 45 == 0 {
            let clock = DayClock(offsetMinutes: offset)
            #expect(clock.day(of: clock.beginning(of: 18_788)) == 18_788)
            #expect(clock.day(of: WallTime(nanoseconds: clock.beginning(of: 18_788).nanoseconds - 1)) == 18_787)
        }
    }

    @Test(
        arguments: [
            ("2021-06-10", "2021-W23", "2021-06-07"), ("2021-06-07", "2021-W23", "2021-06-07"), ("2021-06-13", "2021-W23", "2021-06-07"),
            ("2021-01-03", "2020-W53", "2020-12-28"), ("2021-01-04", "2021-W01", "2021-01-04"), ("2019-12-30", "2020-W01", "2019-12-30"),
            ("2005-01-01", "2004-W53", "2004-12-27"), ("2008-12-29", "2009-W01", "2008-12-29"), ("1970-01-01", "1970-W01", "1969-12-29"),
            ("2010-01-03", "2009-W53", "2009-12-28"), ("2012-01-01", "2011-W52", "2011-12-26"),
        ])
    func `a week begins on Monday and belongs to the year of its Thursday`(day: String, week: String, monday: String) throws {
        let found = CalendarWeek(of: try #require(DayClock.day(day)))
        #expect(found.text == week)
        if let monday = DayClock.day(monday) { #expect(found.firstDay == monday) }
    }
}
