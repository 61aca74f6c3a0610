import Registry
import Testing

@testable import Command

@Suite struct TimeArgumentTests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2024-02-29T23:59:59Z", 1_709_251_199), ("2026-03-01T00:00:00+05:30", 1_772_303_400),
            ("2026-02-28T15:00:00-03:30", 1_772_303_400), ("2100-03-01T00:00:00z", 4_107_542_400), ("2000-02-29t00:00:00Z", 951_782_400),
        ] as [(String, Int64)])
    func `a time of the calendar is the same in every zone`(_ text: String, _ seconds: Int64) {
        #expect(TimeArgument(argument: text) == .calendar(WallTime(seconds: seconds)))
    }

    @Test(arguments: [("+90s", 90), ("+30m", 1_800), ("+1h", 3_600), ("+2d", 172_800)] as [(String, Int64)])
    func `so long from now is rounded up to a whole second`(_ text: String, _ seconds: Int64) throws {
        let time = try #require(TimeArgument(argument: text))
        #expect(time.time(after: WallTime(seconds: 1_000)) == WallTime(seconds: 1_000 + seconds))
        #expect(time.time(after: WallTime(nanoseconds: 1_000_000_000_001)) == WallTime(seconds: 1_001 + seconds))
    }

    @Test(arguments: [
        "", "+", "+h", "+1", "+1w", "+-1h", "+1234567s", "1h", "tomorrow", "2026-03-01", "2026-03-01T00:00:00", "2026-13-01T00:00:00Z",
        "2026-02-29T00:00:00Z", "2026-03-01T24:00:00Z", "2026-03-01T00:60:00Z", "2026-03-01T00:00:60Z", "2026-03-01T00:00:00+0530",
        "2026-03-01T00:00:00+05:60", "2026-03-01T00:00:00.5Z", "1969-12-31T23:59:59Z", "2263-01-01T00:00:00Z", "२०२६-०३-०१T00:00:00Z",
        "2026-03-01 00:00:00Z", "2026-03-01T00:00:00*05:30", "+36501d", "+110000d", "+999999d",
    ])
    func `anything else is no time`(_ text: String) { #expect(TimeArgument(argument: text) == nil) }
}
