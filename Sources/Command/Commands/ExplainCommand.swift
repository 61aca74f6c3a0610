import ArgumentParser
import ControlPlane
import Decisions
import Registry

/// Why one request was answered as it was.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Say why a request was answered as it was, and when it would have passed.",
        discussion: """
            The id is the answer's X-Request-Id, or the end of a problem's 'instance'. The rules are reckoned again from the record by code \
            that did not decide, and whether both agree is said. Changes are those of the application from a day before the request to a \
            day after it: what the data plane took up, and who moved it.
            """)

    @Argument(help: "The request's id: 32 hexadecimal digits.") var id: String
    @OptionGroup var folder: RecordFolder
    @Option(help: "How results are written: table for people, json for scripts.") var format: Format = .table

    func validate() throws { _ = try identifier() }

    private func identifier() throws -> RequestIdentifier {
        guard let identifier = RequestIdentifier(id) else {
            throw ValidationError("'\(id)' is no request's id, expected the 32 hexadecimal digits of X-Request-Id")
        }
        return identifier
    }

    func run() throws {
        let records = try folder.records()
        let registry = try? folder.registry()
        let found = try records.explanation(of: identifier()) { application in
            // An application of an older registry has no moves in this one.
            (try? registry?.moves(of: application)) ?? []
        }
        records.warn()
        guard let found else { throw Failure("there is no record of \(id): records are kept \(try kept(by: records))") }
        switch format {
        case .json: Output.write("[" + String(decoding: found.explanation.json(changes: found.changes.map(\.json)), as: UTF8.self) + "]")
        case .table: write(found)
        }
    }

    private func kept(by records: DecisionRecords) throws -> String {
        try records.begin().map { "since \($0.timestamp())" } ?? "but there is none yet"
    }

    private func write(_ found: ExplainedDecision) {
        for line in aligned(found.explanation.lines.map { [$0 + ":", $1] }) { Output.write(line) }
        guard !found.changes.isEmpty else { return }
        Output.write("")
        let rows = found.changes.map(\.cells)
        for line in aligned([["CHANGED", "WHAT", "BEFORE", "AFTER", "BY"]] + rows) { Output.write(line) }
    }
}

extension Explanation {
    /// What people read, in the order in which they ask.
    fileprivate var lines: [(String, String)] {
        let wait = earliest.map { $0.timestamp() } ?? "no wait helps, or nobody can say how long"
        return [
            ("id", decision.idText), ("time", WallTime(nanoseconds: decision.wallNanoseconds).timestamp()),
            ("application", application?.text ?? "none known"), ("route", route?.text ?? "none found"), ("scope", scope?.name ?? "-"),
            ("verdict", decision.verdict.name), ("status", decision.status == 0 ? "no answer" : "\(decision.status)"),
            ("instead of the store's answer", decision.fault == .admitted ? "-" : decision.fault.name),
            ("rule", scope.flatMap { decision.rule.name(scope: $0.name) } ?? "-"), ("level before", level?.text ?? "-"),
            ("cost", "\(decision.cost)"), ("policy", policyVersion ?? "unknown"),
            ("earliest", decision.verdict == .admitted ? "it passed" : wait), ("advice", advice),
            ("shadow", decision.shadow?.name ?? "-"), ("reckoned again", agreement),
        ]
    }

    private var agreement: String {
        switch evaluation.basis {
        case .stations where evaluation.agrees: "agrees"
        case .stations: "DIFFERS: it comes to \(evaluation.verdict.name)"
        case .form: "its form was refused, of which only the verdict is on record"
        case .ownAnswer: "a page of the gateway's own, of which no rule speaks"
        case .incomplete: "the record lacks what a rule asks for"
        }
    }
}

extension Explanation.Level {
    fileprivate var text: String {
        var text = "\(tokens) of \(burst) tokens"
        if let dayRemaining { text += ", \(dayRemaining) left of the day" }
        if let inFlight { text += ", \(inFlight) in flight" }
        return text
    }
}

extension ApplicationChange {
    fileprivate var cells: [String] {
        switch self {
        case .adopted(let change): [time.millisecondText, change.what, change.before ?? "-", change.after ?? "-", "data plane"]
        case .moved(let move):
            [
                time.millisecondText, move.move, move.from.name, move.isPending ? "(awaits a second person)" : move.to.name,
                "\(move.actor): \(move.reason)",
            ]
        }
    }
}
