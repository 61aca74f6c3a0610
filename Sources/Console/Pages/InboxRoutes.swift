import ControlPlane
import HTTPTypes
import Registry

extension ConsoleRoute {
    /// Who has anything to do with applications: whoever has a role. What somebody may do there the registry decides.
    static let team = Access.signedIn(as: Set(Role.allCases))

    static let inbox: [ConsoleRoute] = [
        .get("/inbox", team) { console, visit in .page(try console.inboxPage(visit)) },
        .post("/inbox/bulk", team) { console, visit in
            let chosen = visit.form.all("application")
            guard !chosen.isEmpty else { return try console.inboxPage(visit, refusing: .bulkNothing) }
            guard let action = BulkAction(rawValue: visit.form["action"]) else {
                return try console.inboxPage(visit, refusing: .bulkNoAction)
            }
            return .page(try console.bulk(action, on: chosen, visit))
        },
    ]
}

/// What may be done to several applications at once. Going live is not among it.
enum BulkAction: String, CaseIterable, Sendable {
    case ask, approve, assign, remind

    var name: Phrase {
        switch self {
        case .ask: .bulkAsk
        case .approve: .bulkApprove
        case .assign: .bulkAssign
        case .remind: .bulkRemind
        }
    }
}

extension Console {
    fileprivate func inboxPage(_ visit: Visit, notice: Notice? = nil) throws -> InboxListPage {
        let filter = InboxFilter(visit.query)
        let found = try registry.inbox(filter.query, at: visit.now)
        let desk = try inboxDesk(visit)
        return InboxListPage(found, filter, desk: desk, notice: notice, visit)
    }

    fileprivate func inboxPage(_ visit: Visit, refusing phrase: Phrase) throws -> Answer {
        .page(try inboxPage(visit, notice: Notice(text: visit.texts[phrase], isBad: true)), status: .unprocessableContent)
    }

    /// Who works here, and what the one who asks may do.
    func inboxDesk(_ visit: Visit) throws -> InboxDesk {
        InboxDesk(
            colleagues: try registry.assignees(), mayAct: try registry.mayDoPaperwork(visit.actor(), at: visit.now),
            rules: try registry.lifecycleRules())
    }

    /// Does one thing to each, by itself: what one is refused keeps no other from it.
    fileprivate func bulk(_ action: BulkAction, on chosen: [String], _ visit: Visit) throws -> BulkOutcomePage {
        var seen: Set<String> = []
        let reason = try registry.lifecycleRules().reason(in: visit.form, visit.texts.language)
        let rows = try chosen.filter { seen.insert($0).inserted }.map { text in
            let name = Identifier(text).flatMap { try? registry.application($0).declaration.name } ?? text
            do {
                guard let id = Identifier(text) else { throw RegistryError.unknown("application", text) }
                try bulk(action, on: id, reason, visit)
                return BulkOutcomePage.Row(
                    id: text, name: name, outcome: visit.texts[.outcomeDone], outcomeClass: "active", sentence: nil)
            } catch let error as RegistryError {
                return BulkOutcomePage.Row(
                    id: text, name: name, outcome: visit.texts[.outcomeRefused], outcomeClass: "disabled",
                    sentence: try Notice(error, visit.texts).text)
            }
        }
        let refused = rows.filter { $0.sentence != nil }.count
        let (texts, count) = (visit.texts, visit.texts.number)
        return BulkOutcomePage(
            title: texts[.bulkOutcome], done: texts[.bulkDone, ["count": count(rows.count - refused)]],
            refused: refused == 0 ? nil : texts[.bulkRefused, ["count": count(refused)]], rows: rows,
            back: InboxFilter(visit.query).path { _ in })
    }

    private func bulk(_ action: BulkAction, on id: Identifier, _ reason: String, _ visit: Visit) throws {
        let (actor, record) = (try visit.actor(), Int64(visit.form["version"]) ?? 0)
        switch action {
        case .ask: _ = try registry.move(id, .requestChanges, by: actor, reason: reason, unchangedSince: record, at: visit.now)
        case .approve: _ = try registry.move(id, .approve, by: actor, reason: reason, unchangedSince: record, at: visit.now)
        case .assign:
            let person = visit.form["person"]
            try registry.assign(id, to: person == "-" ? nil : person, by: actor, at: visit.now)
        case .remind: _ = try registry.addNote(reason, on: id, to: .partner, by: actor, at: visit.now)
        }
    }
}

/// Who works on applications, and what the one who looks may do.
struct InboxDesk: Sendable {
    let colleagues: [Account]
    let mayAct: Bool
    let rules: LifecycleRules

    /// Colleagues to be chosen from.
    func people(chosen: String) -> [Choice] {
        colleagues.map { Choice(value: $0.name, name: $0.displayName, isChosen: $0.name == chosen) }
    }
}
