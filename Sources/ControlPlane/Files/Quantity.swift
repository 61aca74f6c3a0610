/// Durations and sizes as files write them: a whole number, a space if one likes, a unit.
enum Quantity {
    /// Nanoseconds of `300 s`, `5 min`, `250 ms`, `1 h`, or nil.
    static func nanoseconds(_ text: String) -> Int64? {
        number(text, units: ["ms": 1_000_000, "s": 1_000_000_000, "min": 60_000_000_000, "h": 3_600_000_000_000, "d": 86_400_000_000_000])
    }

    /// Bytes of `16 KiB`, `512 B`, `1 MiB`, or nil.
    static func bytes(_ text: String) -> Int64? {
        number(text, units: ["B": 1, "KiB": 1_024, "MiB": 1_048_576])
    }

    /// The shortest spelling of a duration, to the millisecond.
    static func duration(nanoseconds: Int64) -> String {
        nanoseconds % 1_000_000_000 == 0 ? "\(nanoseconds / 1_000_000_000) s" : "\(nanoseconds / 1_000_000) ms"
    }

    /// The shortest exact spelling of a size.
    static func size(bytes: Int64) -> String {
        bytes > 0 && bytes % 1_024 == 0 ? "\(bytes / 1_024) KiB" : "\(bytes) B"
    }

    private static func number(_ text: String, units: [String: Int64]) -> Int64? {
        let digits = text.prefix { ("0"..."9").contains($0) }
        let unit = text.dropFirst(digits.count).drop { $0 == " " }
        guard digits.count <= 15, let count = Int64(digits), let factor = units[String(unit)] else { return nil }
        let product = count.multipliedReportingOverflow(by: factor)
        return product.overflow ? nil : product.partialValue
    }
}
