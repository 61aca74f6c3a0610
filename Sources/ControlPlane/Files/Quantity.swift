import Registry

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

    /// Minutes ahead of UTC of `+05:30` or `-03:00` (RFC 3339's numeric offset), or nil where no clock in the world is set so.
    static func offsetMinutes(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count == 6, bytes[0] == 0x2B || bytes[0] == 0x2D, bytes[3] == 0x3A else { return nil }
        let digits = [bytes[1], bytes[2], bytes[4], bytes[5]]
        guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        let numbers = digits.map { Int64($0 - 0x30) }
        guard numbers[2] < 6 else { return nil }
        let minutes = (numbers[0] * 10 + numbers[1]) * 60 + numbers[2] * 10 + numbers[3]
        let offset = bytes[0] == 0x2D ? -minutes : minutes
        return DayClock.offsetMinutes.contains(offset) ? offset : nil
    }

    /// The spelling of an offset.
    static func offset(minutes: Int64) -> String {
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return (minutes < 0 ? "-" : "+") + two(abs(minutes) / 60) + ":" + two(abs(minutes) % 60)
    }

    private static func number(_ text: String, units: [String: Int64]) -> Int64? {
        let digits = text.prefix { ("0"..."9").contains($0) }
        let unit = text.dropFirst(digits.count).drop { $0 == " " }
        guard digits.count <= 15, let count = Int64(digits), let factor = units[String(unit)] else { return nil }
        let product = count.multipliedReportingOverflow(by: factor)
        return product.overflow ? nil : product.partialValue
    }
}
