import ArgumentParser
import ControlPlane
import Decisions
import Foundation
import Registry

/// How many requests there were.
struct UsageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "usage", abstract: "Show how many requests there were, by application, scope and verdict.",
        discussion: """
            Exact counts of the decision records, those of this moment among them; a minute, hour or day that began before --since counts \
            whole. Hours and days are those of the policy's day-offset, as daily quotas are. Minutes are kept 35 days, hours 400, days for \
            good, all at least as long as their records. Counts are the control plane's; where none has counted yet, those of the \
            records that there are: all of them are read each time, whatever --since says, and nothing is kept. A verdict 'dropped' counts requests whose records there was no room for.
            """)

    @Option(help: ArgumentHelp("Only this application's.", valueName: "ID")) var application: String?
    @Option(help: ArgumentHelp("Only since then.", valueName: "24h|TIME")) var since = PastTime.ago(nanoseconds: DayClock.dayNanoseconds)
    @Option(help: ArgumentHelp("Only until then.", valueName: "1h|TIME")) var until = PastTime.ago(nanoseconds: 0)
    @Option(help: "Which counts.") var by = UsageSpan.hour
    @Option(help: "How results are written: table for people, json or csv for scripts.") var format: RecordFormat = .table
    @OptionGroup var folder: RecordFolder

    func run() throws {
        let now = WallTime.now()
        let (first, last) = (since.time(before: now), until.time(before: now))
        guard first <= last else { throw ValidationError("--since is later than --until") }
        let registry = try? folder.registry()
        let id = try application.map { try identifier($0, of: "application") }
        let settings = try folder.settings()
        let records = SegmentFolder(settings.decisionsDirectory)
        let hasRecords = try !records.entries().isEmpty
        let hasCounts = FileManager.default.fileExists(atPath: UsageStore.path(in: settings.stateDirectory))
        guard registry != nil || hasRecords || hasCounts else { throw RecordFolder.nothing(in: records.path) }
        let store = try UsageCommand.store(in: settings.stateDirectory)
        if hasRecords { try count(records, into: store) }
        if let id { try check(id, registry, store) }
        let offset = try registry?.policyInForce().dayOffsetMinutes ?? 0
        var printer = RecordPrinter<UsageRow>(format)
        for count in try store.counts(by: by, since: first, until: last, of: id) { printer.write(UsageRow(count, by: by, offset: offset)) }
        printer.end()
    }

    /// The counts that are kept, or where none are some for now: to look makes nothing, which might be another user's than who counts.
    private static func store(in stateDirectory: String) throws -> UsageStore {
        let isThere = FileManager.default.fileExists(atPath: UsageStore.path(in: stateDirectory))
        return try isThere ? UsageStore(stateDirectory: stateDirectory) : UsageStore(forNowIn: stateDirectory)
    }

    /// Counts what came since the control plane counted last, or all where none runs.
    private func count(_ records: SegmentFolder, into store: UsageStore) throws {
        let rollUp: UsageRollUp
        do {
            rollUp = try UsageRollUp(records, into: store)
        } catch let other as UsageStore.OtherFolder {
            return Message.write("Warning: \(other).")
        }
        do {
            try rollUp.catchUp()
        } catch let error as RegistryError {
            Message.write("Warning: the latest requests are not among these: \(error)")
        }
        for complaint in rollUp.takeComplaints() { Message.write("Warning: \(complaint).") }
    }

    private func check(_ id: Identifier, _ registry: RegistryStore?, _ store: UsageStore) throws {
        let known = Set(try registry?.applications().map(\.declaration.id) ?? []).union(try store.applications())
        guard !known.contains(id) else { return }
        throw Failure("there is no application '\(id.text)': there are \(known.map(\.text).sorted().joined(separator: ", "))")
    }
}

extension UsageSpan: ExpressibleByArgument {}

extension UsageRow: RecordRow {
    static let headings = ["FROM", "APPLICATION", "SCOPE", "VERDICT", "COUNT"]
    static let widths = [25, 24, 11, 22, 12]
    static let memberNames = ["from", "by", "application", "scope", "verdict", "count"]
    var cells: [String] { [from, application ?? "-", scope ?? "-", verdict, "\(count)"] }
    var members: [RecordMember] {
        [
            RecordMember("from", from), RecordMember("by", by), RecordMember("application", application), RecordMember("scope", scope),
            RecordMember("verdict", verdict), RecordMember("count", number: count),
        ]
    }
}
