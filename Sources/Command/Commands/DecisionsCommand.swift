import ArgumentParser
import ControlPlane
import Decisions
import Foundation
import Registry
import Synchronization
import UnixSignals

/// What was decided, as it is on record.
struct DecisionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decisions", abstract: "Show what was decided: a record for each request, the newest last.",
        discussion: """
            Reads the records themselves, whether or not a gateway runs, and prints on stderr where they end. Times are those at which \
            requests were judged; times given are so long ago (90s, 15m, 1h, 2d; 36500d at most) or of the calendar (2026-03-01T00:00:00+05:30). JSON is \
            one array, with --follow an object a line; CSV is RFC 4180 with a header.
            """)

    @OptionGroup var choice: RecordChoice
    @Option(help: "At most so many, the newest; 0 for all.") var limit = 100
    @Flag(help: "Go on as records come, until Ctrl-C; they come as requests end.") var follow = false
    @Option(help: "How results are written: table for people, json or csv for scripts.") var format: RecordFormat = .table
    @OptionGroup var folder: RecordFolder

    /// Between two looks at what came.
    private static let followMilliseconds = 100
    /// A million records are a gigabyte of JSON.
    private static let limits = 0...1_000_000

    func validate() throws {
        guard DecisionsCommand.limits.contains(limit) else {
            throw ValidationError("--limit is \(limit), expected a number from 0 (all) to \(DecisionsCommand.limits.upperBound)")
        }
    }

    func run() async throws {
        let records = try folder.records()
        let filter = try choice.filter(of: records, folder, at: .now())
        // Heard from here on: whoever presses Ctrl-C has seen enough, and nothing failed.
        let signals = follow ? await UnixSignalsSequence(trapping: .sigint, .sigterm) : nil
        var printer = RecordPrinter<RecordedDecision>(format, isEndless: follow, isBounded: limit > 0)
        try print(records, filter, to: &printer)
        // A status that no answer had is more likely a slip than a question.
        if !follow, printer.count == 0 { try choice.checkStatus(records, filter) }
        printer.end()
        try tellEnd(of: records)
        guard let signals else { return }
        let end = AwaitedSignal(signals)
        var follower = try RecordFollower(after: records, filter)
        while !end.hasCome {
            try follower.poll { printer.write($0) }
            for complaint in follower.takeComplaints() { Message.write("Warning: \(complaint).") }
            try await Task.sleep(for: .milliseconds(DecisionsCommand.followMilliseconds))
        }
    }

    private func print(_ records: DecisionRecords, _ filter: DecisionFilter, to printer: inout RecordPrinter<RecordedDecision>) throws {
        if limit > 0 { return try records.newest(limit, filter).forEach { printer.write($0) } }
        try records.forEach(filter) { record in
            printer.write(record)
            return true
        }
    }

    private func tellEnd(of records: DecisionRecords) throws {
        records.warn()
        guard let end = try records.end() else { return }
        let last = end.last.map { "last record \($0.timestamp())" } ?? "no record yet"
        let tail = end.damage == nil ? "" : "; behind it stands an append that is not whole"
        Message.write("\(last), in \(end.segment) up to offset \(end.offset)\(tail).")
    }
}

/// A signal that somebody looks out for now and then.
private final class AwaitedSignal: Sendable {
    private let isSeen = Atomic<Bool>(false)

    /// Whether one of these has come.
    var hasCome: Bool { isSeen.load(ordering: .relaxed) }

    init(_ signals: UnixSignalsSequence) {
        Task {
            for await _ in signals { return isSeen.store(true, ordering: .relaxed) }
        }
    }
}
