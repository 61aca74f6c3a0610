/// Metrics as Prometheus reads them: its text format 0.0.4, or OpenMetrics 1.0. One family after the other, each with its help and type,
/// and all its samples together. Who writes gives each series once.
package struct MetricsText {
    /// What a family's numbers mean.
    package enum Kind: String, Sendable {
        /// Only grows; its samples' names end in `_total`, the family's does not.
        case counter
        /// Goes up and down.
        case gauge
        /// How many were at most so long.
        case histogram
    }

    /// A sample's number.
    package enum Value: Sendable {
        /// So many.
        case count(UInt64)
        /// A whole number.
        case whole(Int64)
        /// Seconds, given in microseconds.
        case microseconds(UInt64)
        /// Seconds, given in nanoseconds.
        case nanoseconds(UInt64)
    }

    private let isOpenMetrics: Bool
    private var bytes: [UInt8] = []
    private var families: Set<String> = []
    private var sampleName = ""

    /// Nothing yet, in one form or the other.
    package init(openMetrics: Bool) { isOpenMetrics = openMetrics }

    /// The answer's `Content-Type`.
    package static func contentType(openMetrics: Bool) -> String {
        openMetrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8" : "text/plain; version=0.0.4; charset=utf-8"
    }

    /// Begins a family: `name` in snake case with its unit at the end, without `_total`; `help` one sentence.
    package mutating func family(_ name: String, _ kind: Kind, _ help: String) {
        precondition(families.insert(name).inserted, "a family of metrics stands once")
        sampleName = kind == .counter ? name + "_total" : name
        // The older form has no families beside its samples' names.
        let described = isOpenMetrics ? name : sampleName
        append("# HELP \(described) ")
        appendEscaped(help, quotes: isOpenMetrics)
        append("\n# TYPE \(described) \(kind.rawValue)\n")
    }

    /// A sample of the family begun last.
    package mutating func sample(_ labels: KeyValuePairs<String, String>, _ value: Value) { write("", labels, nil, value) }

    /// The only sample of the family begun last.
    package mutating func sample(_ value: Value) { write("", [:], nil, value) }

    /// A histogram of the family begun last: its buckets, each with all below it, then sum and count.
    package mutating func histogram(_ labels: KeyValuePairs<String, String>, _ histogram: LatencyHistogram) {
        var below: UInt64 = 0
        for (index, bound) in LatencyHistogram.boundNames.enumerated() {
            below += histogram.counts[index]
            write("_bucket", labels, bound, .count(below))
        }
        let count = below + histogram.counts[LatencyHistogram.boundNames.count]
        write("_bucket", labels, "+Inf", .count(count))
        write("_sum", labels, nil, .microseconds(histogram.sumMicroseconds))
        write("_count", labels, nil, .count(count))
    }

    /// The whole text.
    package consuming func finished() -> [UInt8] {
        if isOpenMetrics { append("# EOF\n") }
        return bytes
    }

    private mutating func write(_ suffix: String, _ labels: KeyValuePairs<String, String>, _ bound: String?, _ value: Value) {
        append(sampleName)
        append(suffix)
        var separator = "{"
        for (name, text) in labels {
            append("\(separator)\(name)=\"")
            appendEscaped(text, quotes: true)
            append("\"")
            separator = ","
        }
        if let bound {
            append("\(separator)le=\"\(bound)\"")
            separator = ","
        }
        append(separator == "{" ? " " : "} ")
        append(value)
        append("\n")
    }

    private mutating func append(_ value: Value) {
        switch value {
        case .count(let count): append("\(count)")
        case .whole(let number): append("\(number)")
        case .microseconds(let part): appendSeconds(part, digits: 6)
        case .nanoseconds(let part): appendSeconds(part, digits: 9)
        }
    }

    private mutating func appendSeconds(_ parts: UInt64, digits: Int) {
        let perSecond: UInt64 = digits == 6 ? 1_000_000 : 1_000_000_000
        let fraction = String(parts % perSecond)
        append("\(parts / perSecond).\(String(repeating: "0", count: digits - fraction.count))\(fraction)")
    }

    private mutating func append(_ text: String) { bytes += text.utf8 }

    /// Backslash and line feed, and in labels and OpenMetrics the quote.
    private mutating func appendEscaped(_ text: String, quotes: Bool) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): append("\\\\")
            case UInt8(ascii: "\n"): append("\\n")
            case UInt8(ascii: "\"") where quotes: append("\\\"")
            default: bytes.append(byte)
            }
        }
    }
}
