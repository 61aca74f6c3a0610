extension Int64 {
    /// The sum, or where it would not fit the nearest number: what is read from a file may be anything, and is no reason to end.
    func plusClamped(_ other: Int64) -> Int64 {
        let (sum, isOver) = addingReportingOverflow(other)
        guard isOver else { return sum }
        return other < 0 ? .min : .max
    }
}
