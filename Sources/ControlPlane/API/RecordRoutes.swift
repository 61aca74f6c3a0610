import Decisions
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Registry

extension AdminRoute {
    /// What people and the gateway decided.
    static let audit: [AdminRoute] = [
        AdminRoute(
            .get, "/audit", "listAudit", .audit, Privilege.audit, query: ["since", "actor", "action", "subject", "refused", "limit"]
        ) { api, call in
            let refused = try call.query("refused", "true or false") { ["true": true, "false": false][$0] }
            let filter = AuditFilter(
                since: try call.queryTime("since"), actor: try call.queryName("actor"), action: call.query["action"],
                subject: call.query["subject"],
                isRefused: refused)
            return .written(RecordMember.items(try api.registry.auditRecords(filter, newest: call.queryLimit()).map(\.members)))
        },
        AdminRoute(.get, "/audit/export", "exportAudit", .audit, Privilege.audit, query: ["since"]) { api, call in
            let since = try call.queryTime("since")
            let export = try api.registry.beginAuditExport(since: since, by: call.actor, at: call.now)
            return .pieces(type: "application/jsonl", name: "audit.jsonl") { @concurrent writer in
                var export = export
                while let lines = try export.lines() {
                    try await writer.write(ByteBuffer(string: lines.map { $0.text + "\n" }.joined()))
                }
            }
        },
        AdminRoute(.get, "/audit/verify", "verifyAudit", .audit, Privilege.audit) { api, _ in
            let answer = try await api.slowWork.run { () throws -> AuditAnswer in
                do { return AuditAnswer(try api.registry.verifyAudit()) } catch let fault as AuditFault { return AuditAnswer(fault) }
            }
            return .json(answer)
        },
        AdminRoute(.get, "/audit/public-key", "auditPublicKey", .audit, Privilege.audit) { api, _ in
            .bytes(Array(try api.registry.auditPublicKey().pem.utf8), type: "application/x-pem-file", name: "audit.pem")
        },
    ]

    /// What the data plane decided.
    static let records: [AdminRoute] = [
        AdminRoute(
            .get, "/decisions", "listDecisions", .read, Privilege.anyone,
            query: ["application", "since", "until", "verdict", "status", "route", "scope", "limit"]
        ) { api, call in
            let (limit, filter) = (try call.queryLimit(), try call.decisionFilter())
            return .written(
                try await api.slowWork.run { RecordMember.items(try api.records().newest(limit, filter).map(\.members)) })
        },
        AdminRoute(.get, "/decisions/:id", "explainDecision", .read, Privilege.anyone) { api, call in
            guard let id = RequestIdentifier(call.text("id")) else {
                throw ProblemAnswer(.notThere, "There is no record of this id: it has the 32 hexadecimal digits of X-Request-Id.")
            }
            let text = try await api.slowWork.run {
                try api.records().explanation(of: id) { application in (try? api.registry.moves(of: application)) ?? [] }
                    .map { $0.explanation.json(changes: $0.changes.map(\.json)) }
            }
            guard let text else { throw ProblemAnswer(.notThere, "There is no record of this id, or it is not kept any more.") }
            return .written(text)
        },
        AdminRoute(.get, "/usage", "showUsage", .read, Privilege.anyone, query: ["application", "since", "until", "by"]) { api, call in
            let span = try call.query("by", "minute, hour or day", UsageSpan.init(rawValue:)) ?? .hour
            let first = try call.queryTime("since") ?? WallTime(nanoseconds: call.now.nanoseconds - DayClock.dayNanoseconds)
            let last = try call.queryTime("until") ?? call.now
            let application = try call.queryIdentifier("application")
            if let application { _ = try api.registry.application(application) }
            let state = api.registry.stateDirectory
            guard first <= last, FileManager.default.fileExists(atPath: UsageStore.path(in: state)) else { return .list([UsageRow]()) }
            let offset = try api.registry.policyInForce().dayOffsetMinutes
            let most = Limits.adminCountsAtMost
            let counts = try await api.slowWork.run {
                try UsageStore(stateDirectory: state).counts(by: span, since: first, until: last, of: application, atMost: most + 1)
            }
            guard counts.count <= most else {
                throw ProblemAnswer(
                    .notAccepted, "That is more than \(most) counts: ask for a shorter time, for longer spans or for one application.")
            }
            return .list(counts.map { UsageRow($0, by: span, offset: offset) })
        },
    ]
}

extension AdminAPI {
    /// The data plane's records as they are now.
    fileprivate func records() throws -> DecisionRecords {
        guard let folder = settings.recordsDirectory, FileManager.default.fileExists(atPath: folder) else {
            throw ProblemAnswer(.notNow, "This gateway keeps no records of its decisions.")
        }
        return try DecisionRecords(SegmentFolder(folder))
    }
}

extension AdminCall {
    fileprivate func decisionFilter() throws -> DecisionFilter {
        var filter = DecisionFilter()
        // Without a beginning the last day: what is kept of a month may be as much as a disk holds, and what is nowhere would be looked for in all of it.
        let last = try queryTime("until")?.nanoseconds ?? .max
        let first = try queryTime("since")?.nanoseconds ?? min(last, now.nanoseconds).plusClamped(-DayClock.dayNanoseconds)
        guard first <= last else { throw ProblemAnswer(.badParameter, "since is later than until") }
        filter.wall = TimeSpan(first: first, last: last)
        filter.applications = try queryIdentifier("application").map { [$0] }
        filter.routes = try queryIdentifier("route").map { [$0] }
        let scopes = Scope.allCases.map(\.name).joined(separator: ", ")
        filter.scopes = try query("scope", "one of \(scopes)", Scope.init(name:)).map { [$0] }
        filter.statuses = try query("status", "a number from 100 to 599, or 0", AdminCall.status).map { [$0] }
        filter.verdicts = try query("verdict", "admitted, refused or a problem's slug", AdminCall.verdicts)
        return filter
    }

    private static func status(_ text: String) -> UInt16? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let status = UInt16(text) else { return nil }
        return status == 0 || (100...599).contains(status) ? status : nil
    }

    private static func verdicts(_ name: String) -> Set<Verdict>? {
        switch name {
        case "admitted": return [.admitted]
        case "refused": return Verdict.refusals
        default: return Verdict.refusals.first { $0.name == name }.map { [$0] }
        }
    }
}

/// Whether the chain is as it was written.
struct AuditAnswer: Encodable, Sendable {
    let isIntact: Bool
    var first: Int64?
    var last: Int64?
    var checkpoints: Int?
    var signedAsFarAs: Int64?
    /// The first record that is not as it was.
    var record: Int64?
    var problem: String?

    init(_ summary: AuditSummary) {
        isIntact = true
        (first, last, checkpoints, signedAsFarAs) = (summary.first, summary.last, summary.checkpoints, summary.vouched)
    }

    init(_ fault: AuditFault) {
        isIntact = false
        (record, problem) = (fault.number, "\(fault)")
    }
}
