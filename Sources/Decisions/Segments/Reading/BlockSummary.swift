/// What a block holds, so that whoever looks for something else need not read it.
package struct BlockSummary: Hashable, Sendable {
    /// Records in the block.
    package internal(set) var count = 0
    /// From the first to the last, by wall nanoseconds; they may lie anywhere between.
    package internal(set) var wall = TimeSpan()
    /// The same by monotonic nanoseconds, which the records are in order of.
    package internal(set) var monotonic = TimeSpan()

    /// Where its frame begins, in bytes, and how many words it has; of a live segment's, where its records begin in its list of places.
    var offset = 0
    var words = 0
    /// The least and the greatest first half of an id.
    var leastIdentifier = UInt64.max
    var greatestIdentifier: UInt64 = 0
    /// Verdicts by code, statuses and routes by their lowest six bits.
    var verdicts: UInt64 = 0
    var statuses: UInt64 = 0
    var routes: UInt64 = 0
    /// By place in the segment's list of applications, a bit each; empty where nobody knows.
    var applications: [UInt64] = []

    /// Words of a summary without the applications.
    static let plainWords = 11

    /// Of no records.
    init() {}

    /// What these records have, their applications apart.
    init(_ block: borrowing DecisionBlock) {
        count = block.count
        for index in 0..<block.count {
            wall.reach(Int64(bitPattern: block[.wall, index]))
            monotonic.reach(Int64(bitPattern: block[.monotonic, index]))
            leastIdentifier = min(leastIdentifier, block[.idHigh, index])
            greatestIdentifier = max(greatestIdentifier, block[.idHigh, index])
            verdicts |= 1 &<< (block[.verdict, index] & 63)
            statuses |= 1 &<< (block[.status, index] & 63)
            routes |= 1 &<< (block[.route, index] & 63)
        }
    }

    /// Its frame's payload.
    var payload: [UInt64] {
        [
            UInt64(offset), UInt64(words) | UInt64(count) << 32, UInt64(bitPattern: wall.first), UInt64(bitPattern: wall.last),
            UInt64(bitPattern: monotonic.first), UInt64(bitPattern: monotonic.last), leastIdentifier, greatestIdentifier, verdicts,
            statuses,
            routes,
        ] + applications
    }

    /// The summary of a payload, of a segment with so many applications, or nil.
    init?(_ payload: ArraySlice<UInt64>, applications: Int) {
        let words = Array(payload)
        guard words.count == BlockSummary.plainWords + (applications + 63) / 64, words[0] <= 1 << 48 else { return nil }
        (offset, self.words) = (Int(words[0]), Int(words[1] & 0xFFFF_FFFF))
        count = Int(words[1] >> 32)
        wall = TimeSpan(first: Int64(bitPattern: words[2]), last: Int64(bitPattern: words[3]))
        monotonic = TimeSpan(first: Int64(bitPattern: words[4]), last: Int64(bitPattern: words[5]))
        (leastIdentifier, greatestIdentifier) = (words[6], words[7])
        (verdicts, statuses, routes) = (words[8], words[9], words[10])
        self.applications = Array(words[BlockSummary.plainWords...])
        guard count <= DecisionLimits.blockRecords, self.words >= 3, self.words <= DecisionLimits.frameWords + 2 else { return nil }
    }
}

/// From the first of some times to the last, in nanoseconds; of none it begins behind its end.
package struct TimeSpan: Hashable, Sendable {
    /// The earliest.
    package private(set) var first = Int64.max
    /// The latest.
    package private(set) var last = Int64.min

    /// Of no times.
    package init() {}

    /// From the earliest to the latest.
    package init(first: Int64, last: Int64) { (self.first, self.last) = (first, last) }

    /// Stretches it to a time.
    mutating func reach(_ time: Int64) { (first, last) = (min(first, time), max(last, time)) }

    /// Stretches it to all of another.
    mutating func reach(_ other: TimeSpan) { (first, last) = (min(first, other.first), max(last, other.last)) }

    /// Whether a time lies in it.
    package func contains(_ time: Int64) -> Bool { first <= time && time <= last }

    /// Whether some time lies in both.
    package func meets(_ other: TimeSpan) -> Bool { first <= other.last && other.first <= last }
}
