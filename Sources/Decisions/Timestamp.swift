package import Registry

extension WallTime {
    /// The time as RFC 3339 has it, in UTC with so many digits of the second, at most nine, the rest cut off: `2021-05-03T00:00:00.000000000Z`.
    package func timestamp(digits: Int = 9) -> String {
        let date = CivilDate(epochSeconds: seconds)
        let second = date.secondOfDay
        let clock = [second / 3_600, second / 60 % 60, second % 60].map { $0.padded(to: 2) }.joined(separator: ":")
        let part = Int(nanoseconds % 1_000_000_000)
        let fraction = (part < 0 ? part + 1_000_000_000 : part).padded(to: 9).prefix(digits)
        return "\(date.year.padded(to: 4))-\(date.month.padded(to: 2))-\(date.day.padded(to: 2))T\(clock).\(fraction)Z"
    }
}

extension Int {
    fileprivate func padded(to width: Int) -> String {
        let digits = String(self)
        return String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits
    }
}
