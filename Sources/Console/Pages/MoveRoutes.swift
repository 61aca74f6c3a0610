import ControlPlane
import HTTPTypes
import Registry

extension ConsoleRoute {
    /// The route of a move. Evidence that comes with its form is taken before password and code are asked for: files do not wait.
    static func moving(_ move: LifecycleMove) -> ConsoleRoute {
        let access = Access.signedIn(as: Set(Role.allCases), recently: MoveForms.dangerous.contains(move))
        return ConsoleRoute(
            method: .post, path: "/applications/:id/moves/" + move.rawValue, access: access, takesFiles: true,
            beforeConfirming: { console, visit in try await console.takeEvidence(with: move, &visit) },
            answer: { console, visit in try await console.make(move, visit) })
    }
}

extension Console {
    /// Makes the move that a form asks for, on the application as the form showed it.
    fileprivate func make(_ move: LifecycleMove, _ visit: Visit) async throws -> Answer {
        let id = try applicationID(visit)
        do {
            // Somebody who attached evidence did not mean the move without it.
            guard visit.form[KeptForm.lostFiles].isEmpty else {
                throw RegistryError.outOfForm("choose the files again: the rest is filled in")
            }
            let before = try registry.application(id).lifecycle.state
            let reason = try registry.lifecycleRules().reason(in: visit.form, visit.texts.language)
            let result = try registry.move(
                id, move, by: visit.actor(), reason: reason, asking: try visit.wish(of: move),
                unchangedSince: try visit.version(), at: visit.now)
            let first = result.outcome == .awaitsSecondPerson ? "&first=yes" : ""
            return .redirect("/applications/\(id.text)?done=\(move.rawValue)\(first)&from=\(before.name)")
        } catch let error as RegistryError {
            return try await refused(error, of: move, visit)
        }
    }

    /// Takes the evidence that came with a move's form, where the application is still what the form showed. An answer says why not.
    fileprivate func takeEvidence(with move: LifecycleMove, _ visit: inout Visit) async throws -> Answer? {
        guard !visit.files.isEmpty else { return nil }
        let (id, actor, seen) = (try applicationID(visit), try visit.actor(), try visit.version())
        do {
            let changes = try registry.changes(of: id, since: seen)
            guard changes.isEmpty else { throw RegistryError.changedMeanwhile(application: id.text, changes) }
            for file in visit.files where file.field.hasPrefix("file-") {
                guard let kind = EvidenceKind(name: String(file.field.dropFirst("file-".count))) else { throw Problem.malformed }
                let submission = EvidenceSubmission(
                    kind: kind, name: file.name, bytes: file.bytes,
                    expires: try CalendarField.end(visit.form["until-" + kind.name], offsetMinutes: visit.texts.offsetMinutes))
                _ = try registry.addEvidence(submission, to: id, by: actor, at: visit.now)
            }
            // What came with the form is no news to who sent it; whatever else was decided meanwhile is.
            let added = try registry.changes(of: id, since: seen)
            if let last = added.last, added.allSatisfy({ $0.action == "evidence.add" && $0.actor == actor.name }) {
                visit.form.set("version", String(last.number))
            }
            visit.files = []
            return nil
        } catch let error as RegistryError {
            return try await refused(error, of: move, visit)
        }
    }
}

extension Visit {
    /// The audit's last record when the form was shown: without it nobody knows on what somebody decided.
    func version() throws -> Int64 {
        guard let version = Int64(form["version"]), version >= 0 else { throw Problem.malformed }
        return version
    }

    /// What a form asks for beside the move.
    fileprivate func wish(of move: LifecycleMove) throws -> RegistryStore.Wish {
        switch move {
        case .grantSandbox, .grantScopes:
            let scopes = try form.all("scope").map { name in
                guard let scope = Scope(name: name) else { throw Problem.malformed }
                return scope
            }
            return RegistryStore.Wish(scopes: ScopeSet(scopes))
        case .changePlan:
            guard let plan = Identifier(form["plan"]) else { throw Problem.malformed }
            return RegistryStore.Wish(plan: plan)
        default: return RegistryStore.Wish()
        }
    }
}
