import ArgumentParser
import Registry

/// A time on the command line: of the calendar (RFC 3339), or so long from now.
enum TimeArgument: Hashable, Sendable {
    /// `2026-03-01T00:00:00+05:30`.
    case calendar(WallTime)
    /// `+90s`, `+30m`, `+1h`, `+2d`: in nanoseconds.
    case later(nanoseconds: Int64)

    /// Nobody means more than a hundred years, and nanoseconds end in 2262.
    private static let secondsAtMost: Int64 = 36_500 * 86_400

    /// The time meant by somebody who says so now; to the whole second, so that what is printed is what is meant.
    func time(after now: WallTime) -> WallTime {
        switch self {
        case .calendar(let time): time
        case .later(let nanoseconds): WallTime(seconds: (now.nanoseconds + nanoseconds + 999_999_999) / 1_000_000_000)
        }
    }
}

extension TimeArgument: ExpressibleByArgument {
    init?(argument: String) {
        let time =
            argument.hasPrefix("+") ? TimeArgument(later: argument.dropFirst()) : WallTime(calendar: argument).map(TimeArgument.calendar)
        guard let time else { return nil }
        self = time
    }

    private init?(later text: Substring) {
        let seconds: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        let digits = text.dropLast().utf8
        guard let unit = text.last.flatMap({ seconds[$0] }), (1...6).contains(digits.count),
            digits.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int64(text.dropLast())
        else { return nil }
        guard count * unit <= TimeArgument.secondsAtMost else { return nil }
        self = .later(nanoseconds: count * unit * 1_000_000_000)
    }
}
