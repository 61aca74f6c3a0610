import ControlPlane
import Registry

extension ConsoleRoute {
    static let home: [ConsoleRoute] = [
        .get("/", .signedIn()) { console, visit in
            let account = try visit.account().account
            let roles = Role.allCases.filter(account.roles.contains).map(visit.texts.name)
            let last = account.lastSignIn.map(visit.texts.time) ?? visit.texts[.never]
            return .page(HomePage(visit.texts, person: account.displayName, roles: roles, lastSignIn: last, work: try console.work(visit)))
        },
        .post("/language", .anyone) { console, visit in
            guard let language = Language(rawValue: visit.form["language"]) else { throw Problem.malformed }
            if let signedIn = visit.signedIn { try console.registry.setLanguage(language, of: signedIn.account.name) }
            return .redirect(LocalPath.of(visit.form["next"]) ?? "/", then: .language(language.rawValue))
        },
    ]

    static let sessions: [ConsoleRoute] = [
        .get("/sessions", .signedIn()) { console, visit in
            let signedIn = try visit.account()
            let entries = try console.desk.sessions(of: signedIn.account.name, at: visit.now)
            let rows = entries.map { SessionsPage.Row($0, isCurrent: $0.id == signedIn.session.id, visit.texts) }
            let count = Int(visit.query["ended"]).map { Notice(text: visit.texts[.sessionsEnded, ["count": visit.texts.number($0)]]) }
            return .page(SessionsPage(visit.texts, rows: rows, notice: count))
        },
        .post("/sessions/end", .signedIn()) { console, visit in
            let id = visit.form["session"]
            guard !id.isEmpty else { throw Problem.malformed }
            let count = try console.desk.endSessions(id, of: visit.account(), from: visit.visitor, at: visit.now)
            return .redirect("/sessions?ended=\(count)")
        },
        .post("/sessions/end-others", .signedIn()) { console, visit in
            let count = try console.desk.endSessions(nil, of: visit.account(), from: visit.visitor, at: visit.now)
            return .redirect("/sessions?ended=\(count)")
        },
    ]
}

extension SessionsPage.Row {
    init(_ entry: SessionEntry, isCurrent: Bool, _ texts: Texts) {
        let (name, since) = (BrowserName.of(entry.agent) ?? "–", texts.time(entry.created))
        self.init(
            id: entry.id, agent: name, address: entry.address, created: since, seen: texts.time(entry.seen), isCurrent: isCurrent,
            endLabel: texts[.endOf, ["agent": name, "time": since]])
    }
}

extension Console {
    /// How much waits, by why, for whoever has a role.
    fileprivate func work(_ visit: Visit) throws -> [InboxListPage.Tally] {
        let account = try visit.account().account
        guard !account.roles.isEmpty else { return [] }
        var (mine, late, second) = (InboxFilter(), InboxFilter(), InboxFilter())
        (mine.assignee, late.isOverdue, second.awaitsSecond) = (account.name, true, true)
        let filters: [(InboxFilter, Phrase)] = [
            (mine, .mine), (InboxFilter(), .homeWaiting), (late, .homeOverdue), (second, .homeSecond),
        ]
        return try filters.map { filter, name in
            let count = try registry.inboxTotal(filter.query, at: visit.now)
            return InboxListPage.Tally(
                path: filter.path { _ in }, name: visit.texts[name], count: visit.texts.number(count), isCurrent: false)
        }
    }
}
