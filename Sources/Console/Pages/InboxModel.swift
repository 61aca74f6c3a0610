import ControlPlane
import Registry

extension InboxListPage {
    init(_ found: InboxPage, _ filter: InboxFilter, desk: InboxDesk, notice: Notice?, _ visit: Visit) {
        let texts = visit.texts
        title = texts[.inbox]
        self.notice = notice
        text = filter.text
        let me = visit.signedIn?.account.name ?? ""
        choices = InboxListPage.choices(filter, desk, me: me, texts)
        ticks = [
            Tick(id: "overdue", name: "overdue", value: "yes", label: texts[.onlyOverdue], isTicked: filter.isOverdue),
            Tick(id: "second", name: "second", value: "yes", label: texts[.onlySecond], isTicked: filter.awaitsSecond),
        ]
        tallies = InboxListPage.tallies(found, filter, texts)
        count = texts[.foundCount, ["count": texts.number(found.total)]]
        let ticked = Set(visit.form.all("application"))
        rows = found.rows.map { Row($0, desk, isTicked: ticked.contains($0.id.text), at: visit.now, texts) }
        let isPlain = filter == InboxFilter()
        nothing = found.rows.isEmpty ? texts[isPlain ? .inboxEmpty : .inboxNothingFits] : nil
        let numbers = ["page": texts.number(filter.page), "pages": texts.number(found.pages)]
        pages = found.pages > 1 ? texts[.pageOf, numbers] : nil
        previous = filter.page > 1 ? filter.path { $0.page = min(filter.page - 1, found.pages) } : nil
        next = filter.page < found.pages ? filter.path { $0.page = filter.page + 1 } : nil
        bulk = desk.mayAct ? BulkForm(found, filter, desk, visit) : nil
    }

    private static func choices(_ filter: InboxFilter, _ desk: InboxDesk, me: String, _ texts: Texts) -> [ChoiceField] {
        func field(_ name: String, _ label: Phrase, _ chosen: String, _ choices: [(String, String)]) -> ChoiceField {
            ChoiceField(
                id: name, name: name, label: texts[label],
                choices: choices.map { Choice(value: $0.0, name: $0.1, isChosen: $0.0 == chosen) })
        }
        let people = desk.colleagues.filter { $0.name != me }.map { ($0.name, $0.displayName) }
        return [
            field(
                "state", .state, filter.state,
                [("", texts[.filterWaiting]), ("all", texts[.filterAll])] + ApplicationState.allCases.map { ($0.name, texts.name($0)) }),
            field("kind", .kind, filter.kind, [("", texts[.anyKind])] + PartnerKind.allCases.map { ($0.name, texts.name($0)) }),
            field("with", .assignee, filter.assignee, [("", texts[.anyone]), (me, texts[.me]), ("-", texts[.nobody])] + people),
            field("lacks", .lacks, filter.missing, [("", texts[.lacksAnything])] + EvidenceKind.allCases.map { ($0.name, texts.name($0)) }),
            field("order", .order, filter.order.rawValue, [("age", texts[.orderAge]), ("clock", texts[.orderClock])]),
        ]
    }

    /// All states together, then each that has any.
    private static func tallies(_ found: InboxPage, _ filter: InboxFilter, _ texts: Texts) -> [Tally] {
        func count(_ states: Set<ApplicationState>) -> Int { found.counts.reduce(0) { $0 + (states.contains($1.key) ? $1.value : 0) } }
        var tallies = [
            Tally(
                path: filter.path { $0.state = "" }, name: texts[.filterWaiting], count: texts.number(count(InboxQuery.waiting)),
                isCurrent: filter.state.isEmpty)
        ]
        for state in ApplicationState.allCases where count([state]) > 0 || filter.state == state.name {
            tallies.append(
                Tally(
                    path: filter.path { $0.state = state.name }, name: texts.name(state), count: texts.number(count([state])),
                    isCurrent: filter.state == state.name))
        }
        return tallies
    }
}

extension InboxListPage.Row {
    init(_ row: InboxRow, _ desk: InboxDesk, isTicked: Bool, at now: WallTime, _ texts: Texts) {
        id = row.id.text
        name = row.name
        partner = row.partnerName
        kind = texts.name(row.kind)
        state = texts.name(row.state)
        stateClass = row.state.colour
        isPending = row.pending != nil
        received = row.received.map { texts[.ago, ["time": texts.span(from: $0, to: now)]] } ?? texts[.notReceived]
        since = row.since.map { texts.span(from: $0, to: now) } ?? ""
        clock = texts.clock(due: row.due, row.reading, at: now)
        clockClass = row.due == nil ? "soft" : row.reading == .inTime ? "" : row.reading == .reminder ? "soon" : "late"
        missing = row.missing.map { texts.name($0.kind) }
        checks = texts[.checksCount, ["passed": texts.number(row.passed), "failed": texts.number(row.failed)]]
        // What is missing has a column of its own, and fails one check by itself.
        hasFailed = row.failed > (row.missing.isEmpty ? 0 : 1)
        assignee = row.assignee.map { name in desk.colleagues.first { $0.name == name }?.displayName ?? name } ?? texts[.nobody]
        selectLabel = texts[.selectOne, ["name": row.name]]
        self.isTicked = isTicked
    }
}

extension BulkForm {
    init(_ found: InboxPage, _ filter: InboxFilter, _ desk: InboxDesk, _ visit: Visit) {
        let texts = visit.texts
        path = "/inbox/bulk" + filter.path { $0.page = filter.page }.dropFirst("/inbox".count)
        version = String(found.record)
        let chosen = visit.form["action"]
        let actions = BulkAction.allCases.map { Choice(value: $0.rawValue, name: texts[$0.name], isChosen: $0.rawValue == chosen) }
        action = ChoiceField(id: "bulk-action", name: "action", label: texts[.bulkWhat], choices: actions)
        let nobody = Choice(value: "-", name: texts[.nobody])
        let me = visit.signedIn?.account.name ?? ""
        person = ChoiceField(
            id: "bulk-person", name: "person", label: texts[.bulkPerson],
            choices: desk.people(chosen: visit.form["person"].isEmpty ? me : visit.form["person"]) + [nobody])
        reason = ReasonField(
            "bulk", label: texts[.bulkReason], canned: desk.rules.reasons(in: texts.language), chosen: visit.form["canned"],
            text: visit.form["reason"], texts)
    }
}

extension ApplicationState {
    /// The stylesheet's class for it.
    var colour: String {
        switch self {
        case .live, .approved: "active"
        case .submitted, .inReview, .changesRequested, .certifying: "invited"
        case .rejected, .suspended, .revoked: "disabled"
        case .draft, .sandbox, .withdrawn: "plain"
        }
    }
}
