import ControlPlane
import HTTPTypes
import Registry

extension ConsoleRoute {
    /// Evidence, notes, and who has an application.
    static let papers: [ConsoleRoute] = [
        paper("notes") { console, visit, id in
            guard let audience = RegistryStore.Audience(rawValue: visit.form["audience"]) else { throw Problem.malformed }
            _ = try console.registry.addNote(visit.form["text"], on: id, to: audience, by: visit.actor(), at: visit.now)
        },
        paper("assignment") { console, visit, id in
            let person = visit.form["me"].isEmpty ? visit.form["person"] : visit.form["me"]
            try console.registry.assign(id, to: person == "-" ? nil : person, by: visit.actor(), at: visit.now)
        },
        paper("evidence", takesFiles: true) { console, visit, id in
            guard let kind = EvidenceKind(name: visit.form["kind"]) else { throw Problem.malformed }
            guard let file = visit.files.first(where: { $0.field == "file" }) else { throw RegistryError.outOfForm("choose a file") }
            let offset = visit.texts.offsetMinutes
            let submission = EvidenceSubmission(
                kind: kind, name: file.name, bytes: file.bytes,
                issued: try CalendarField.start(visit.form["issued"], offsetMinutes: offset),
                expires: try CalendarField.end(visit.form["until"], offsetMinutes: offset))
            _ = try console.registry.addEvidence(submission, to: id, by: visit.actor(), at: visit.now)
        },
        paper("evidence/:evidence/withdraw") { console, visit, id in
            let entry = try console.evidence(visit, of: id)
            _ = try console.registry.withdrawEvidence(entry, by: visit.actor(), reason: visit.form["reason"], at: visit.now)
        },
        .get("/applications/:id/evidence/:evidence", team) { console, visit in
            let entry = try console.evidence(visit, of: console.applicationID(visit))
            let (found, bytes) = try console.registry.evidenceFile(entry, by: visit.actor(), at: visit.now)
            return .file(bytes, type: found.type.rawValue, name: found.name)
        },
    ]

    /// A form about an application that is no move: its page again, with what came of it.
    static func paper(
        _ path: String, takesFiles: Bool = false, _ write: @escaping @Sendable (Console, Visit, Identifier) throws -> Void
    ) -> ConsoleRoute {
        ConsoleRoute(
            method: .post, path: "/applications/:id/" + path, access: team, takesFiles: takesFiles,
            answer: { console, visit in
                let id = try console.applicationID(visit)
                do {
                    try write(console, visit, id)
                    return .redirect("/applications/\(id.text)?saved=yes")
                } catch let error as RegistryError {
                    return try await console.refused(error, visit)
                }
            })
    }
}

extension Console {
    /// The id of a piece of evidence that a path names, where it is this application's.
    fileprivate func evidence(_ visit: Visit, of id: Identifier) throws -> String {
        let wanted = visit.parameters["evidence"] ?? ""
        guard try registry.evidence(of: id).contains(where: { $0.id == wanted }) else { throw Problem.notFound }
        return wanted
    }
}
