import ArgumentParser
import ControlPlane
import Decisions
import Registry

/// Which records somebody wants.
struct RecordChoice: ParsableArguments {
    @Option(help: ArgumentHelp("Only this application's.", valueName: "ID")) var application: String?
    @Option(help: ArgumentHelp("Only since then.", valueName: "1h|TIME")) var since: PastTime?
    @Option(help: ArgumentHelp("Only until then.", valueName: "1h|TIME")) var until: PastTime?
    @Option(help: ArgumentHelp("Only those let in, only refusals, or one sort of them.", valueName: "admitted|refused|SLUG"))
    var verdict: String?
    @Option(help: ArgumentHelp("Only those answered so; 0 for no answer.", valueName: "CODE")) var status: UInt16?
    @Option(help: ArgumentHelp("Only this route's.", valueName: "ID")) var route: String?
    @Option(help: ArgumentHelp("Only those of this scope.", valueName: "NAME")) var scope: String?

    func validate() throws {
        _ = try verdicts()
        _ = try scopes()
        guard status.map({ $0 == 0 || (100...599).contains($0) }) ?? true else {
            throw ValidationError("--status is \(status ?? 0), expected a number from 100 to 599, or 0 for those that had no answer")
        }
    }

    /// The filter, once everything that it names is known.
    func filter(of records: DecisionRecords, _ folder: RecordFolder, at now: WallTime) throws -> DecisionFilter {
        var filter = DecisionFilter()
        let first = since?.time(before: now).nanoseconds ?? .min
        let last = until?.time(before: now).nanoseconds ?? .max
        guard first <= last else { throw ValidationError("--since is later than --until") }
        filter.wall = TimeSpan(first: first, last: last)
        filter.verdicts = try verdicts()
        filter.statuses = status.map { [$0] }
        filter.scopes = try scopes()
        let known = try folder.knownNames()
        if let application {
            let id = try identifier(application, of: "application")
            if !known.applications.contains(id) {
                try checkRecorded(id, "application", known.applications, records, filter) { $0.applications }
            }
            filter.applications = [id]
        }
        if let route {
            let id = try identifier(route, of: "route")
            if !known.routes.contains(id) { try checkRecorded(id, "route", known.routes, records, filter) { $0.routes } }
            filter.routes = [id]
        }
        return filter
    }

    /// Nothing was found: where that is since no answer had the status, says which there were.
    func checkStatus(_ records: DecisionRecords, _ filter: DecisionFilter) throws {
        guard let status else { return }
        let statuses = try records.statuses(within: filter.wall)
        guard !statuses.contains(status), !statuses.isEmpty else { return }
        throw Failure(
            "no request of that time had the status \(status): there are \(statuses.sorted().map(String.init).joined(separator: ", "))")
    }

    /// What the registry does not know may be on record all the same: a route of an older policy, an application of an older registry.
    private func checkRecorded(
        _ id: Identifier, _ sort: String, _ known: Set<Identifier>, _ records: DecisionRecords, _ filter: DecisionFilter,
        _ part: (RecordedNames) -> Set<Identifier>
    ) throws {
        let recorded = part(try records.names(within: filter.wall))
        guard !recorded.contains(id) else { return }
        let all = known.union(recorded).map(\.text).sorted()
        throw Failure("there is no \(sort) '\(id.text)', now or on record: there are \(all.isEmpty ? "none" : all.joined(separator: ", "))")
    }

    private func verdicts() throws -> Set<Verdict>? {
        switch verdict {
        case nil: return nil
        case "admitted": return [.admitted]
        case "refused": return Verdict.refusals
        case let name?:
            guard let verdict = Verdict.refusals.first(where: { $0.name == name }) else {
                let names = Verdict.refusals.sorted { $0.rawValue < $1.rawValue }.map(\.name)
                throw ValidationError("'\(name)' is no verdict, expected admitted, refused or one of \(names.joined(separator: ", "))")
            }
            return [verdict]
        }
    }

    private func scopes() throws -> Set<Scope>? {
        guard let scope else { return nil }
        guard let found = Scope(name: scope) else {
            throw ValidationError("'\(scope)' is no scope, expected one of \(Scope.allCases.map(\.name).joined(separator: ", "))")
        }
        return [found]
    }
}
