import ArgumentParser
import Registry

/// A time on the command line that is over: so long ago, or of the calendar (RFC 3339) with as many digits of the second as records print.
enum PastTime: Hashable, Sendable {
    /// `90s`, `15m`, `1h`, `2d`: in nanoseconds.
    case ago(nanoseconds: Int64)
    /// `2026-03-01T00:00:00+05:30`, `2026-03-01T00:00:00.000000001Z`.
    case calendar(WallTime)

    /// The time meant by somebody who says so now.
    func time(before now: WallTime) -> WallTime {
        switch self {
        case .ago(let nanoseconds): WallTime(nanoseconds: now.nanoseconds - nanoseconds)
        case .calendar(let time): time
        }
    }
}

extension PastTime: ExpressibleByArgument {
    init?(argument: String) {
        // What is meant of times to come is meant of times that are over, but for the sign.
        if case .later(let nanoseconds) = TimeArgument(argument: "+" + argument) {
            self = .ago(nanoseconds: nanoseconds)
            return
        }
        guard let (text, fraction) = PastTime.split(argument), case .calendar(let time) = TimeArgument(argument: text) else { return nil }
        self = .calendar(WallTime(nanoseconds: time.nanoseconds + fraction))
    }

    /// As it would be written.
    var defaultValueDescription: String {
        switch self {
        case .ago(nanoseconds: 0): "now"
        case .ago(let nanoseconds): "\(nanoseconds / 3_600_000_000_000)h"
        case .calendar: ""
        }
    }

    /// The text without the second's fraction, and that in nanoseconds.
    private static func split(_ text: String) -> (String, Int64)? {
        guard let point = text.firstIndex(of: ".") else { return (text, 0) }
        let rest = text[text.index(after: point)...]
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        guard (1...9).contains(digits.count), let number = Int64(digits) else { return nil }
        let scale = (digits.count..<9).reduce(Int64(1)) { product, _ in product * 10 }
        return (String(text[..<point] + rest.dropFirst(digits.count)), number * scale)
    }
}
