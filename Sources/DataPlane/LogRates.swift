import Registry

/// How many lines of a kind are written: so many a second, and for the rest a count. A flood of one fault neither fills a disk nor hides others.
struct LogRates {
    /// Lines of a kind in a second: enough to see what happens, and to whom.
    static let linesPerSecond = 10
    /// Kinds told apart in a second, several times as many as there are; further ones count as one.
    static let kinds = 64

    private struct Count {
        let began: MonotonicTime
        var written = 0
        var leftOut = 0

        func isOver(at now: MonotonicTime) -> Bool { now.nanoseconds - began.nanoseconds >= 1_000_000_000 }
    }

    private var counts: [String: Count] = [:]

    /// Whether a line of this kind is written now; where not, it is counted.
    mutating func admits(_ name: String, at now: MonotonicTime) -> Bool {
        let kind = counts[name] != nil || counts.count < LogRates.kinds ? name : "others"
        var count = counts[kind] ?? Count(began: now)
        if count.isOver(at: now) { count = Count(began: now, leftOut: count.leftOut) }
        let isAdmitted = count.written < LogRates.linesPerSecond
        if isAdmitted { count.written += 1 } else { count.leftOut += 1 }
        counts[kind] = count
        return isAdmitted
    }

    /// Of which kinds lines were left out in seconds that are over, and how many; each is told once.
    mutating func takeLeftOut(at now: MonotonicTime) -> [(kind: String, lines: Int)] {
        let over = counts.filter { $0.value.isOver(at: now) }
        for kind in over.keys { counts[kind] = nil }
        return over.filter { $0.value.leftOut > 0 }.map { ($0.key, $0.value.leftOut) }.sorted { $0.kind < $1.kind }
    }
}
