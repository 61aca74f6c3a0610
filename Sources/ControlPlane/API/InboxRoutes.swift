import HTTPTypes
import Registry

extension AdminRoute {
    /// What waits for the team, as the console's inbox has it.
    static let inbox: [AdminRoute] = [
        AdminRoute(
            .get, "/inbox", "showInbox", .read, Privilege.anyone,
            query: ["state", "kind", "assignee", "missing", "overdue", "awaitsSecond", "text", "order", "page"]
        ) { api, call in
            let page = try api.registry.inbox(call.inboxQuery(), at: call.now)
            return .json(InboxAnswer(page))
        },
        AdminRoute(.get, "/funnel", "showFunnel", .read, Privilege.anyone) { api, call in
            .list(FunnelRow.all(of: try api.registry.funnel(at: call.now)))
        },
    ]
}

extension AdminCall {
    fileprivate func inboxQuery() throws -> InboxQuery {
        let states = ApplicationState.allCases.map(\.name).joined(separator: ", ")
        let kinds = PartnerKind.allCases.map(\.name).joined(separator: ", ")
        let evidence = EvidenceKind.allCases.map(\.name).joined(separator: ", ")
        var found = InboxQuery()
        found.states = try query("state", "one of \(states)", ApplicationState.init(name:)).map { [$0] } ?? InboxQuery.waiting
        found.kind = try query("kind", "one of \(kinds)", PartnerKind.init(name:))
        found.missing = try query("missing", "one of \(evidence)", EvidenceKind.init(name:))
        found.assignee = try query["assignee"].map { $0.isEmpty ? .nobody : .person(try queryName("assignee") ?? $0) } ?? .anyone
        found.isOverdue = try queryFlag("overdue")
        found.awaitsSecond = try queryFlag("awaitsSecond")
        found.text = try query("text", "at most \(Limits.adminTextBytes) bytes") { $0.utf8.count <= Limits.adminTextBytes ? $0 : nil } ?? ""
        found.order = try query("order", "age or clock", InboxQuery.Order.init(rawValue:)) ?? .age
        found.page =
            try query("page", "a number from 1 to 100000") { text in
                Int(text).flatMap { (1...100_000).contains($0) && text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? $0 : nil }
            } ?? 1
        return found
    }
}

/// A page of the inbox.
struct InboxAnswer: Encodable, Sendable {
    struct Row: Encodable, Sendable {
        let id: String
        let name: String
        let partner: String
        let partnerName: String
        let kind: String
        let state: String
        let received: String?
        let since: String?
        let due: String?
        let missingEvidence: [String]
        let checksPassed: Int
        let checksFailed: Int
        let assignee: String?
        let awaitsSecondPersonFor: String?
    }

    let items: [Row]
    let total: Int
    let pages: Int
    /// Of what fits but for the state, how much is in each.
    let counts: [String: Int]

    init(_ page: InboxPage) {
        (total, pages) = (page.total, page.pages)
        counts = Dictionary(uniqueKeysWithValues: page.counts.map { ($0.name, $1) })
        items = page.rows.map { row in
            Row(
                id: row.id.text, name: row.name, partner: row.partner.text, partnerName: row.partnerName, kind: row.kind.name,
                state: row.state.name, received: row.received?.text, since: row.since?.text, due: row.due?.text,
                missingEvidence: row.missing.map(\.kind.name), checksPassed: row.passed, checksFailed: row.failed, assignee: row.assignee,
                awaitsSecondPersonFor: row.pending?.move.rawValue)
        }
    }
}
