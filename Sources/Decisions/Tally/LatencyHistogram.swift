/// How many took at most how long: fixed bounds from 100 µs, where the gateway's own part lies, to 60 s, beyond any route's timeout.
package struct LatencyHistogram: Sendable {
    /// Upper bounds in microseconds, each in its bucket; what is above the last has a bucket of its own.
    static let boundsMicroseconds: InlineArray<18, UInt32> = [
        100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000,
        30_000_000, 60_000_000,
    ]

    /// The same in seconds as OpenMetrics spells them.
    static let boundNames = [
        "0.0001", "0.00025", "0.0005", "0.001", "0.0025", "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1.0", "2.5", "5.0",
        "10.0",
        "30.0", "60.0",
    ]

    /// By bound, not added up; the last is above all bounds.
    private(set) var counts: InlineArray<19, UInt64> = InlineArray(repeating: 0)
    /// Of all together.
    private(set) var sumMicroseconds: UInt64 = 0

    /// Nothing measured.
    package init() {}

    /// One more.
    package mutating func count(microseconds: UInt32) {
        var index = 0
        while index < 18, microseconds > LatencyHistogram.boundsMicroseconds[index] { index += 1 }
        counts[index] += 1
        sumMicroseconds += UInt64(microseconds)
    }
}
