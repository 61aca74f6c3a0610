/// How much the decision log may ask for, each number with its reason.
package enum DecisionLimits {
    /// Records in one frame of a live segment: a megabyte, which a reader holds whole. A longer batch is written as several frames.
    package static let frameRecords = 8_192
    /// Records in one block of a sealed segment: read and unpacked in a fifth of a millisecond, and large enough that what all records of a block share
    /// costs each of them a tenth of a byte.
    package static let blockRecords = 8_192
    /// Words in one frame: eight megabytes, far above any policy's form; a frame that says more is damage, and no reader asks for more memory.
    package static let frameWords = 1 << 20
    /// Bytes a reader asks its source for at a time.
    package static let readBytes = 1 << 20
    /// Records of a live segment before it is sealed: 33 MB, which takes some 30 ms to look through for an id, and 8 MB to put in order.
    package static let segmentRecords = 1 << 18
    /// How far a record's time, that of the judging, may lie from the times at which its segment was begun and ended: a request takes ten
    /// minutes at most; the rest is for clocks that are set.
    package static let segmentSlackNanoseconds: Int64 = 3_600_000_000_000
}
