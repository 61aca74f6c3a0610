/// How much the decision log may ask for, each number with its reason.
package enum DecisionLimits {
    /// Records in one frame of a live segment: a megabyte, which a reader holds whole. A longer batch is written as several frames.
    package static let frameRecords = 8_192
    /// Words in one frame: eight megabytes, far above any policy's form; a frame that says more is damage, and no reader asks for more memory.
    package static let frameWords = 1 << 20
    /// Bytes a reader asks its source for at a time.
    package static let readBytes = 1 << 20
}
