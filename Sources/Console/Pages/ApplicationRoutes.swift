import ControlPlane
import HTTPTypes
import Registry

extension ConsoleRoute {
    static let applications: [ConsoleRoute] =
        [
            .get("/applications/:id", team) { console, visit in
                .page(try await console.applicationPage(visit, notice: visit.doneNotice(), isAfterMove: true))
            },
            .get("/applications/:id/print", team) { console, visit in .page(try await console.applicationPage(visit, isPrinted: true)) },
        ] + LifecycleMove.allCases.map(moving) + papers + keys
}

extension Console {
    /// An application's page, as it stands now.
    func applicationPage(
        _ visit: Visit, notice: Notice? = nil, isAfterMove: Bool = false, refusing move: LifecycleMove? = nil, changes: [AuditRecord] = [],
        isPrinted: Bool = false
    ) async throws -> ApplicationPage {
        let id = try applicationID(visit)
        let dossier = try registry.dossier(of: id, for: visit.actor(), at: visit.now)
        async let usage = recentUsage.lastDay(of: id, at: visit.now)
        let checks = try await registry.checks(of: id, asking: prober, at: visit.now)
        var shown = ApplicationShown(
            dossier: dossier, checks: checks, usage: await usage, desk: try inboxDesk(visit), notice: notice, changes: changes,
            refused: move, isPrinted: isPrinted)
        if isAfterMove { shown.next = try nextApplication(after: id, visit) }
        return ApplicationPage(shown, visit)
    }

    /// The application that a path names; a page says that there is none.
    func applicationID(_ visit: Visit) throws -> Identifier {
        guard let id = Identifier(visit.parameters["id"] ?? "") else { throw Problem.notFound }
        do { _ = try registry.application(id) } catch {
            if case .storage = error { throw error }
            throw Problem.notFound
        }
        return id
    }

    /// Where the same work goes on: the next that waits in the state that this one was in.
    private func nextApplication(after id: Identifier, _ visit: Visit) throws -> ApplicationPage.Link? {
        guard let state = ApplicationState(name: visit.query["from"]), let me = visit.signedIn?.account.name else { return nil }
        return try registry.next(after: id, in: state, for: me).map { next in
            let name = try registry.application(next).declaration.name
            return ApplicationPage.Link(path: "/applications/" + next.text, name: visit.texts[.nextApplication, ["name": name]])
        }
    }

    /// The application's page once more, with why the registry did not do what a form asked for, and the form as it was filled in.
    func refused(_ error: RegistryError, of move: LifecycleMove? = nil, _ visit: Visit) async throws -> Answer {
        if case .changedMeanwhile(_, let records) = error {
            let notice = Notice(text: visit.texts[.changedTitle] + ". " + visit.texts[.changedWhat], isBad: true)
            let page = try await applicationPage(visit, notice: notice, refusing: move, changes: records)
            return .page(page, status: .conflict)
        }
        let notice = try Notice(error, visit.texts)
        return .page(try await applicationPage(visit, notice: notice, refusing: move), status: .unprocessableContent)
    }
}

extension Visit {
    /// What a form that came before has done.
    fileprivate func doneNotice() -> Notice? {
        if let move = LifecycleMove(rawValue: query["done"]) {
            let phrase: Phrase = query["first"].isEmpty ? .doneMove : .doneFirst
            return Notice(text: texts[phrase, ["move": texts.name(move)]])
        }
        return query["saved"].isEmpty ? nil : Notice(text: texts[.donePaper])
    }
}
