package import Registry

/// A segment as the folder's list has it, `<begun, 13 digits of wall milliseconds>-<process>-<count>.live` or `.sealed`: enough to know which
/// segments a time is to be looked for in, which is all that a day of thousands of them can be asked for.
package struct SegmentName: Hashable, Sendable {
    /// When it was begun, by whom, the how manieth: the same in both forms.
    package let stem: String
    /// Whether it has the form that nobody writes any more.
    package let isSealed: Bool
    /// When it was begun.
    package let begun: WallTime
    /// The process that wrote it.
    package let process: Int32
    /// How many segments the process had begun with it.
    package let count: Int

    /// The file's name.
    package var file: String { stem + (isSealed ? SegmentName.sealed : SegmentName.live) }

    /// The same segment in the other form.
    package var inOtherForm: SegmentName {
        SegmentName(stem: stem, isSealed: !isSealed, begun: begun, process: process, count: count)
    }

    /// Of a segment that is begun.
    package init(begun: WallTime, process: Int32, count: Int) {
        let milliseconds = max(0, begun.nanoseconds / 1_000_000)
        let digits = String(milliseconds)
        let padded = String(repeating: "0", count: max(0, SegmentName.digits - digits.count)) + digits
        self.init(
            stem: "\(padded)-\(process)-\(count)", isSealed: false, begun: WallTime(nanoseconds: milliseconds * 1_000_000),
            process: process, count: count)
    }

    /// Of a file's name; nil where it is no segment.
    package init?(file: String) {
        guard let form = [SegmentName.live, SegmentName.sealed].first(where: { file.hasSuffix($0) }) else { return nil }
        let stem = String(file.dropLast(form.count))
        let parts = stem.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].utf8.count == SegmentName.digits,
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            // A time of nanoseconds ends in the year 2262, before thirteen digits of milliseconds do.
            let milliseconds = Int64(parts[0]), milliseconds <= .max / 1_000_000, let process = Int32(parts[1]), let count = Int(parts[2])
        else { return nil }
        self.init(
            stem: stem, isSealed: form == SegmentName.sealed, begun: WallTime(nanoseconds: milliseconds * 1_000_000), process: process,
            count: count)
    }

    private init(stem: String, isSealed: Bool, begun: WallTime, process: Int32, count: Int) {
        (self.stem, self.isSealed, self.begun, self.process, self.count) = (stem, isSealed, begun, process, count)
    }

    private static let live = ".live"
    private static let sealed = ".sealed"
    private static let digits = 13
}

extension [SegmentName] {
    /// The segments that these files are, the oldest first; of one that is there in both forms the sealed one, for the other is about to go.
    package init(files: some Sequence<String>) {
        var names: [String: SegmentName] = [:]
        for name in files.lazy.compactMap({ SegmentName(file: $0) }) where names[name.stem]?.isSealed != true { names[name.stem] = name }
        self = names.values.sorted { ($0.begun, $0.process, $0.count) < ($1.begun, $1.process, $1.count) }
    }

    /// Those, of segments of which the oldest comes first, that may hold requests judged in a span. A segment ends where the next one of its
    /// process begins; the last one of a process has no known end.
    package func meeting(_ span: TimeSpan) -> [SegmentName] {
        let slack = DecisionLimits.segmentSlackNanoseconds
        var ends: [Int32: Int64] = [:]
        var meeting: [SegmentName] = []
        for name in reversed() {
            let end = ends.updateValue(name.begun.nanoseconds, forKey: name.process)
            let isOver = end.map { $0.addingReportingOverflow(slack).partialValue < span.first } ?? false
            if !isOver && name.begun.nanoseconds - slack <= span.last { meeting.append(name) }
        }
        return meeting.reversed()
    }
}
