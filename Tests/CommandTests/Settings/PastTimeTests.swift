import Registry
import Testing

@testable import Command

struct PastTimeTests {
    private static let now = WallTime(seconds: 1_800_000_000)

    @Test(arguments: [
        ("90s", 1_799_999_910_000_000_000), ("15m", 1_799_999_100_000_000_000), ("1h", 1_799_996_400_000_000_000),
        ("2d", 1_799_827_200_000_000_000), ("36500d", -1_353_600_000_000_000_000), ("2026-03-01T00:00:00+05:30", 1_772_303_400_000_000_000),
        ("2026-02-28T18:30:00.5Z", 1_772_303_400_500_000_000), ("2026-02-28T18:30:00.000000001Z", 1_772_303_400_000_000_001),
        ("2026-03-01T00:00:00.25+05:30", 1_772_303_400_250_000_000),
    ])
    func `a time is so long ago, or of the calendar`(text: String, nanoseconds: Int64) throws {
        #expect(try #require(PastTime(argument: text)).time(before: Self.now).nanoseconds == nanoseconds)
    }

    @Test(arguments: [
        "", "1", "h", "+1h", "-1h", "1w", "yesterday", "2026-03-01", "2026-03-01T00:00:00", "2026-03-01T00:00:00.Z",
        "2026-03-01T00:00:00.0000000001Z", "2026-02-30T00:00:00Z", "2026-03-01T00:00:00.5", "1.5h", "36501d", "110000d", "999999d",
        "876001h",
    ])
    func `anything else is none`(text: String) {
        #expect(PastTime(argument: text) == nil)
    }
}
