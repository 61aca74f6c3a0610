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
        guard let time = argument.hasPrefix("+") ? TimeArgument(later: argument.dropFirst()) : TimeArgument(calendar: argument) else {
            return nil
        }
        self = time
    }

    private init?(later text: Substring) {
        let seconds: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        guard let unit = text.last.flatMap({ seconds[$0] }), let count = TimeArgument.number(text.dropLast().utf8, digits: 1...6) else {
            return nil
        }
        guard count * unit <= TimeArgument.secondsAtMost else { return nil }
        self = .later(nanoseconds: count * unit * 1_000_000_000)
    }

    /// RFC 3339 §5.6, to the second: `2026-03-01T00:00:00Z`, or with an offset of hours and minutes.
    private init?(calendar text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 20 || bytes.count == 25, [4, 7].allSatisfy({ bytes[$0] == 0x2D }), [13, 16].allSatisfy({ bytes[$0] == 0x3A }),
            bytes[10] == 0x54 || bytes[10] == 0x74
        else { return nil }
        func two(_ start: Int) -> Int64? { TimeArgument.number(bytes[start..<start + 2], digits: 2...2) }
        guard let year = TimeArgument.number(bytes[0..<4], digits: 4...4), let month = two(5), let day = two(8), let hour = two(11),
            let minute = two(14), let second = two(17), (1970...9_999).contains(year), (1...12).contains(month), hour < 24, minute < 60,
            second < 60, (1...TimeArgument.days(ofMonth: month, year: year)).contains(day)
        else { return nil }
        var offset: Int64 = 0
        if bytes.count == 25 {
            guard bytes[19] == 0x2B || bytes[19] == 0x2D, bytes[22] == 0x3A, let hours = two(20), let minutes = two(23), hours < 24,
                minutes < 60
            else { return nil }
            offset = (hours * 60 + minutes) * (bytes[19] == 0x2D ? -60 : 60)
        } else if bytes[19] != 0x5A && bytes[19] != 0x7A {
            return nil
        }
        let days = TimeArgument.days(toYear: year) + (1..<month).reduce(0) { $0 + TimeArgument.days(ofMonth: $1, year: year) } + day - 1
        let seconds = ((days * 24 + hour) * 60 + minute) * 60 + second - offset
        // Nanoseconds end in 2262.
        guard seconds < Int64.max / 1_000_000_000 else { return nil }
        self = .calendar(WallTime(seconds: seconds))
    }

    private static func number(_ digits: some Collection<UInt8>, digits count: ClosedRange<Int>) -> Int64? {
        guard count.contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }

    private static func isLeap(_ year: Int64) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    private static func days(ofMonth month: Int64, year: Int64) -> Int64 {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days from 1970 to the beginning of a year.
    private static func days(toYear year: Int64) -> Int64 {
        func leaps(_ year: Int64) -> Int64 { year / 4 - year / 100 + year / 400 }
        return (year - 1970) * 365 + leaps(year - 1) - leaps(1969)
    }
}
