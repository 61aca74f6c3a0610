import Testing

@testable import CoreStore

@Suite struct DayTests {
    @Test(arguments: ["01-01-1970", "29-02-2024", "31-12-2026", "28-02-2100", "01-03-2000"])
    func `a day reads back as it was written`(text: String) throws {
        #expect(try #require(Day(text)).text == text)
    }

    @Test(arguments: [
        "", "1-1-2021", "2021-01-01", "29-02-2023", "31-04-2021", "00-01-2021", "01-13-2021", "01/01/2021", "01-01-21", "०१-01-2021",
    ])
    func `what is not a day is refused`(text: String) {
        #expect(Day(text) == nil)
    }

    @Test func `days count on across months and years`() throws {
        let day = try #require(Day("27-02-2024"))
        #expect((0..<4).map { (day + $0).text } == ["27-02-2024", "28-02-2024", "29-02-2024", "01-03-2024"])
        #expect(try #require(Day("01-01-2025")).number - #require(Day("01-01-2024")).number == 366)
        #expect(try #require(Day("01-01-1970")).number == 0)
    }

    @Test func `the day changes at the country's midnight`() throws {
        let midnight = try #require(Day("21-06-2021")).number * 86_400 - 19_800
        #expect(Day(at: midnight - 1, utcOffsetSeconds: 19_800).text == "20-06-2021")
        #expect(Day(at: midnight, utcOffsetSeconds: 19_800).text == "21-06-2021")
        #expect(Day(at: -1, utcOffsetSeconds: 0).text == "31-12-1969")
    }
}
