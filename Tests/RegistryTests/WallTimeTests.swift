import Registry
import Testing

/// Seconds that have no nanoseconds.
struct WallTimeTests {
    @Test(
        arguments: [
            (0, 0), (1, 1_000_000_000), (-1, -1_000_000_000), (9_223_372_036, 9_223_372_036_000_000_000), (9_223_372_037, .max),
            (253_402_214_400, .max), (-9_223_372_037, .min), (.max, .max), (.min, .min),
        ] as [(Int64, Int64)])
    func `seconds become the nearest nanoseconds that fit`(_ seconds: Int64, _ nanoseconds: Int64) {
        #expect(WallTime(seconds: seconds).nanoseconds == nanoseconds)
    }
}
