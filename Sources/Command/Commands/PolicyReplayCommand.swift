import ArgumentParser
import ControlPlane
import Decisions
import Registry

extension PolicyCommand {
    /// What policy files would have answered to the requests on record.
    struct Replay: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what the policy files would have answered to the requests on record.",
            discussion: """
                Judges each recorded request again, in its order and at its time. Levels begin as the first record found them, and then \
                move by the proposed verdicts. What no policy speaks of stays: keys, states, addresses, certificates, and good form. One \
                newly let in takes as long as its application's requests took so far. 'decisions' is the sum of 'agree', \
                'newly_refused', 'newly_admitted' and 'refused_otherwise' (refused both times, for another reason). 'unknown' are beside \
                these: records that lack what the files ask for, such as a citizen nobody had to name; callers without a key, whose \
                address is not on record, where the files change their bucket of the scope or the cost of a call that it pays for; and \
                refusals of form, whose path, query and body are not on record, where the files have other paths and methods, or the \
                route other parameters or another largest body.
                """)

        @Option(help: Setting.policies.help) var policies: String?
        @Option(help: ArgumentHelp("Only requests since then.", valueName: "24h|TIME"))
        var since = PastTime.ago(nanoseconds: DayClock.dayNanoseconds)
        @Option(help: ArgumentHelp("Only requests until then.", valueName: "1h|TIME")) var until = PastTime.ago(nanoseconds: 0)
        @Option(help: ArgumentHelp("Only this application's requests.", valueName: "ID")) var application: String?
        @OptionGroup var folder: RecordFolder
        @Option(help: "How results are written: table for people, json for scripts.") var format: Format = .table

        func run() throws {
            let now = WallTime.now()
            let (first, last) = (since.time(before: now), until.time(before: now))
            guard first <= last else { throw ValidationError("--since is later than --until") }
            let policy = try loadPolicy(from: folder.settings([.policies: policies]).policiesDirectory)
            let records = try folder.records()
            var filter = DecisionFilter()
            filter.wall = TimeSpan(first: first.nanoseconds, last: last.nanoseconds)
            filter.applications = try application.map { [try identifier($0, of: "application")] }
            let report = try records.replay(policy, over: filter)
            if report.applications.isEmpty { try filter.applications.map { try check($0, records, within: filter.wall) } }
            switch format {
            case .json:
                Output.write(String(decoding: report.json(proposed: policy.version, since: first, until: last), as: UTF8.self))
            case .table:
                let affected = report.applications.filter { $0.counts.affected + $0.counts.unknown > 0 }
                try format.write([ReplayRow(report)] + affected.map { ReplayRow($0) })
            }
            records.warn()
            tell(report, proposed: policy.version)
            for misfit in (try? folder.registry().misfits(of: policy)) ?? [] { Message.write("It would be refused: \(misfit).") }
        }

        /// Nothing is on record: of an application nobody knows that is a slip.
        private func check(_ ids: Set<Identifier>, _ records: DecisionRecords, within wall: TimeSpan) throws {
            let known = try folder.knownNames().applications.union(records.names(within: wall).applications)
            guard let id = ids.first, !known.contains(id) else { return }
            throw Failure("there is no application '\(id.text)': there are \(known.map(\.text).sorted().joined(separator: ", "))")
        }

        private func tell(_ report: ReplayReport, proposed: String) {
            let counts = report.counts
            guard counts.decisions + counts.unknown > 0 else { return Message.write("No request of that time is on record.") }
            let recorded = report.policies.map { String($0.prefix(16)) }.joined(separator: ", ")
            let same = report.applications.count { $0.counts.affected + $0.counts.unknown == 0 && $0.application != nil }
            Message.write(
                """
                \(counts.affected) of \(counts.decisions) requests would be answered otherwise by \(proposed.prefix(16)); recorded under \
                \(recorded.isEmpty ? "no policy" : recorded). \(same) application\(same == 1 ? "" : "s") would notice nothing.
                """)
            guard counts.unknown > 0 else { return }
            Message.write(
                """
                Unknown beside these: \(counts.unknown). What the files change for them is not on record, such as the address of a caller \
                without a key, or the path of a call without a route.
                """)
        }
    }
}

/// What would become of one application, or of all.
private struct ReplayRow: Listed {
    let application: String
    let counts: [Int]
    let causes: String

    init(_ report: ReplayReport) { self.init("all", report.counts, report.causes) }

    init(_ share: ReplayReport.Share) { self.init(share.application?.text ?? "(not known)", share.counts, share.causes) }

    private init(_ application: String, _ counts: ReplayCounts, _ causes: [ReplayReport.Cause]) {
        self.application = application
        self.counts = [
            counts.decisions, counts.agree, counts.newlyAdmitted, counts.refusedOtherwise, counts.unknown, counts.newlyRefused,
        ]
        self.causes = causes.isEmpty ? "-" : causes.map { "\($0.name) \($0.count)" }.joined(separator: ", ")
    }

    static let headings = [
        "APPLICATION", "DECISIONS", "AGREE", "NEWLY-ADMITTED", "REFUSED-OTHERWISE", "UNKNOWN", "NEWLY-REFUSED", "BY",
    ]
    var cells: [String] { [application] + counts.map(String.init) + [causes] }
}
